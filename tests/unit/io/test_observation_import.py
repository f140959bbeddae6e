"""A delivery is looked at before anything is kept; every bad row says why."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from parvis.cli import app
from parvis.errors import InputError
from parvis.indicators.estimates import Flag
from parvis.io.observation_import import (
    ObservationDecimalsError,
    ObservationsRejectedError,
    ObservationThousandsError,
    Preview,
    preview,
    write_delivery,
)
from parvis.io.observation_mapping import ColumnMapping, MappingInvalidError, read_mapping
from parvis.io.observation_tables import (
    ObservationColumnsError,
    ObservationDelimiterError,
    ObservationFileError,
)
from parvis.io.observations import deliveries, load_delivery
from parvis.packs import catalogue
from parvis.report.messages import describe, fill

DAY = dt.date(2026, 3, 1)
HEAD = "indicator,period,area,numerator,denominator"


def looked(path: Path, text: str, mapping: ColumnMapping | None = None) -> Preview:
    path.write_text(text, encoding="utf-8")
    return preview(path, mapping or ColumnMapping(), catalogue(), received=DAY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "police.csv"


def test_good_rows_become_observations_with_rates(file: Path) -> None:
    found = looked(file, f"{HEAD}\nSEC-03,2025,A1,65,10000\nQOL-02,2025-Q4,A1,5,100\n")
    assert not found.rejected
    rate, share = found.accepted
    assert (rate.value, rate.unit, rate.error_model) == (650.0, "per_100k_people", "poisson")
    assert (share.value, share.unit) == (5.0, "percent")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("SEC-99,2025,A1,1,2", "observation_indicator"),
        ("SEC-03,2025-13,A1,1,2", "observation_period"),
        ("SEC-03,2025-02-30,A1,1,2", "observation_period"),
        ("SEC-03,2027,A1,1,2", "observation_later"),
        ("SEC-03,2025,A9,1,2", "observation_area"),
        ("SEC-03,2025,,1,2", "observation_area"),
        ("SEC-03,2025,A1,many,2", "observation_number"),
        ("SEC-03,2025,A1,inf,2", "observation_number"),
        ("SEC-03,2025,A1,1_0,2", "observation_number"),
        ("SEC-03,2025,A1,-1,2", "observation_negative"),
        ("SEC-03,2025,A1,1.5,2", "observation_whole"),
        ("SEC-03,2025,A1,1,0", "observation_nobody"),
        ("SEC-01,2025,A1,3,2", "observation_population"),
        ("SEC-03,2025,A1,:,:", "observation_empty"),
        ("SEC-03,2025,A1,1", "observation_cells"),
        ("SEC-03,2025,A1,1,2,3", "observation_cells"),
    ],
)
def test_a_bad_row_says_why_and_the_good_one_stays(file: Path, row: str, code: str) -> None:
    mapping = ColumnMapping(areas=("A1",))
    found = looked(file, f"{HEAD}\n{row}\nSEC-03,2024,A1,1,2000\n", mapping)
    assert [(each.row, each.code) for each in found.rejected] == [(2, code)]
    assert len(found.accepted) == 1
    for language in ("en", "fr", "pl"):
        said = fill(code, found.rejected[0].details, language)
        assert "?" not in said
        assert "2" in said


def test_offences_may_outnumber_people_but_victims_may_not(file: Path) -> None:
    found = looked(file, f"{HEAD}\nSEC-05,2025,station,30,20\nSEC-01,2025,station,30,20\n")
    assert [each.row for each in found.rejected] == [3]


def test_the_same_thing_twice_names_the_first_row(file: Path) -> None:
    found = looked(file, f"{HEAD}\nSEC-03,2025,A1,1,2000\nSEC-03,2025,A1,2,2000\n")
    assert [(each.code, each.details["first"]) for each in found.rejected] == [
        ("observation_twice", 2)
    ]


def test_values_outside_what_there_can_be_are_rejected(file: Path) -> None:
    text = "indicator,period,area,value\nSEN-01,2025,A1,130\nSEN-04,2025,A1,-7.5\n"
    found = looked(file, text)
    assert [each.code for each in found.rejected] == ["observation_bounds"]
    assert found.accepted[0].value == -7.5


def test_splits_words_and_constants_are_read_as_mapped(file: Path) -> None:
    mapping = ColumnMapping(
        columns={"value": "Wert", "split:sex": "Geschlecht", "split:age": "Alter"},
        constants={"indicator": "SEN-01", "period": "2025", "area": "city", "grade": "B"},
        words={"split:sex": {"w": "f"}},
    )
    found = looked(file, "Wert;Geschlecht;Alter\n61,5;w;15-24\n70,25;m;\n", mapping)
    assert [(each.split, each.value) for each in found.accepted] == [
        ("age=15-24;sex=f", 61.5),
        ("sex=m", 70.25),
    ]


def test_sdmx_csv_is_read_by_its_own_names(file: Path) -> None:
    text = "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nX,A1,2024,9.5,b\nX,A1,2025,:,c\n"
    found = looked(file, text, ColumnMapping(constants={"indicator": "SEN-08"}))
    assert [(each.value, each.flag) for each in found.accepted] == [
        (9.5, Flag.BREAK),
        (None, Flag.CONFIDENTIAL),
    ]


def test_workbooks_and_json_say_the_same_as_csv(file: Path, tmp_path: Path) -> None:
    expected = looked(file, f"{HEAD}\nSEC-03,2025,A1,65,10000\n").accepted
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEAD.split(","))
    page.append(["SEC-03", 2025, "A1", 65, 10000])
    book.save(tmp_path / "police.xlsx")
    rows = [dict(zip(HEAD.split(","), ["SEC-03", 2025, "A1", 65, 10000], strict=True))]
    (tmp_path / "police.json").write_text(json.dumps(rows))
    for name in ("police.xlsx", "police.json"):
        found = preview(tmp_path / name, ColumnMapping(), catalogue(), received=DAY)
        assert found.accepted == expected


@pytest.mark.parametrize(
    ("text", "mapping", "error"),
    [
        ("a;b;c\n1;2;3\n", {"delimiter": ","}, ObservationDelimiterError),
        ("a,b\n1,2\n", {}, ObservationColumnsError),
        ("indicator;period;area;value\nSEN-01;2025;A1;1,5\nSEN-02;2025;A1;1.5\n", {},
         ObservationDecimalsError),
        ("indicator;period;area;value\nBCK-01;2025;A1;12,500\n", {}, ObservationThousandsError),
        ("indicator,period,area,value\n", {}, ObservationFileError),
        ("", {}, ObservationFileError),
        ("a,a\n1,2\n", {}, ObservationFileError),
        ('a,b\n"1,2\n', {}, ObservationFileError),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_whole_file_is_one_sentence(
    file: Path, text: str, mapping: dict[str, str], error: type[InputError]
) -> None:
    with pytest.raises(error) as caught:
        looked(file, text, ColumnMapping(**mapping))  # type: ignore[arg-type]
    for language in ("en", "fr", "pl"):
        assert describe(caught.value, language).count("\n") == 0


def test_signs_that_no_file_can_hold_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "police.json"
    row = '{"indicator": "SEN-01", "period": 2025, "area": "A\\ud800", "value": 50}'
    path.write_text(f"[{row}]")
    found = preview(path, ColumnMapping(), catalogue(), received=DAY)
    kept = write_delivery(found, received=DAY, home=tmp_path)
    assert load_delivery(kept.id, home=tmp_path)[0].area == "A?"


@pytest.mark.parametrize("name", ["none.csv", "police.txt", "police.xlsx", "police.json"])
def test_files_of_no_use_are_refused(tmp_path: Path, name: str) -> None:
    if name != "none.csv":
        (tmp_path / name).write_bytes(b"\x00\xff{")
    with pytest.raises(ObservationFileError):
        preview(tmp_path / name, ColumnMapping(), catalogue(), received=DAY)


def test_nothing_is_written_while_rows_are_rejected(file: Path, tmp_path: Path) -> None:
    found = looked(file, f"{HEAD}\nSEC-03,2025,A1,65,10000\nSEC-99,2025,A1,1,2\n")
    with pytest.raises(ObservationsRejectedError):
        write_delivery(found, received=DAY, home=tmp_path)
    assert deliveries(tmp_path) == ()
    kept = write_delivery(found, received=DAY, without_rejected=True, home=tmp_path)
    assert list(load_delivery(kept.id, home=tmp_path)) == list(found.accepted)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not an object"),
        ('{"colums": {}}', "colums: there is no such key"),
        ('{"columns": {"wert": "x"}}', "columns.wert: there is no such field"),
        ('{"columns": {"value": 3}}', "columns: texts by name"),
        ('{"constants": {"value": "3"}}', "constants.value: there is no such field"),
        ('{"delimiter": "x"}', "delimiter: a comma"),
        ('{"decimal": ";"}', "decimal: a comma"),
        ('{"areas": [1]}', "areas: a list of texts"),
        ('{"words": {"area": []}}', "words: texts by name"),
    ],
)
def test_a_mapping_of_no_use_names_the_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(text)
    with pytest.raises(MappingInvalidError) as caught:
        read_mapping(path)
    assert said in describe(caught.value)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["SEC-03", "SEN-01", "2025", "A1", "1,5", "1.5", "-3", "", "NaN", "1e9"]
            )
            | st.text(max_size=6),
            min_size=1,
            max_size=7,
        ),
        max_size=5,
    ),
    st.sampled_from([",", ";", "\t", "\n"]),
)
def test_whatever_a_file_holds_is_told_and_never_crashes(
    file: Path, rows: list[list[str]], delimiter: str
) -> None:
    body = "\n".join(delimiter.join(row) for row in rows)
    text = f"{HEAD}\n{body}".encode("utf-8", "surrogatepass")
    file.write_bytes(text)
    try:
        found = preview(file, ColumnMapping(), catalogue(), received=DAY)
    except InputError as error:
        assert describe(error)
        return
    for each in found.rejected:
        assert "{" not in fill(each.code, {**each.details, "value": 0, "column": ""})
    keys = [each.key for each in found.accepted]
    assert len(set(keys)) == len(keys)


def test_the_command_line_previews_keeps_lists_and_computes(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path))
    run = CliRunner()
    file.write_text(
        f"{HEAD}\nSEC-03,2025,A1,65,10000\nSEC-03,2025,A2,2,10000\nSEC-12,2025,A1,60,90\n"
        "BCK-04,2025,A1,12,100\nLIV-09,2025,A1,6,10\n"
    )
    asked = ["indicators", "import", str(file), "--received", "2026-03-01"]
    assert "5 accepted, 0 rejected" in run.invoke(app, asked).stdout
    assert deliveries(tmp_path) == ()
    kept = json.loads(run.invoke(app, [*asked, "--write", "--json"]).stdout)
    assert kept["delivery"] == "2026-03-01-1"
    listed = json.loads(run.invoke(app, ["indicators", "list", "--core", "--json"]).stdout)
    assert {row["code"]: row["observations"] for row in listed["indicators"]}["SEC-03"] == 2
    found = json.loads(run.invoke(app, ["indicators", "compute", "--json"]).stdout)["estimates"]
    told = {(each["indicator"], each["area"]): each for each in found}
    rate = told["SEC-03", "A1"]
    assert (round(rate["low"], 2), round(rate["high"], 2)) == (501.63, 828.49)
    few = told["SEC-03", "A2"]
    assert (few["value"], few["flags"]) == (None, ["q"])
    assert told["SEC-12", "A1"]["flags"] == ["e"]
    assert told["BCK-04", "A1"]["low"] is None
    assert told["LIV-09", "A1"]["notes"] == [{"code": "indicator_no_interval"}]
    words = run.invoke(app, ["indicators", "compute", "--area", "A2"]).stdout
    assert "A2: Withheld: 2, fewer than 5." in words
