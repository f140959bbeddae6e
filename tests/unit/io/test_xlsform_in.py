"""Forms become frameworks where they can, and are refused with one sentence where not."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from parvis.io.vector import VectorFormatError, VectorUnreadableError
from parvis.io.xlsform_in import read_xlsform
from parvis.io.xlsform_sheets import FormRefusedError
from parvis.report.messages import describe

TAKEN = (
    "choice_filter_test.xlsx", "field-list.xlsx", "gps.xls", "group.xlsx", "loop.xlsx",
    "specify_other.xlsx",
    "style_settings.xls", "text_and_integer.csv", "tutorial.xls", "yes_or_no_question.xlsx",
)  # fmt: skip
REFUSED = {
    "bad_calc.xlsx": ("survey", 2, "type"),
    "case_insensitivity.xlsx": ("survey", 3, "type"),
    "or_other.xlsx": ("survey", 3, "choice_filter"),
    "widgets.xls": ("survey", 14, "type"),
}
TYPES = {"text": "string", "date": "date", "place": "geopoint", "photo": "binary"}


@pytest.fixture
def forms(shared_data: Path) -> Path:
    folder = shared_data / "forms"
    if not folder.is_dir():
        pytest.skip("the shared data have no folder forms/")
    return folder


def expected(path: Path) -> list[tuple[str, str]]:
    """Names and types of a form's own fields, as pyxform wrote them."""
    tree = ElementTree.parse(path)  # noqa: S314 - a file of the test data
    binds = [e for e in tree.iter() if e.tag.endswith("}bind")]
    found = [(e.get("nodeset", ""), e.get("type", "")) for e in binds]
    return sorted((p.rsplit("/", 1)[-1], kind) for p, kind in found if "/meta/" not in p)


def asked(framework) -> list[tuple[str, str]]:
    """The same of a framework; a closed list repeats a question for each entry."""
    found = []
    for section, question in framework.questions:
        lists = [framework.list_of(key) for key in section.repeat]
        times = 1 if not lists or lists[0].open else len(lists[0].entries)
        kind = TYPES.get(question.kind, "string")
        if question.kind == "number":
            kind = "int" if question.integer else "decimal"
        found += [(question.key, kind)] * times
    return sorted(found)


@pytest.mark.parametrize("name", TAKEN)
def test_form_becomes_the_questions_that_its_xform_has(forms, name):
    found = read_xlsform(forms / name)
    assert asked(found.framework) == expected(forms / f"{name}.expected.xml")
    assert found.framework.status == "draft"


@pytest.mark.parametrize("name", REFUSED)
def test_form_is_refused_with_sheet_row_and_column(forms, name):
    with pytest.raises(FormRefusedError) as caught:
        read_xlsform(forms / name)
    details = caught.value.details
    assert (details["sheet"], details["row"], details["column"]) == REFUSED[name]
    sentence = describe(caught.value)
    assert sentence.startswith(f"{name} cannot become a framework: sheet ")
    assert sentence.count(".") - name.count(".") <= 1


def test_conditions_bounds_and_repeats_are_kept(forms):
    framework = read_xlsform(forms / "tutorial.xls").framework
    assert framework.list_of("member").open
    assert framework.question("age_in_months").when == "older_than_five == no"
    assert framework.question("age_in_months").maximum == 72
    assert framework.question("age_in_years").minimum == 5
    whole = "sex == female and age_in_years >= 15 and age_in_years <= 49"
    assert framework.question("literate").when == whole


def test_a_cascade_of_choices_becomes_conditions_of_options(forms):
    framework = read_xlsform(forms / "choice_filter_test.xlsx").framework
    offered = {
        key: {option.key: option.when for option in framework.question(key).options}
        for key in ("county", "city")
    }
    assert offered["county"] == {
        "king": "state == washington or state == texas",
        "pierce": "state == washington",
        "cameron": "state == texas",
    }
    assert offered["city"]["tacoma"] == "county == pierce"


FILTERED = ("type", "name", "label", "choice_filter")
LAMPS = (
    ("list_name", "name", "label", "of", "least"),
    ("k", "a", "A", "", ""), ("k", "b", "B", "", ""),
    ("l", "led", "LED", "a", "3"), ("l", "gas", "Gas", "b", "0"), ("l", "none", "None", "all", "0"),
)  # fmt: skip


def filtered(tmp_path: Path, text: str) -> Path:
    path = book(
        tmp_path, FILTERED, ("select_one k", "kind", "K", ""), ("integer", "n", "N", ""),
        ("select_multiple k", "some", "S", ""), ("select_one l", "lamp", "L", text),
    )  # fmt: skip
    made = load_workbook(path)
    del made["choices"]
    page = made.create_sheet("choices")
    for row in LAMPS:
        page.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("of = ${kind}", {"led": "kind == a", "gas": "kind == b"}),
        (
            "${kind}=of or of='all'",
            {"led": "kind == a", "gas": "kind == b", "none": None},
        ),
        (
            "${n} >= least and name != 'none'",
            {"led": "n >= 3", "gas": "n >= 0"},
        ),
        ("selected(${some}, of)", {"led": "some includes a", "gas": "some includes b"}),
        ("not(of = ${kind})", {
            "led": "not kind == a", "gas": "not kind == b", "none": None,
        }),
    ],
)  # fmt: skip
def test_filters_become_conditions_of_options(tmp_path, text, offered):
    found = read_xlsform(filtered(tmp_path, text))
    options = found.framework.question("lamp").options
    assert {option.key: option.when for option in options} == offered
    left_out = {n.details["what"] for n in found.notices if n.code == "form_left_out"}
    assert left_out == {f"choice {key}" for key in {"led", "gas", "none"} - offered.keys()}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("of = yes", "no column yes; texts stand in quotes"),
        ("of = 'x'", "offers none of the choices"),
        ("of = ${later}", "nothing that the form asks"),
        ("of = ${lamp}", "hangs on lamp, which is not asked before"),
        ("position(..) = 1", "function"),
        ("of =", "cannot be read"),
        ("of < 'b'", "only comparisons"),
    ],
)
def test_filters_without_counterpart_are_refused(tmp_path, text, problem):
    with pytest.raises(FormRefusedError) as caught:
        read_xlsform(filtered(tmp_path, text))
    assert (caught.value.details["row"], caught.value.details["column"]) == (5, "choice_filter")
    assert problem in caught.value.details["problem"]


def book(tmp_path: Path, *rows: tuple[str, ...], choices: tuple[tuple[str, ...], ...] = ()) -> Path:
    made = Workbook()
    made.active.title = "survey"
    for row in rows:
        made.active.append(row)
    page = made.create_sheet("choices")
    for row in (("list_name", "name", "label"), *choices):
        page.append(row)
    path = tmp_path / "form.xlsx"
    made.save(path)
    return path


HEAD = ("type", "name", "label", "relevant")


def test_languages_are_kept_when_they_are_whole(tmp_path):
    head = ("type", "name", "label::English (en)", "label::Polski (pl)")
    path = book(tmp_path, head, ("text", "a", "What?", "Co?"))
    found = read_xlsform(path)
    assert found.framework.language == "en"
    assert found.framework.translations == {"pl": "draft"}
    assert found.framework.question("a").i18n["pl"]["name"] == "Co?"
    path = book(tmp_path, head, ("text", "a", "What?", "Co?"), ("text", "b", "Why?", ""))
    found = read_xlsform(path)
    assert found.framework.translations == {}
    assert [notice.code for notice in found.notices] == ["form_language"]


def test_unknown_is_no_choice_of_its_own(tmp_path):
    path = book(
        tmp_path, HEAD, ("select_one l", "lit", "Lit?", ""),
        ("text", "why", "Why?", "${lit} = 'unknown'"),
        ("text", "how", "How?", "not(selected(${lit}, 'unknown'))"),
        choices=(("l", "yes", "Yes"), ("l", "no", "No"), ("l", "unknown", "Cannot say")),
    )  # fmt: skip
    framework = read_xlsform(path).framework
    assert [option.key for option in framework.question("lit").options] == ["yes", "no"]
    assert framework.question("why").when == "unknown(lit)"
    assert framework.question("how").when == "not unknown(lit)"


def test_what_is_left_out_is_named(tmp_path):
    path = book(
        tmp_path, (*HEAD, "constraint", "default"),
        ("start", "start", "", "", "", ""),
        ("text", "a", "A", "", "regex(., '^x')", "x"),
        ("note", "n", "Look up.", "", "", ""),
        ("integer", "b-c", "B", "${a} != ''", ". > 0 and . < 10", ""),
    )  # fmt: skip
    found = read_xlsform(path)
    said = {(n.code, n.details.get("what", n.details.get("name"))) for n in found.notices}
    assert said == {
        ("form_left_out", "start"), ("form_left_out", "constraint"), ("form_left_out", "default"),
        ("form_renamed", "b-c"),
    }  # fmt: skip
    question = found.framework.question("b_c")
    assert (question.minimum, question.maximum, question.when) == (1, 9, "answered(a)")
    assert question.guidance == "Look up."


@pytest.mark.parametrize(
    ("relevant", "problem"),
    [
        ("${nobody} = 'x'", "nothing that the form asks"),
        ("count(${a}) > 1", "function"),
        ("${a} = ${a}", "comparisons"),
        ("${a} > 'x'", "no order"),
        ("${a} = 'x' and", "cannot be read"),
        ("(" * 60 + "${a} = 'x'" + ")" * 60, "cannot be read"),
        ("${a} # 'x'", "signs"),
    ],
)
def test_conditions_without_counterpart_are_refused(tmp_path, relevant, problem):
    path = book(tmp_path, HEAD, ("text", "a", "A", ""), ("text", "b", "B", relevant))
    with pytest.raises(FormRefusedError) as caught:
        read_xlsform(path)
    assert (caught.value.details["row"], caught.value.details["column"]) == (3, "relevant")
    assert problem in caught.value.details["problem"]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([("begin group", "g", "G", "")], 2, "type"),
        ([("text", "a", "A", ""), ("end group", "", "", "")], 3, "type"),
        ([("text", "", "A", "")], 2, "name"),
        ([("", "a", "A", "")], 2, "type"),
        ([("select_one nothing", "a", "A", "")], 2, "type"),
        ([("start", "start", "", "")], 2, "type"),
        ([("geoshape", "a", "A", "")], 2, "type"),
        ([("begin repeat", "r", "R", ""), ("begin repeat", "s", "S", "")], 3, "type"),
    ],
)
def test_broken_forms_are_refused(tmp_path, rows, row, column):
    path = book(tmp_path, HEAD, *rows)
    with pytest.raises(FormRefusedError) as caught:
        read_xlsform(path)
    assert (caught.value.details["row"], caught.value.details["column"]) == (row, column)


def test_choices_are_checked(tmp_path):
    rows = (HEAD, ("select_one l", "a", "A", ""))
    path = book(tmp_path, *rows, choices=(("l", "two words", "X"),))
    with pytest.raises(FormRefusedError) as caught:
        read_xlsform(path)
    assert (caught.value.details["sheet"], caught.value.details["row"]) == ("choices", 2)


def test_other_files_are_no_forms(tmp_path):
    for name, content in (("a.xlsx", b"PK\x03\x04"), ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600),
                          ("a.csv", b"x,y\n1,2\n"), ("b.csv", b"\x00\x01")):  # fmt: skip
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(VectorUnreadableError):
            read_xlsform(path)
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(VectorFormatError):
        read_xlsform(tmp_path / "a.pdf")


def test_damaged_old_workbooks_are_refused(forms, tmp_path):
    raw = (forms / "tutorial.xls").read_bytes()
    for cut in (100, 512, 3000, len(raw) // 2, len(raw) - 600):
        path = tmp_path / "cut.xls"
        path.write_bytes(raw[:cut] + bytes(b ^ 0x5A for b in raw[cut : cut + 200]))
        try:
            read_xlsform(path)
        except (VectorUnreadableError, FormRefusedError) as error:
            assert re.search(r"\w", describe(error))
