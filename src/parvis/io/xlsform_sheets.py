"""Which rows and columns does a form's workbook have, whether XLSX, XLS or CSV."""

import csv
import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.errors import InputError
from parvis.io.vector import (
    VectorFormatError,
    VectorMissingError,
    VectorUnreadableError,
    as_text,
    open_workbook,
)

FORMATS = ".xlsx, .xls, .csv"
LARGEST_FILE = 20_000_000
"""[byte]"""
LARGEST_UNPACKED = 100_000_000
"""A workbook that unpacks to more is no form. [byte]"""
MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_MEMBERS = 5_000
LONGEST_CELL = 10_000
_ALIASES = {
    "list name": "list_name",
    "caption": "label",
    "relevance": "relevant",
    "skippattern": "relevant",
    "skip logic": "relevant",
    "constraint message": "constraint_message",
    "constraint_msg": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "read only": "readonly",
    "read_only": "readonly",
    "choice filter": "choice_filter",
    "id_string": "form_id",
    "title": "form_title",
    "set form title": "form_title",
    "set form id": "form_id",
    "value": "name",
}
_TRANSLATED = frozenset({
    "label", "hint", "guidance_hint", "constraint_message", "required_message",
    "image", "audio", "video", "big-image",
})  # fmt: skip

Header = tuple[str, str]
"""What a column holds, and the language it is in; "" where it names none."""


class FormRefusedError(InputError):
    """Something in a form has no counterpart; details: file, sheet, row, column, value, problem."""

    code = "form_refused"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its number as spreadsheets show it, and its cells by header; empty ones left out."""

    number: int
    cells: Mapping[Header, str]

    def get(self, column: str) -> str:
        """Return the cell of `column` in no stated language, else in the first there is."""
        if (column, "") in self.cells:
            return self.cells[column, ""]
        return next((text for (name, _), text in self.cells.items() if name == column), "")

    def by_language(self, column: str) -> dict[str, str]:
        """Return the cells of `column` by the language as it is written."""
        return {said: text for (name, said), text in self.cells.items() if name == column}


@dataclass(frozen=True, slots=True)
class FormSheet:
    """The rows below a header, and the header."""

    name: str
    headers: tuple[Header, ...]
    rows: tuple[FormRow, ...]


Lines = list[tuple[int, list[str]]]


def read_form_sheets(path: Path) -> dict[str, FormSheet]:
    """
    Read the sheets of a form by their name in small letters.

    Parameters
    ----------
    path : Path
        XLSX; XLS; or CSV whose first column names the sheets, or that is a survey sheet alone.

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError
    """
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    readers = {".xlsx": _xlsx, ".xls": _xls, ".csv": _csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise VectorFormatError(file=path.name, accepted=FORMATS)
    if path.stat().st_size > LARGEST_FILE:
        raise VectorUnreadableError(file=path.name, reason="it is too large for a form")
    sheets = {}
    for name, lines in reader(path).items():
        if sheet := _sheet(name, lines, path.name):
            sheets[name.strip().lower()] = sheet
    return sheets


def split_header(text: str) -> Header:
    """
    Return what a header says: ``label::Polski (pl)`` is a label in a language.

    Examples
    --------
    >>> split_header("Label :: Polski (pl)"), split_header("bind:relevant"), split_header("TYPE")
    (('label', 'Polski (pl)'), ('relevant', ''), ('type', ''))
    """
    plain = " ".join(text.split())
    low = plain.lower()
    for prefix in ("bind::", "bind:", "control::", "control:", "media::", "media:"):
        if low.startswith(prefix):
            plain, low = plain[len(prefix) :], low[len(prefix) :]
    if low in _ALIASES:
        return _ALIASES[low], ""
    base, sign, language = plain.partition("::")
    if not sign:
        base, sign, language = plain.partition(":")
    base = base.strip().lower().replace(" ", "_") if sign else low
    base = _ALIASES.get(base, base)
    if sign and base in _TRANSLATED:
        return base, language.strip()
    return _ALIASES.get(low, low.replace(" ", "_")), ""


def _sheet(name: str, lines: Lines, file: str) -> FormSheet | None:
    if not lines:
        return None
    if len(lines) > MOST_ROWS:
        raise VectorUnreadableError(file=file, reason="it is too large for a form")
    heads = [split_header(text) if text else None for text in lines[0][1]]
    rows = []
    for number, values in lines[1:]:
        cells: dict[Header, str] = {}
        for head, text in zip(heads, values, strict=False):
            if head is not None and text and head not in cells:
                cells[head] = text[:LONGEST_CELL]
        if cells:
            rows.append(FormRow(number, cells))
    return FormSheet(name, tuple(head for head in heads if head), tuple(rows))


def _texts(values: Sequence[Any]) -> list[str]:
    texts = [str(v).lower() if isinstance(v, bool) else as_text(v) for v in values[:MOST_COLUMNS]]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _xlsx(path: Path) -> dict[str, Lines]:
    _check_packed(path)
    book = open_workbook(path)
    found = {}
    for page in book.worksheets:
        deepest = min(page.max_row, MOST_ROWS + 1)
        widest = min(page.max_column, MOST_COLUMNS)
        rows = page.iter_rows(max_row=deepest, max_col=widest, values_only=True)
        lines = [(number, _texts(values)) for number, values in enumerate(rows, start=1)]
        found[page.title] = [line for line in lines if line[1]]
    return found


def _check_packed(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        reason = "it is not a whole XLSX workbook"
        raise VectorUnreadableError(file=path.name, reason=reason) from error
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise VectorUnreadableError(file=path.name, reason="it is too large for a form")


def _xls(path: Path) -> dict[str, Lines]:
    import xlrd

    try:
        with (
            io.StringIO() as log,
            xlrd.open_workbook(path, on_demand=True, logfile=log) as book,
        ):
            found = {}
            for page in book.sheets():
                if page.nrows > MOST_ROWS:
                    raise VectorUnreadableError(file=path.name, reason="it is too large for a form")
                lines = [
                    (row + 1, _texts([_xls_value(cell) for cell in page.row(row)]))
                    for row in range(page.nrows)
                ]
                found[page.name] = [line for line in lines if line[1]]
            return found
    except (
        xlrd.XLRDError,
        xlrd.compdoc.CompDocError,
        AssertionError,
        struct.error,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        MemoryError,
        EOFError,
        OSError,
        RecursionError,
        ValueError,
    ) as error:
        if isinstance(error, InputError):
            raise
        reason = "it is not a whole XLS workbook"
        raise VectorUnreadableError(file=path.name, reason=reason) from error


def _xls_value(cell: Any) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _csv(path: Path) -> dict[str, Lines]:
    raw = path.read_bytes()
    if b"\x00" in raw:
        raise VectorUnreadableError(file=path.name, reason="it holds binary data")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    delimiter = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num, _texts(values)) for values in reader]
    except csv.Error as error:
        raise VectorUnreadableError(file=path.name, reason="damaged text") from error
    lines = [line for line in lines if line[1]]
    if lines and "type" in [word.lower() for word in lines[0][1]]:
        return {"survey": lines}
    found: dict[str, Lines] = {}
    name = ""
    for number, values in lines:
        if values[0] and re.fullmatch(r"\w+", values[0]):
            name = values[0]
            found[name] = []
        if name and len(values) > 1:
            found[name].append((number, values[1:]))
    return found
