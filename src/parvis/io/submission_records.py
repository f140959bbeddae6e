"""What do the files say that servers give out: ODK Central and KoboToolbox, as records."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from parvis.errors import InputError
from parvis.io.xlsform_fields import FormLayout

LARGEST_FILE = 1_000_000_000
LARGEST_TABLE = 100_000_000
LARGEST_UNPACKED = 4_000_000_000
MOST_MEMBERS = 50_000
MOST_RECORDS = 50_000
DEEPEST = 30
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError
)  # fmt: skip
_FACTS = {
    "key": "instance", "meta-instanceid": "instance", "meta/instanceid": "instance",
    "instanceid": "instance", "__id": "instance", "_uuid": "uuid",
    "parent_key": "parent", "end": "end", "start": "start",
    "submissiondate": "received", "_submission_time": "received",
    "formversion": "version", "__version__": "version",
}  # fmt: skip


class SubmissionsUnreadableError(InputError):
    """A file holds no submissions that can be read; details: file, problem."""

    code: ClassVar[str] = "submissions_unreadable"


@dataclass
class Record:
    """
    What one submission, or one round of a repeat, says.

    Attributes
    ----------
    values : dict of str to object
        By the name of the field; places as text ``latitude longitude``.
    facts : dict of str to str
        What the server says: ``instance``, ``start``, ``end``, ``received``, ``parent``.
    repeats : dict of str to list of Record
    """

    values: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    repeats: dict[str, list["Record"]] = field(default_factory=dict)


class Media:
    """
    Files that came with submissions.

    Parameters
    ----------
    packed : zipfile.ZipFile, optional
    folder : Path, optional
        Beside the table.
    """

    def __init__(self, packed: Path | None = None, folder: Path | None = None) -> None:
        self.packed = packed
        self.folder = folder
        self.members: dict[str, list[str]] = {}
        if packed is not None:
            with zipfile.ZipFile(packed) as archive:
                for member in archive.infolist():
                    name = PurePosixPath(member.filename).name
                    self.members.setdefault(name, []).append(member.filename)

    def read(self, name: str, instance: str, *, largest: int) -> bytes | None:
        """Return a file by the name that the submission gives; None where it did not come."""
        base = PurePosixPath(name.replace("\\", "/")).name
        if not base or base.startswith("."):
            return None
        if self.packed is not None:
            found = self.members.get(base, [])
            own = [member for member in found if instance.removeprefix("uuid:") in member]
            if not found or (len(found) > 1 and not own):
                return None
            try:
                with zipfile.ZipFile(self.packed) as archive:
                    return _bounded(archive, (own or found)[0], largest)
            except (*_BROKEN, SubmissionsUnreadableError):
                return None
        if self.folder is not None:
            for place in (self.folder / "media" / base, self.folder / base):
                if place.is_file() and not place.is_symlink():
                    with place.open("rb") as stream:
                        return stream.read(largest + 1)
        return None


def read_records(path: Path, layout: FormLayout) -> tuple[list[Record], Media]:
    """
    Read what a server gave out.

    Parameters
    ----------
    path : Path
        CSV; JSON, of OData or of KoboToolbox; or a ZIP of tables and media. Tables of repeats
        lie beside the first one.
    layout : FormLayout
        The form, whose fields are looked for.

    Raises
    ------
    SubmissionsUnreadableError
    """
    if not path.is_file():
        raise SubmissionsUnreadableError(file=str(path), problem="there is no such file")
    if path.stat().st_size > LARGEST_FILE:
        raise SubmissionsUnreadableError(file=path.name, problem="it is too large")
    known = _Known(layout)
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _records_of_zip(path, known), Media(packed=path)
    if suffix == ".json":
        return _records_of_json(path.read_bytes(), known, path.name), Media(folder=path.parent)
    if suffix == ".csv":
        tables = {path.name: path.read_bytes()}
        stem = path.stem
        for other in sorted(path.parent.glob("*.csv")):
            if other.name.startswith(f"{stem}-") and other.is_file():
                tables[other.name] = other.read_bytes()
        return _records_of_tables(tables, known, path.name), Media(folder=path.parent)
    raise SubmissionsUnreadableError(file=path.name, problem="it is none of CSV, JSON and ZIP")


class _Known:
    """Columns by every name that servers give a field."""

    def __init__(self, layout: FormLayout) -> None:
        self.columns: dict[str, str] = {}
        self.repeat_of: dict[str, str] = {}
        self.repeats = layout.repeats
        for name, found in layout.fields.items():
            for sign in ("-", "/", "."):
                self.columns[sign.join((*found.path, name))] = name
            self.repeat_of[name] = found.repeat
            if found.repeat:
                inner = found.path[found.path.index(found.repeat) + 1 :]
                for sign in ("-", "/", "."):
                    self.columns[sign.join((*inner, name))] = name
        self.columns |= {name: name for name in layout.fields}

    def column(self, head: str) -> str:
        if head in self.columns:
            return self.columns[head]
        *above, last = re.split(r"[/.]", head)
        # Below a question stand its single choices, which may be called like other questions.
        return "" if above and above[-1] in self.repeat_of else self.columns.get(last, "")

    def repeat(self, head: str) -> str:
        last = re.split(r"[/.]", head)[-1]
        return last if last in self.repeats else ""


def _records_of_zip(path: Path, known: _Known) -> list[Record]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if (
                len(members) > MOST_MEMBERS
                or sum(member.file_size for member in members) > LARGEST_UNPACKED
            ):
                raise SubmissionsUnreadableError(file=path.name, problem="it is too large")
            tables, documents = {}, {}
            for member in members:
                name = PurePosixPath(member.filename)
                if "__MACOSX" in name.parts or name.name.startswith("."):
                    continue
                if name.suffix.lower() == ".csv":
                    tables[member.filename] = _bounded(archive, member.filename, LARGEST_TABLE)
                elif name.suffix.lower() == ".json":
                    documents[member.filename] = _bounded(archive, member.filename, LARGEST_TABLE)
    except _BROKEN as problem:
        if isinstance(problem, InputError):
            raise
        said = "it is no readable zip file"
        raise SubmissionsUnreadableError(file=path.name, problem=said) from problem
    if tables:
        return _records_of_tables(tables, known, path.name)
    found = [r for name, raw in documents.items() for r in _records_of_json(raw, known, name)]
    if not documents:
        raise SubmissionsUnreadableError(file=path.name, problem="it holds no table of submissions")
    return found


def _bounded(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    with archive.open(name) as stream:
        raw = stream.read(largest + 1)
    if len(raw) > largest:
        raise SubmissionsUnreadableError(file=name, problem="it is too large")
    return raw


def _records_of_tables(tables: Mapping[str, bytes], known: _Known, file: str) -> list[Record]:
    roots: list[Record] = []
    rounds: list[tuple[str, Record]] = []
    for name, raw in tables.items():
        lines = list(_lines(raw, name))
        if not lines:
            continue
        heads = lines[0]
        columns = [known.column(head) for head in heads]
        repeats = [known.repeat_of[column] for column in columns if column]
        repeat = next((found for found in repeats if found), "")
        is_round = bool(repeat) and "parent_key" in [head.lower() for head in heads]
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
    by_key = {record.facts.get("instance", ""): record for record in roots}
    for repeat, record in rounds:
        root = by_key.get(record.facts.get("parent", ""))
        if root is not None:
            root.repeats.setdefault(repeat, []).append(record)
    return roots


def _row(
    heads: Sequence[str], columns: Sequence[str], values: Sequence[str], known: _Known
) -> Record:
    record = Record()
    parts: dict[str, dict[str, str]] = {}
    for head, column, value in zip(heads, columns, values, strict=False):
        if not value:
            continue
        if column:
            record.values.setdefault(column, value)
            continue
        fact = _FACTS.get(head.lower())
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
    _name_instance(record)
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


def _records_of_json(raw: bytes, known: _Known, file: str) -> list[Record]:
    if len(raw) > LARGEST_TABLE:
        raise SubmissionsUnreadableError(file=file, problem="it is too large")
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise SubmissionsUnreadableError(file=file, problem="it is no JSON") from problem
    if isinstance(document, dict):
        listed = document.get("value", document.get("results", [document]))
    else:
        listed = document
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise SubmissionsUnreadableError(file=file, problem="it holds no list of submissions")
    if len(listed) > MOST_RECORDS:
        raise SubmissionsUnreadableError(file=file, problem="it is too large")
    return [_document(one, known, file) for one in listed]


def _document(said: Mapping[str, Any], known: _Known, file: str) -> Record:
    record = Record()
    _walk(said, record, known, file, 0)
    _name_instance(record)
    return record


def _walk(said: Mapping[str, Any], record: Record, known: _Known, file: str, depth: int) -> None:
    if depth > DEEPEST:
        raise SubmissionsUnreadableError(file=file, problem="it is nested too deeply")
    for head, value in said.items():
        if value is None or value == "":
            continue
        repeat, column = known.repeat(head), known.column(head)
        if head.endswith("@odata.navigationLink"):
            if known.repeat(head.partition("@")[0]):
                problem = "repeats are missing: ask for the data with $expand=*"
                raise SubmissionsUnreadableError(file=file, problem=problem)
        elif repeat and isinstance(value, list):
            rounds = [one for one in value if isinstance(one, dict)]
            record.repeats.setdefault(repeat, []).extend(
                _document(one, known, file) for one in rounds
            )
        elif column:
            record.values.setdefault(column, _leaf(value))
        elif isinstance(value, dict):
            _walk(value, record, known, file, depth + 1)
        else:
            fact = _FACTS.get(head.lower()) or _FACTS.get(re.split(r"[/.]", head)[-1].lower())
            if fact and isinstance(value, str | int | float):
                record.facts.setdefault(fact, str(value))


def _leaf(value: Any) -> str:
    if isinstance(value, dict):
        place = value.get("coordinates")
        if isinstance(place, list) and len(place) >= 2:
            return f"{place[1]} {place[0]}"
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value)


def _name_instance(record: Record) -> None:
    uuid = record.facts.pop("uuid", "")
    if uuid and "instance" not in record.facts:
        record.facts["instance"] = uuid if uuid.startswith("uuid:") else f"uuid:{uuid}"
