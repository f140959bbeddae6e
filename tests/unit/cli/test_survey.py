"""``parvis survey estimate`` as it is used, and what it says to files that are wrong."""

import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from parvis.cli.survey import app
from parvis.errors import ParvisError
from parvis.report.messages import describe

run = CliRunner()
DESIGN = "weights=w,strata=district"
HEADER = ["w", "district", "block", "dark", "worry", "gender"]


def rows(n: int = 120) -> list[list[str]]:
    drawn = np.random.default_rng(5)
    answers = ["very_safe", "safe", "unsafe", "very_unsafe"]
    return [
        [
            f"{1 + at % 3}",
            "north" if at % 2 else "south",
            f"{at // 6}",
            answers[int(drawn.integers(0, 4))],
            f"{drawn.integers(0, 101)}",
            "w" if drawn.random() < 0.5 else "m",
        ]
        for at in range(n)
    ]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return write(tmp_path / "answers.csv", [HEADER, *rows()])


def write(path: Path, lines: list[list[str]], delimiter: str = ",") -> Path:
    path.write_text("\n".join(delimiter.join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def ok(*words: str) -> str:
    result = run.invoke(app, ["estimate", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def figures(*words: str) -> list[dict]:
    return json.loads(ok(*words, "--json"))["estimates"]


def said(*words: str) -> str:
    with pytest.raises(ParvisError) as caught:
        run.invoke(app, ["estimate", *words], catch_exceptions=False)
    return f"{caught.value.code}: {describe(caught.value)}"


def test_lines_tell_value_limits_and_notes(answers):
    text = ok(str(answers), "--design", DESIGN, "--share", "dark=very_safe+safe", "--by", "gender")
    lines = text.splitlines()
    assert lines[0] == "answers.csv: 120 rows, 118 degrees of freedom"
    assert len(lines) == 3
    assert all("to" in line and "error" in line for line in lines[1:])


def test_all_kinds_of_estimates_at_once(answers):
    found = figures(
        str(answers), "--design", DESIGN, "--mean", "worry", "--total", "worry",
        "--share", "dark=safe", "--ratio", "worry/w", "--quantile", "worry:0.5",
    )  # fmt: skip
    assert [each["what"] for each in found] == [
        "mean worry", "total worry", "share dark=safe", "ratio worry/w", "quantile worry:0.5",
    ]  # fmt: skip
    weights = np.array([float(row[0]) for row in rows()])
    worry = np.array([float(row[4]) for row in rows()])
    assert found[0]["value"] == pytest.approx(weights @ worry / weights.sum())
    assert found[1]["value"] == pytest.approx(weights @ worry)
    assert all(each["low"] <= each["value"] <= each["high"] for each in found)
    assert found[0]["method"] == "linearised_t"
    assert found[2]["method"] == "logit"


def test_small_groups_are_not_shown_unless_asked_for(tmp_path):
    few = rows()
    for row in few[:12]:
        row[5] = "x"
    path = write(tmp_path / "few.csv", [HEADER, *few])
    words = (str(path), "--design", DESIGN, "--share", "dark=safe", "--by", "gender")
    hidden = next(each for each in figures(*words) if each["group"] == "x")
    assert (hidden["verdict"], hidden["value"], hidden["low"]) == ("hide", None, None)
    assert hidden["notes"][0]["text"]
    assert "not shown" in ok(*words)
    bare = next(each for each in figures(*words, "--rule", "none") if each["group"] == "x")
    assert bare["value"] is not None


def test_every_file_format_says_the_same(tmp_path, answers):
    import pandas as pd
    import pyreadstat

    book = openpyxl.Workbook()
    for line in [HEADER, *rows()]:
        book.active.append([float(each) if each.isdigit() else each for each in line])
    book.save(tmp_path / "answers.xlsx")
    codes = {"very_safe": 1.0, "safe": 2.0, "unsafe": 3.0, "very_unsafe": 4.0}
    frame = pd.DataFrame(rows(), columns=HEADER).astype({"w": float, "worry": float})
    frame["dark"] = frame["dark"].map(codes)
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "answers.sav"),
        variable_value_labels={"dark": {code: name for name, code in codes.items()}},
    )
    continental = [HEADER, *([f"{row[0]},0", *row[1:]] for row in rows())]
    write(tmp_path / "answers.txt", continental, ";")
    asked = ("--design", DESIGN, "--share", "dark=safe+very_safe", "--mean", "worry")
    expected = figures(str(answers), *asked)
    for name in ("answers.xlsx", "answers.sav", "answers.txt"):
        assert figures(str(tmp_path / name), *asked) == expected, name


def test_known_totals_are_met(tmp_path, answers):
    margins = [
        ["variable", "value", "total"],
        ["gender", "m", "600"], ["gender", "w", "400"],
        ["district", "north", "450"], ["district", "south", "550"],
    ]  # fmt: skip
    path = write(tmp_path / "margins.csv", margins)
    words = ("--design", DESIGN, "--margins", str(path), "--share", "gender=w", "--trim", "0")
    (found,) = figures(str(answers), *words)
    assert found["value"] == pytest.approx(0.4)
    assert "survey_raked" in [note["code"] for note in found["notes"]]


def test_replicate_weights_are_read_by_pattern(tmp_path):
    names = [*HEADER, *(f"rw{number}" for number in range(4))]
    lines = [
        [*row, *("0" if int(row[2]) % 4 == number else row[0] for number in range(4))]
        for row in rows()
    ]
    path = write(tmp_path / "copies.csv", [names, *lines])
    design = "weights=w,replicates=rw*,kind=JK1"
    (found,) = figures(str(path), "--design", design, "--mean", "worry", "--rule", "none")
    assert (found["method"], found["df"]) == ("replicated_t", 3.0)
    assert "survey_option" in said(
        str(path), "--design", "weights=w,replicates=rw*,kind=JK9", "--mean", "worry"
    )


def test_lonely_strata_are_refused_or_told(tmp_path):
    lines = rows()
    lines[0][1] = "harbour"
    path = write(tmp_path / "lonely.csv", [HEADER, *lines])
    words = (str(path), "--design", DESIGN, "--mean", "worry")
    assert said(*words).startswith("survey_lonely: 1 strata of stage 1")
    assert "harbour" in said(*words)
    assert "[1] 1 strata of stage 1" in ok(*words, "--lonely", "adjust")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"w": ""}, "survey_weight_missing: 1 weights are missing, negative or infinite (rows 9)"),
        ({"w": "0"}, "survey_weight_zero: 1 weights are zero (rows 9)"),
        ({"w": "heavy"}, "survey_number: wrong.csv, column w, row 9: 'heavy'"),
        ({"district": ""}, "survey_design_missing: strata: nothing is said in 1 rows (9)"),
        ({"worry": "1,5"}, "survey_decimals"),
    ],
)
def test_cells_that_are_wrong_are_named(tmp_path, change, expected):
    lines = rows()
    lines[8][4] = "2.5"
    for name, value in change.items():
        lines[7][HEADER.index(name)] = value
    path = write(tmp_path / "wrong.csv", [HEADER, *lines], ";")
    text = said(str(path), "--design", DESIGN, "--mean", "worry")
    assert text.startswith(expected)


def test_files_that_are_wrong_are_told_in_one_sentence(tmp_path, answers):
    asked = ("--design", DESIGN, "--mean", "worry")
    assert said(str(tmp_path / "no.csv"), *asked).startswith("vector_missing")
    (tmp_path / "answers.docx").write_text("x")
    assert said(str(tmp_path / "answers.docx"), *asked).startswith("vector_format")
    (tmp_path / "broken.sav").write_bytes(b"$FL2 no")
    assert said(str(tmp_path / "broken.sav"), *asked).startswith("vector_unreadable")
    empty = write(tmp_path / "empty.csv", [HEADER])
    assert said(str(empty), *asked).startswith("survey_empty")
    twice = write(tmp_path / "twice.csv", [[*HEADER[:-1], "w"], *rows()])
    assert said(str(twice), *asked).startswith("survey_column_twice")
    ragged = write(tmp_path / "ragged.csv", [HEADER, ["1", "north"], *rows()])
    assert said(str(ragged), *asked).startswith("survey_row_length: ragged.csv, row 2")
    assert "there are: w, district" in said(str(answers), "--design", DESIGN, "--mean", "fear")


@pytest.mark.parametrize(
    "words",
    [
        ("--design", "strata=district", "--mean", "worry"),
        ("--design", "weights=w,weights=w", "--mean", "worry"),
        ("--design", "weight=w", "--mean", "worry"),
        ("--design", DESIGN),
        ("--design", DESIGN, "--share", "dark"),
        ("--design", DESIGN, "--share", "dark=Safe"),
        ("--design", DESIGN, "--ratio", "worry"),
        ("--design", DESIGN, "--quantile", "worry:half"),
        ("--design", DESIGN, "--mean", "worry", "--rule", "lenient"),
        ("--design", DESIGN, "--mean", "worry", "--lonely", "ignore"),
        ("--design", DESIGN, "--mean", "worry", "--zero-weights", "keep"),
    ],
)
def test_options_that_cannot_be_read_say_what_is_accepted(answers, words):
    assert said(str(answers), *words).startswith("survey_option: ")
