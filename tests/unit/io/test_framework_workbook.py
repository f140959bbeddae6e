"""A framework goes into a workbook and comes back exactly; mistakes are named by sheet and row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from parvis.io.framework_pages import FrameworkWorkbookError
from parvis.io.framework_sheets import SHEETS, CellError, from_cell, to_cell
from parvis.io.framework_workbook import framework_workbook, write_framework_workbook
from parvis.io.framework_workbook_reading import read_framework_workbook
from parvis.packs import example_text, load_framework, read_framework
from parvis.packs.framework_writing import framework_yaml
from parvis.report.messages import describe

EXAMPLE = example_text("framework")
PARK = read_framework(EXAMPLE, name="park-check.yaml")
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "park-check.xlsx"
    write_framework_workbook(PARK, path)
    return path


def fails(written: Path, tmp_path: Path, change: Change) -> str:
    book = openpyxl.load_workbook(written)
    change(book)
    path = tmp_path / "mine.xlsx"
    book.save(path)
    with pytest.raises(FrameworkWorkbookError) as caught:
        read_framework_workbook(path)
    sentence = describe(caught.value)
    assert sentence.startswith("mine.xlsx")
    return sentence


def cell(sheet: str, row: int, column: str, value: object) -> Change:
    def change(book: Any) -> None:
        headers = [head.value for head in book[sheet][1]]
        book[sheet].cell(row, headers.index(column) + 1).value = value

    return change


@pytest.mark.parametrize("name", ["ai-technology", "site-vulnerability", "competence-matrix"])
def test_a_framework_of_parvis_comes_back_exactly(name: str, tmp_path: Path) -> None:
    framework = load_framework(name)
    path = tmp_path / "book.xlsx"
    write_framework_workbook(framework, path)
    again = read_framework_workbook(path)
    assert again == framework
    assert framework_yaml(again) == framework_yaml(framework)


def test_the_example_comes_back_exactly(written: Path) -> None:
    again = read_framework_workbook(written)
    assert again == PARK
    assert framework_yaml(again) == framework_yaml(PARK)
    assert read_framework(framework_yaml(PARK), name="written.yaml") == PARK


def test_the_mapping_to_a_former_version_comes_back(tmp_path: Path) -> None:
    replaces = (
        "version: 2\nreplaces: {version: 1, renamed: {lights: lit, light.width: gates.width}, "
        "dropped: [benches, bins], levels: {met: {half: partly, full: 'yes'}, old: {x: low}}}"
    )
    framework = read_framework(EXAMPLE.replace("version: 1", replaces, 1), name="x")
    path = tmp_path / "book.xlsx"
    write_framework_workbook(framework, path)
    assert read_framework_workbook(path) == framework


def test_sheets_stand_in_the_order_people_write_them(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == list(SHEETS)
    assert [head.value for head in book["translations"][1]] == ["what", "text of", "original", "fr"]
    assert [value.value for value in book["questions"][2]][:6] == [
        "basics", None, "fenced", "Is the park fenced?", None, None,
    ]  # fmt: skip


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    text = EXAMPLE.replace("name: Park check", "name: =1+1").replace(
        "name: Is the park fenced?", 'name: "@SUM(A1)"'
    )
    framework = read_framework(text, name="x")
    path = tmp_path / "book.xlsx"
    path.write_bytes(framework_workbook(framework))
    with ZipFile(path) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in packed.read(name) for name in sheets)
    assert read_framework_workbook(path) == framework


def test_what_a_person_types_is_understood(written: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written)
    for change in (
        cell("questions", 2, "name", 2026),
        cell("questions", 2, "required", True),
        cell("questions", 4, "not_applicable", "No"),
        cell("questions", 5, "minimum", "0"),
        cell("scales", 3, "value", 0.0),
        cell("sections", 3, "repeat", " period "),
        cell("duties", 2, "from", openpyxl.utils.datetime.from_excel(43245)),
    ):
        change(book)
    path = tmp_path / "typed.xlsx"
    book.save(path)
    framework = read_framework_workbook(path)
    assert framework.question("fenced").name == "2026"
    assert framework.question("users").not_applicable is False
    assert framework.duties == PARK.duties


def together(*mistakes: tuple[Change, str]) -> tuple[Change, tuple[str, ...]]:
    """Make several mistakes in one workbook; all are told."""

    def change(book: Any) -> None:
        for one, _ in mistakes:
            one(book)

    return change, tuple(told for _, told in mistakes)


@pytest.mark.parametrize(
    ("change", "all_told"),
    [
        together(
            (
                cell("questions", 2, "name", "=A1"),
                "sheet questions, row 2, column name: holds a formula",
            ),
            (
                cell("questions", 1, "unit", "units"),
                "there is no column 'units'; accepted are section",
            ),
            (cell("questions", 1, "guidance", None), "stands under no header"),
            (lambda book: book["questions"].cell(6000, 1, "basics"), "has more than 5000 rows"),
            (cell("questions", 3, "name", "#REF!"), "holds the error #REF!"),
        ),
        together(
            (
                cell("questions", 3, "section", "basic"),
                "sheet questions, row 3, column section: there is no section 'basic'",
            ),
            (
                cell("questions", 4, "required", "often"),
                "sheet questions, row 4, column required: 'often' is not yes or no",
            ),
            (
                cell("questions", 5, "minimum", "none"),
                "sheet questions, row 5, column minimum: 'none' is no number, e.g. 2.5",
            ),
            (
                cell("questions", 15, "table", "doors"),
                "there is no question 'doors' before this row",
            ),
            (cell("questions", 11, "over", "period"), "'period' is no pair; pairs with ; between"),
            (
                cell("questions", 11, "tags", "a,,b"),
                "column tags: 'a,,b' is no list; names with commas",
            ),
            (
                cell("lists", 3, "list", "hours"),
                "the list 'hours' has no row of its own before this one",
            ),
            (
                cell("options", 2, "of", "attribute.size"),
                "sheet options, row 2, column of: there is no question, table.column",
            ),
            (
                cell("scores", 3, "weights", "lit: 2; lit: 3"),
                "column weights: 'lit' is given twice",
            ),
            (
                cell("rungs", 2, "score", "grades"),
                "sheet rungs, row 2, column score: there is no score",
            ),
            (cell("matrices", 3, "row", 7), "sheet matrices, row 3, column row: must be 2"),
            (cell("trees", 3, "question", "records"), "stands in the first row of a step only"),
            (cell("duties", 2, "from", "soon"), "column from: 'soon' is no day, e.g. 2027-12-02"),
            (
                cell("evidence", 3, "key", "own"),
                "the evidence 'own' is given twice; keys must differ",
            ),
            (
                cell("translations", 4, "what", "attribute size"),
                "sheet translations, row 4, column what: there is no entry 'attribute size'",
            ),
            (
                cell("translations", 5, "text of", "title"),
                "column text of: 'title' is not one of name",
            ),
            (
                cell("translations", 1, "original", "pl"),
                "'translations' of the sheet about names fr",
            ),
            (
                cell("about", 2, "what", "colour"),
                "sheet about, row 2, column what: there is no entry",
            ),
            (
                cell("about", 3, "value", None),
                "sheet about, row 3, column value: is empty; give version",
            ),
            (cell("about", 9, "what", "name"), "name is given twice"),
        ),
        together(
            (
                cell("questions", 3, "kind", "film"),
                "sheet questions, row 3, column kind: 'film' is not",
            ),
            (
                cell("lists", 2, "name", None),
                "sheet lists, row 2, column name: this key is missing",
            ),
            (
                cell("scales", 3, "tone", "green"),
                "sheet scales, row 3, column tone: 'green' is not accept",
            ),
            (
                cell("scores", 2, "method", "product"),
                "sheet scores, row 2, column method: 'product' is no",
            ),
            (
                cell("evidence", 2, "source", None),
                "sheet evidence, row 2, column source: this key is miss",
            ),
        ),
        together(
            (
                cell("questions", 3, "scale", "mat"),
                "sheet questions, row 3, column scale: there is no scale 'mat'",
            ),
            (
                cell("questions", 3, "when", "fenced = all"),
                "sheet questions, row 3, column when: column 8: '=' cannot be read",
            ),
            (
                cell("lists", 4, "entry", "day"),
                "sheet lists, row 4, column entry: the entry 'day' is given",
            ),
            (
                cell("scales", 4, "value", 0),
                "sheet scales, row 4, column value: must be more than 0",
            ),
            (
                cell("matrices", 2, "cells", "low, low"),
                "sheet matrices, row 2, column cells: has 2 cells",
            ),
            (cell("trees", 3, "go", "r9"), "sheet trees, row 3, column go: there is no step 'r9'"),
            (
                cell("measures", 2, "cost low", 99),
                "sheet measures, row 2, column cost low: must be at most",
            ),
            (cell("translations", 4, "fr", None), "lacks name in 'fr', which 'translations' names"),
        ),
        together(
            (
                cell("sections", 2, "key", None),
                "sheet sections, row 2, column key: this key is missing",
            )
        ),
        together((lambda book: book.remove(book["sections"]), "the sheet 'sections' is missing")),
        together(
            (
                lambda book: book.create_sheet("notes"),
                "there is no sheet 'notes'; accepted are about",
            )
        ),
        together(
            (
                cell("questions", 11, "over", "period: dusk"),
                "sheet questions, row 11, column over: there is no entry of period 'dusk'",
            )
        ),
        together(
            (
                cell("scores", 3, "weights", "lit: 2"),
                "row 3, column weights: 'lit' is not among what",
            )
        ),
        together(
            (
                cell("matrices", 4, "cells", "low, low, high"),
                "sheet matrices, row 4, column cells: weak consistency",
            )
        ),
        together(
            (
                cell("about", 3, "value", "one"),
                "sheet about, row 3, column value: 'one' is no number",
            )
        ),
        together(
            (
                cell("about", 3, "value", 0),
                "sheet about, row 3, column value: Input should be greater",
            )
        ),
        together((cell("questions", 1, "unit", "scale"), "the column 'scale' is given twice")),
    ],
)
def test_mistakes_name_sheet_row_and_column(
    change: Change, all_told: tuple[str, ...], written: Path, tmp_path: Path
) -> None:
    sentence = fails(written, tmp_path, change)
    assert [told for told in all_told if told not in sentence] == []


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    for content in (b"", b"key;name\n", b"PK\x03\x04 broken"):
        path.write_bytes(content)
        with pytest.raises(FrameworkWorkbookError, match="cannot be read as an XLSX workbook"):
            read_framework_workbook(path)
    with ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", b"<x/>")
    with pytest.raises(FrameworkWorkbookError):
        read_framework_workbook(path)
    with pytest.raises(FrameworkWorkbookError):
        read_framework_workbook(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("flag", False, "no"),
        ("number", 0.1 + 0.2, "0.30000000000000004"),
        ("number", 0.25, 0.25),
        ("keys", ["a", "b"], "a, b"),
        ("lines", ["a == b", "c > 1"], "a == b\nc > 1"),
        ("pairs", {"tag:seeing": 2, "x": 0.5}, "tag:seeing: 2; x: 0.5"),
        ("lists", {"period": ["day", "night"], "g": ["a"]}, "period: day, night; g: a"),
        ("levels", {"met": {"half": "partly"}}, "met.half: partly"),
    ],
)
def test_a_cell_holds_a_value(kind: Any, value: object, shown: object) -> None:
    assert to_cell(value, kind) == shown
    assert from_cell(shown, kind) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("levels", "half: partly"), ("pairs", "a"), ("keys", ",")]
)
def test_a_cell_that_holds_nothing_of_its_kind_says_so(kind: Any, text: str) -> None:
    with pytest.raises(CellError, match="e\\.g\\."):
        from_cell(text, kind)
