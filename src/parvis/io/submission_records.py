"""What do the files say that servers give out: ODK Central and KoboToolbox, as records."""

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from parvis.errors import InputError
from parvis.io.submission_record import (
    FACTS,
    KnownColumns,
    Record,
    SubmissionsUnreadableError,
    name_instance,
)
from parvis.io.submission_tables import MOST_RECORDS, records_of_csv, records_of_workbook
from parvis.io.xlsform_fields import FormLayout

LARGEST_FILE = 1_000_000_000
LARGEST_TABLE = 100_000_000
LARGEST_UNPACKED = 4_000_000_000
MOST_MEMBERS = 50_000
DEEPEST = 30
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError
)  # fmt: skip


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
        CSV; XLSX of KoboToolbox; JSON, of OData or of KoboToolbox; or a ZIP of tables and media.
        Tables of repeats lie beside the first one, or are further sheets.
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
    known = KnownColumns(layout)
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
        return records_of_csv(tables, known, path.name), Media(folder=path.parent)
    if suffix == ".xlsx":
        return records_of_workbook(path, known), Media(folder=path.parent)
    problem = "it is none of CSV, XLSX, JSON and ZIP"
    raise SubmissionsUnreadableError(file=path.name, problem=problem)


def _records_of_zip(path: Path, known: KnownColumns) -> list[Record]:
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
        return records_of_csv(tables, known, path.name)
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


def _records_of_json(raw: bytes, known: KnownColumns, file: str) -> list[Record]:
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


def _document(said: Mapping[str, Any], known: KnownColumns, file: str) -> Record:
    record = Record()
    _walk(said, record, known, file, 0)
    name_instance(record)
    return record


def _walk(
    said: Mapping[str, Any], record: Record, known: KnownColumns, file: str, depth: int
) -> None:
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
            fact = FACTS.get(head.lower()) or FACTS.get(re.split(r"[/.]", head)[-1].lower())
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
