"""How a framework becomes a workbook that can be written in a spreadsheet."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from parvis.io.framework_sheets import ABOUT, SHEETS, Cell, Column, to_cell
from parvis.packs.framework_models import Framework
from parvis.packs.framework_writing import TEXTS, Content, entries_in, framework_content

LANGUAGE_WIDTH = 60
_HEAD = PatternFill("solid", fgColor="DDE5EC")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write_framework_workbook(framework: Framework, path: Path) -> None:
    """
    Write a framework as a workbook; `read_framework_workbook` reads the same framework from it.

    Parameters
    ----------
    framework : Framework
    path : Path
    """
    path.write_bytes(framework_workbook(framework))


def framework_workbook(framework: Framework) -> bytes:
    """Return a framework as the content of a workbook."""
    content = framework_content(framework)
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, columns in SHEETS.items():
        page = book.create_sheet(title)
        if title == "about":
            _fill(page, columns, _about_rows(content))
        elif title == "translations":
            languages = tuple(framework.translations)
            shown = (*columns, *(Column(code, width=LANGUAGE_WIDTH) for code in languages))
            _fill(page, shown, _translation_rows(content, languages))
        else:
            _fill(page, columns, _rows(title, content))
    with BytesIO() as stream:
        book.save(stream)
        return stream.getvalue()


def _fill(page: Worksheet, columns: tuple[Column, ...], rows: Iterator[list[Cell]]) -> None:
    for place, column in enumerate(columns, start=1):
        head = page.cell(1, place, column.header)
        head.font, head.fill = Font(bold=True), _HEAD
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.freeze_panes = "A2"
    for number, values in enumerate(rows, start=2):
        for place, value in enumerate(values, start=1):
            if value is None:
                continue
            cell: Any = page.cell(number, place, value)
            cell.alignment = _WRAPPED
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
                cell.number_format = "@"


def _value(entry: Content, column: Column) -> Cell:
    found: Any = entry
    for key in column.path:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return to_cell(found, column.kind)


def _values(entry: Content, columns: tuple[Column, ...], first: dict[str, Cell]) -> list[Cell]:
    return [first[c.header] if c.header in first else _value(entry, c) for c in columns]


def _about_rows(content: Content) -> Iterator[list[Cell]]:
    for row in ABOUT:
        value = _value(content, row)
        if value is not None:
            yield [row.header, value]


def _translation_rows(content: Content, languages: tuple[str, ...]) -> Iterator[list[Cell]]:
    for called, _, entry in entries_in(content):
        i18n = entry.get("i18n", {})
        for field in TEXTS:
            texts = [i18n.get(code, {}).get(field) for code in languages]
            if any(text is not None for text in texts):
                yield [called, field, entry.get(field), *texts]


def _rows(title: str, content: Content) -> Iterator[list[Cell]]:
    columns = SHEETS[title]
    match title:
        case "evidence":
            for key, entry in content["evidence"].items():
                yield _values(entry, columns, {"key": key})
        case "lists":
            yield from _nested(content, "lists", "entries", ("list", "entry"), columns)
        case "scales":
            yield from _nested(content, "scales", "levels", ("scale", "level"), columns)
        case "questions":
            yield from _questions(content, columns)
        case "options":
            for called, _, entry in entries_in(content):
                kind, _, of = called.partition(" ")
                if kind == "option":
                    yield _values(entry, columns, {"of": of.rpartition(".")[0]})
        case "rungs" | "classes" | "outcomes":
            for score in content.get("scores", ()):
                for entry in score.get(title, ()):
                    yield _values(entry, columns, {"score": score["key"]})
        case "matrices":
            for score in content.get("scores", ()):
                for row, cells in enumerate(score.get("cells", ()), start=1):
                    first: dict[str, Cell] = {"score": score["key"], "row": row}
                    yield _values({"cells": cells}, columns, first)
        case "trees":
            for score in content.get("scores", ()):
                for step in score.get("steps", ()):
                    for place, case in enumerate(step["cases"]):
                        asked = None if place else step.get("question")
                        named = {"score": score["key"], "step": step["key"], "question": asked}
                        yield _values(case, columns, named)
        case _:
            for entry in content.get(title, ()):
                yield _values(entry, columns, {})


def _nested(
    content: Content, part: str, inner: str, heads: tuple[str, str], columns: tuple[Column, ...]
) -> Iterator[list[Cell]]:
    for outer in content.get(part, ()):
        yield _values(outer, columns, {heads[0]: outer["key"], heads[1]: None})
        for entry in outer.get(inner, ()):
            yield _values(entry, columns, {heads[0]: outer["key"], heads[1]: entry["key"]})


def _questions(content: Content, columns: tuple[Column, ...]) -> Iterator[list[Cell]]:
    for section in content["sections"]:
        for question in section["questions"]:
            first: dict[str, Cell] = {"section": section["key"], "table": None}
            yield _values(question, columns, first)
            for column in question.get("columns", ()):
                first = {"section": section["key"], "table": question["key"]}
                yield _values(column, columns, first)
