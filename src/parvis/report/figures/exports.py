"""As which data a figure leaves: the same rows in every format, never without its caveats."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

from parvis.report.cells import neutralised
from parvis.report.figures.parquet import parquet
from parvis.report.figures.spec import Figure, Kind, Mark
from parvis.report.figures.summary import summary
from parvis.report.figures.table import NUMBERS, Table, full_table
from parvis.report.figures.words import Words, flag_letters

MEASURES = ("value", "low", "high", "n")
"""What a mark says, as the last dimension of JSON-stat."""
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_CSVW_TYPES = {True: "number", False: "string"}


def facts(figure: Figure) -> dict[str, str]:
    """Return what travels with the rows in every format: title, source, period, caveats."""
    words = Words(figure)
    return {
        "title": figure.title,
        "unit": figure.unit,
        "period": figure.period,
        "source": figure.source,
        "caveats": " ".join(words.caveats()),
        "flags": "; ".join(words.flags()),
        "summary": summary(figure),
        "language": figure.language,
    }


def to_csv(figure: Figure) -> str:
    """
    Return the rows as CSV, with `csv_metadata` to go beside it.

    The last columns repeat title, source, period and caveats in every row: a row that is taken
    out of the file keeps them.
    """
    said = facts(figure)
    kept = {key: said[key] for key in ("title", "period", "source", "caveats")}
    table = full_table(figure)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([*(column.key for column in table.columns), *kept])
    for row in table.rows:
        writer.writerow([neutralised(cell) for cell in (*row, *kept.values())])
    return lines.getvalue()


def csv_metadata(figure: Figure, url: str) -> dict[str, Any]:
    """
    Return what the columns of `to_csv` are, as CSV on the Web describes tables [1]_.

    Parameters
    ----------
    figure : Figure
    url : str
        Name of the CSV file.

    References
    ----------
    .. [1] W3C, "Metadata vocabulary for tabular data", 2015,
       https://www.w3.org/TR/tabular-metadata/
    """
    said, table = facts(figure), full_table(figure)
    columns: list[dict[str, Any]] = [
        {
            "name": column.key,
            "titles": [column.key],
            "dc:description": column.heading,
            "datatype": _CSVW_TYPES[column.key in NUMBERS],
            "null": "",
        }
        for column in table.columns
    ]
    columns += [
        {"name": key, "titles": [key], "datatype": "string"}
        for key in ("title", "period", "source", "caveats")
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": figure.language}],
        "url": url,
        "dc:title": said["title"],
        "dc:description": said["summary"],
        "dc:source": said["source"],
        "dc:temporal": said["period"],
        "rdfs:comment": [said["caveats"], said["flags"]],
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": columns},
    }


def to_xlsx(figure: Figure) -> bytes:
    """Return a workbook: the rows, and a second sheet with title, source, period and caveats."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    words, table = Words(figure), full_table(figure)
    book = Workbook()
    book.properties.created = book.properties.modified = _EPOCH.replace(tzinfo=None)
    book.properties.title = figure.title
    sheet = book.active
    if sheet is None:
        raise AssertionError
    sheet.title = "data"
    sheet.append([column.key for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        width = max([len(column.key), *(len(str(row[place - 1])) for row in table.rows)])
        sheet.column_dimensions[get_column_letter(place)].width = min(width + 2, 60)
    about = book.create_sheet("about")
    rows = [
        ("title", figure.title), ("unit", figure.unit), ("period", figure.period),
        ("source", figure.source), ("summary", summary(figure)),
    ]  # fmt: skip
    rows += [("caveat", said) for said in words.caveats()]
    rows += [("flag", said) for said in words.flags()]
    rows += [(column.key, column.heading) for column in table.columns]
    for key, said in rows:
        about.append([key, _cell(said)])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 14, 100
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def to_parquet(figure: Figure) -> bytes:
    """Return the rows as Parquet, with title, source, period and caveats as its metadata."""
    table = full_table(figure)
    kinds = dict.fromkeys(NUMBERS, float) | {"n": int}
    columns = [
        (
            column.key,
            kinds.get(column.key, str),
            [_typed(row[place], kinds.get(column.key, str)) for row in table.rows],
        )
        for place, column in enumerate(table.columns)
    ]
    return parquet(columns, facts(figure))


def to_json_stat(figure: Figure) -> str:
    """
    Return the values as a JSON-stat 2.0 data set [1]_: series, marks, and what is said of each.

    References
    ----------
    .. [1] X. Badosa, "JSON-stat format", version 2.0, https://json-stat.org/full/
    """
    words = Words(figure)
    names = {series.key: series.name for series in figure.series}
    labels: dict[str, str] = {}
    for mark in figure.marks:
        labels.setdefault(mark.key, mark.label)
    found = [{mark.key: mark for mark in series.marks} for series in figure.series]
    cells = [marks.get(key) for marks in found for key in labels]
    status = {
        str(len(MEASURES) * place): letters
        for place, mark in enumerate(cells)
        if mark is not None and (letters := flag_letters(mark).replace(" ", ""))
    }
    role = {"metric": ["measure"]}
    if figure.kind is Kind.TREND:
        role["time"] = ["mark"]
    if figure.kind is Kind.AREA_MAP:
        role["geo"] = ["mark"]
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": figure.title,
        "source": figure.source,
        "note": [*words.caveats(), *words.flags(), *words.origin(), summary(figure)],
        "id": ["series", "mark", "measure"],
        "size": [len(names), len(labels), len(MEASURES)],
        "role": role,
        "dimension": {
            "series": _dimension(figure.by or words("column.series"), names),
            "mark": _dimension(figure.of or words("column.label"), labels),
            "measure": _measures(figure, words),
        },
        "value": [
            getattr(mark, measure) if mark is not None else None
            for mark in cells
            for measure in MEASURES
        ],
        "status": status,
        "extension": {
            "language": figure.language,
            "kind": figure.kind.value,
            "period": figure.period,
            "target": figure.target,
            "reference": None if figure.reference is None else _beside(figure.reference),
            "base": figure.base,
            "at": None
            if figure.kind is not Kind.CONCENTRATION
            else [mark.at if mark is not None else None for mark in cells],
            "notes": {
                str(len(MEASURES) * place): mark.note
                for place, mark in enumerate(cells)
                if mark is not None and mark.note
            },
            "comparison": {
                str(len(MEASURES) * place): mark.against.value
                for place, mark in enumerate(cells)
                if mark is not None
            },
        },
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of its columns."""
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def _dimension(label: str, names: dict[str, str]) -> dict[str, Any]:
    return {"label": label, "category": {"index": list(names), "label": dict(names)}}


def _measures(figure: Figure, words: Words) -> dict[str, Any]:
    found = _dimension(words("column.value"), {key: words(f"column.{key}") for key in MEASURES})
    unit = {"label": figure.unit, "decimals": figure.decimals}
    found["category"]["unit"] = dict.fromkeys(MEASURES[:3], unit)
    return found


def _beside(mark: Mark) -> dict[str, Any]:
    return {key: getattr(mark, key) for key in ("label", "code", *MEASURES, "at")}


def _cell(value: Any) -> Any:
    """Return a cell of a workbook: no formula, and no sign that XML refuses."""
    if not isinstance(value, str):
        return value
    return neutralised("".join(sign for sign in value if sign.isprintable() or sign in "\n\t"))


def _typed(value: Any, kind: type) -> Any:
    return None if value is None else kind(value)
