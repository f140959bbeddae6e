"""``parvis assess`` as it is used."""

import json
from pathlib import Path

import pytest
from assessment_samples import TEXT
from PIL import Image
from register_entry import ENTRY, assessment
from typer.testing import CliRunner

from parvis.cli.assess import app
from parvis.errors import ParvisError
from parvis.io.assessment_file import (
    SUFFIX,
    AssessmentFile,
    read_assessment,
    write_assessment,
)

run = CliRunner()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the sample as the authority's own framework, and an assessment of it."""
    home = tmp_path / "home"
    (home / "frameworks").mkdir(parents=True)
    (home / "frameworks" / "sample.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("PARVIS_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    given = ("new", "sample", "--subject", "The Square", "--output", "square.assessment.json")
    ok(*given, "--attribute", "capacity=900", "--attribute", "country=FR")
    return tmp_path


def ok(*words: str) -> str:
    result = run.invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def code(*words: str) -> str:
    with pytest.raises(ParvisError) as caught:
        run.invoke(app, list(words), catch_exceptions=False)
    return caught.value.code


FILE = "square.assessment.json"


def answers(path: str = FILE) -> dict[str, object]:
    kept = read_assessment(Path(path), home=Path("home"))
    return {a.item: (a.state, a.value, a.assessor, a.note) for a in kept.assessment.answers}


def test_list_names_ones_own_first():
    assert json.loads(ok("list", "--json"))["frameworks"][0]["short_id"] == "sample"
    assert ok("list").splitlines()[0].endswith("Sample, your own")


def test_new_never_replaces_a_file():
    again = ("new", "sample", "--subject", "The Square", "--output", FILE)
    assert code(*again) == "assessment_exists"


@pytest.mark.parametrize("fact", ["height=3", "capacity", "capacity=many", "country=DE"])
def test_facts_are_checked(fact):
    new = ("new", "sample", "--subject", "X", "--output", "x.assessment.json")
    assert code(*new, "--attribute", fact) == "assess_attribute"
    assert not Path("x.assessment.json").exists()


def test_answers_of_every_sort_are_kept():
    ok("answer", FILE, "li1", "partly", "--assessor", "planner", "--note", "west side")
    ok("answer", FILE, "li2", "no..partly")
    ok("answer", FILE, "lamps", "--unknown", "too bright to count")
    ok("answer", FILE, "owner", "--not-applicable")
    ok("answer", FILE, "spot", "19.94, 50.06")
    ok("answer", FILE, "counts.people@inside", "120", "--settle")
    found = answers()
    assert found["li1"] == ("answered", "partly", "planner", "west side")
    assert found["lamps"] == ("unknown", None, "assessor", "too bright to count")
    assert found["owner"][0] == "not-applicable"
    assert found["spot"][1] == (19.94, 50.06)
    assert found["counts.people@inside"] == ("answered", 120.0, "", "")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("nothing", "yes"), "answer_item"),
        (("li1", "perhaps"), "answer_choice"),
        (("lamps", "many"), "answer_kind"),
        (("lamps", "11"), "answer_range"),
        (("li1",), "assess_answer"),
        (("li1", "yes", "--unknown", "x"), "assess_answer"),
        (("li1", "yes", "--evidence", "none.jpg"), "evidence"),
    ],
)
def test_wrong_answers_change_nothing(words, error):
    before = Path(FILE).read_bytes()
    assert code("answer", FILE, *words) == error
    assert Path(FILE).read_bytes() == before


def test_photo_is_kept_beside_the_file_without_exif():
    facts = Image.Exif()
    facts[0x010F] = "Camera Of Somebody"
    Image.new("RGB", (8, 8)).save("gate.jpg", exif=facts)
    document = json.loads(ok("answer", FILE, "photo", "--evidence", "gate.jpg", "--json"))
    (evidence,) = document["evidence"]
    stored = Path("square.evidence", f"{evidence['sha256']}.jpg").read_bytes()
    assert b"Somebody" not in stored


def test_entry_joins_an_open_list():
    assert json.loads(ok("entry", FILE, "zones", "Tram stop", "--json"))["key"] == "tram-stop"
    ok("answer", FILE, "likelihood@tram-stop", "low")
    assert code("entry", FILE, "nothing", "X") == "list_entry"


def test_status_tells_what_is_next():
    assert json.loads(ok("status", FILE, "--json"))["not_answered"][0] == "li1"
    assert "  li1  Routes are lit" in ok("status", FILE)


def test_result_tells_scores_findings_and_duties_of_a_day():
    ok("answer", FILE, "li1", "no")
    ok("answer", FILE, "owner", "city")
    ok("answer", FILE, "likelihood@inside", "high", "--assessor", "a")
    ok("answer", FILE, "likelihood@inside", "low", "--assessor", "b")
    text = ok("result", FILE, "--as-of", "2026-11-21")
    assert "Sample: The Square, as of 2026-11-21" in text
    assert "high        It is dark.  → A lamp" in text
    assert "duty from 2027-12-02" in text
    assert "Assessors differ on 1 of 1 questions" in text
    assert text.endswith("TLP:AMBER\n")
    document = json.loads(ok("result", FILE, "--as-of", "2027-12-02", "--json"))
    duties = {each["key"]: each["status"] for each in document["duties"]}
    assert (duties["now"], duties["later"]) == ("now", "now")
    assert run.invoke(app, ["result", FILE, "--as-of", "soon"]).exit_code == 2


def test_form_of_an_amber_assessment_asks_whose_server_it_is():
    assert code("export", FILE, "--to", "xlsform") == "form_own_server"
    assert not list(Path().glob("*.xlsx"))
    ok("export", FILE, "--to", "xlsform", "--own-server")
    assert Path("square-form.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_answers_come_back_with_apply_only(kind):
    ok("answer", FILE, "li1", "yes", "--assessor", "=cmd")
    ok("export", FILE, "--to", kind)
    ok("new", "sample", "--subject", "The Square", "--output", "copy.assessment.json")
    table = f"square-answers.{kind}"
    document = json.loads(ok("import", "copy.assessment.json", table, "--json"))
    assert (document["new"], document["applied"]) == (1, False)
    assert answers("copy.assessment.json") == {}
    ok("import", "copy.assessment.json", table, "--apply")
    assert answers("copy.assessment.json") == answers()
    assert "0 new answers, 1 there already" in ok("import", "copy.assessment.json", table)


def test_contradictions_are_shown_and_left():
    ok("answer", FILE, "li1", "yes")
    ok("export", FILE, "--to", "csv")
    ok("answer", FILE, "li1", "no")
    text = ok("import", FILE, "square-answers.csv", "--apply")
    assert "li1, assessor: there 'no', brought 'yes'" in text
    assert answers()["li1"][1] == "no"
    ok("import", FILE, "square-answers.csv", "--apply", "--take-conflicts")
    assert answers()["li1"][1] == "yes"


def test_tables_with_wrong_rows_are_refused_whole():
    ok("answer", FILE, "li1", "yes")
    ok("export", FILE, "--to", "csv")
    table = Path("square-answers.csv")
    table.write_text(table.read_text(encoding="utf-8").replace("yes", "perhaps"), encoding="utf-8")
    assert code("import", FILE, str(table)) == "answers_invalid"


def test_form_becomes_a_framework_that_can_be_assessed():
    Path("walk.csv").write_text("type,name,label\nselect_one yn,lit,Is it lit?\n", encoding="utf-8")
    assert code("from-xlsform", "walk.csv") == "form_refused"
    Path("walk.csv").write_text("type,name,label\ninteger,lamps,Lamps?\n", encoding="utf-8")
    ok("from-xlsform", "walk.csv", "--output", "home/frameworks/walk.yaml")
    ok("new", "walk", "--subject", "X", "--output", "walk.assessment.json")
    ok("answer", "walk.assessment.json", "lamps", "3")


def test_files_of_a_changed_released_framework_are_refused():
    path = Path("home/frameworks/sample.yaml")
    text = TEXT.replace("status: draft", "status: current")
    path.write_text(text.replace("Routes are lit", "Routes are bright"), encoding="utf-8")
    assert code("status", FILE) == "assessment_framework_changed"


def test_an_assessment_moves_to_the_next_version_and_the_former_file_stays():
    ok("answer", FILE, "li1", "partly")
    ok("answer", FILE, "remark", "x")
    assert code("move", FILE) == "assessment_newest"
    folder = Path("home/frameworks")
    (folder / "former").mkdir()
    (folder / "former/sample-1.yaml").write_text(TEXT, encoding="utf-8")
    replaces = "replaces: {version: 1, dropped: [remark]}\nattributes:"
    text = TEXT.replace("version: 1", "version: 2", 1).replace("attributes:", replaces, 1)
    text = text.replace("key: remark, kind: text", "key: memo, kind: text")
    (folder / "sample.yaml").write_text(text, encoding="utf-8")
    before = Path(FILE).read_bytes()
    told = ok("move", FILE)
    assert "Version 1 to version 2:" in told
    assert "remark: x" in told
    assert "Nothing was written" in told
    assert Path(FILE).read_bytes() == before
    document = json.loads(ok("move", FILE, "--apply", "--json"))
    assert {c["kind"] for c in document["steps"][0]["changes"]} == {"new", "dropped"}
    assert Path(document["former"]).read_bytes() == before
    assert json.loads(Path(FILE).read_text(encoding="utf-8"))["framework"]["version"] == 2
    assert set(answers()) == {"li1"}


def test_what_is_not_offered_is_refused_and_what_lapsed_is_told():
    path = Path("home/frameworks/choosing.yaml")
    text = TEXT.replace("framework:sample", "framework:choosing").replace(
        "{key: gas, name: Gas}", '{key: gas, name: Gas, when: "li1 == no"}'
    )
    path.write_text(text, encoding="utf-8")
    kept = "chosen.assessment.json"
    ok("new", "choosing", "--subject", "X", "--output", kept)
    assert code("answer", kept, "kinds", "gas") == "answer_offer"
    ok("answer", kept, "li1", "no")
    ok("answer", kept, "kinds", "gas")
    ok("answer", kept, "li1", "yes")
    assert "kinds  Kinds: Gas" in ok("status", kept)
    assert answers(kept)["kinds"][1] == ("gas",)


@pytest.mark.parametrize(
    ("form", "ending"), [("transparency", "json"), ("dutch-register", "csv"), ("annex-viii", "txt")]
)
def test_a_technology_becomes_an_entry_of_a_register(form, ending):
    assert code("export", FILE, "--to", form) == "register_framework"
    kept = Path(f"camera{SUFFIX}")
    write_assessment(kept, AssessmentFile(assessment(without=set(ENTRY) - {"r_lang"}), "CLEAR"))
    assert code("export", str(kept), "--to", form) == "register_incomplete"
    write_assessment(kept, AssessmentFile(assessment(), "CLEAR"))
    ok("export", str(kept), "--to", form)
    assert Path(f"camera-{form}.{ending}").stat().st_size > 100
