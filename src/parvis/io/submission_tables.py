"""What do tables of submissions say: CSV of ODK Central, CSV and workbooks of KoboToolbox."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from parvis.io.submission_record import (
    FACTS,
    KnownColumns,
    Record,
    SubmissionsUnreadableError,
    name_instance,
)
from parvis.io.vector import as_text, open_workbook

MOST_RECORDS = 50_000
MOST_COLUMNS = 5_000
LARGEST_UNPACKED = 500_000_000
"""A workbook that unpacks to more is none of a server of forms. [byte]"""
_PARENTS = {"parent_key", "_parent_index", "_submission__uuid"}
"""Columns by which a row of a repeat names its submission."""
Lines = Sequence[Sequence[str]]


def records_of_csv(tables: Mapping[str, bytes], known: KnownColumns, file: str) -> list[Record]:
    """Return the submissions of CSV tables: a main one, and those of repeats."""
    lines = {name: list(_lines(raw, name)) for name, raw in tables.items()}
    return _records_of_lines(lines, known, file)


def records_of_workbook(path: Path, known: KnownColumns) -> list[Record]:
    """Return the submissions of a workbook: a sheet for the main table and one for each repeat."""
    check_unpacked(path)
    tables = {}
    for page in open_workbook(path).worksheets:
        if page.max_row > MOST_RECORDS or page.max_column > MOST_COLUMNS:
            raise SubmissionsUnreadableError(file=path.name, problem="it is too large")
        rows = ([_cell(value) for value in row] for row in page.iter_rows(values_only=True))
        tables[page.title] = [row for row in rows if any(row)]
    return _records_of_lines(tables, known, path.name)


def check_unpacked(path: Path) -> None:
    """
    Refuse a workbook that is damaged, or far larger than it looks.

    Raises
    ------
    SubmissionsUnreadableError
    """
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        said = "it is not a whole XLSX workbook"
        raise SubmissionsUnreadableError(file=path.name, problem=said) from problem
    if unpacked > LARGEST_UNPACKED:
        raise SubmissionsUnreadableError(file=path.name, problem="it is too large")


def _cell(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else as_text(value)


def _records_of_lines(tables: Mapping[str, Lines], known: KnownColumns, file: str) -> list[Record]:
    roots: list[Record] = []
    rounds: list[tuple[str, Record]] = []
    for name, lines in tables.items():
        if not lines:
            continue
        heads = lines[0]
        columns = [known.column(head) for head in heads]
        repeats = [known.repeat_of[column] for column in columns if column]
        repeat = next((found for found in repeats if found), "")
        is_round = bool(repeat) and bool(_PARENTS & {head.lower() for head in heads})
        if not any(columns):
            continue
        if len(lines) > MOST_RECORDS:
            raise SubmissionsUnreadableError(file=name, problem="it is too large")
        for values in lines[1:]:
            record = _row(heads, columns, values, known)
            if is_round:
                rounds.append((repeat, record))
            else:
                roots.append(record)
    if not roots:
        raise SubmissionsUnreadableError(file=file, problem="it holds no table of submissions")
    by_key = {record.facts["instance"]: record for record in roots if "instance" in record.facts}
    by_index = {record.facts["index"]: record for record in roots if "index" in record.facts}
    for repeat, record in rounds:
        facts = record.facts
        uuid = facts.get("parent_uuid", "")
        root = (
            by_key.get(facts.get("parent", ""))
            or by_key.get(f"uuid:{uuid.removeprefix('uuid:')}")
            or by_index.get(facts.get("parent_index", ""))
        )
        if root is not None:
            root.repeats.setdefault(repeat, []).append(record)
    return roots


def _row(
    heads: Sequence[str], columns: Sequence[str], values: Sequence[str], known: KnownColumns
) -> Record:
    record = Record()
    parts: dict[str, dict[str, str]] = {}
    for head, column, value in zip(heads, columns, values, strict=False):
        if not value:
            continue
        if column:
            record.values.setdefault(column, value)
            continue
        fact = FACTS.get(head.lower())
        if fact:
            record.facts.setdefault(fact, value)
            continue
        for pattern in (r"(.+)-(Latitude|Longitude)", r"(?:.*[/.])?_(.+)_(latitude|longitude)"):
            found = re.fullmatch(pattern, head)
            if found and known.column(found[1]):
                parts.setdefault(known.column(found[1]), {})[found[2].lower()] = value
    for column, place in parts.items():
        if len(place) == 2:
            record.values.setdefault(column, f"{place['latitude']} {place['longitude']}")
    name_instance(record)
    return record


def _lines(raw: bytes, name: str) -> Iterator[list[str]]:
    if b"\x00" in raw:
        raise SubmissionsUnreadableError(file=name, problem="it holds binary data")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionsUnreadableError(file=name, problem="it is not UTF-8 text") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(10_000_000)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as problem:
        raise SubmissionsUnreadableError(file=name, problem="damaged text") from problem
