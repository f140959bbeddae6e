"""Which column of a file says what about an incident, and what its codes mean elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from parvis.incidents.errors import (
    IncidentColumnsError,
    IncidentMappingError,
    IncidentOptionError,
)
from parvis.io.vector import VectorMissingError
from parvis.packs.offences import offence_list

_WORDS: Mapping[str, Sequence[str]] = {
    "time": ("time", "datetime", "date_time", "date", "occurred", "start", "date_from", "month"),
    "until": ("until", "end", "date_to", "date_until", "end_date"),
    "x": ("lon", "lng", "long", "longitude", "x", "easting", "x_coord"),
    "y": ("lat", "latitude", "y", "northing", "y_coord"),
    "kind": ("kind", "crime_type", "offence", "offense", "offence_code", "category", "code"),
    "place": ("place", "place_type", "loc_cat", "location_type", "location_description"),
    "area": ("area", "area_code", "ward_code", "lsoa_code", "zone", "district"),
    "count": ("count", "n", "incidents", "number"),
    "id": ("id", "incident_id", "crime_id", "case_number"),
}
_ICCS = re.compile(r"\d{2,6}")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """
    What each column of a file means; empty where none says it.

    Attributes
    ----------
    time, until : str
        When it happened, or from when and until when.
    time_format : str
        As ``%d/%m/%Y %H:%M``; empty for ISO dates and what can be told without doubt.
    x, y : str
        East and north, or longitude and latitude.
    crs : str
        As ``EPSG:25833``; empty for degrees.
    kind, place, area : str
        Kind of incident, kind of place, code of the area.
    count : str
        How many incidents a row stands for, in files of areas.
    id : str
        What tells incidents apart; the same twice is refused.
    """

    time: str = ""
    until: str = ""
    time_format: str = ""
    x: str = ""
    y: str = ""
    crs: str = ""
    kind: str = ""
    place: str = ""
    area: str = ""
    count: str = ""
    id: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are named, by what they mean."""
        said = asdict(self)
        return {what: said[what] for what in _WORDS if said[what]}


MEANINGS = tuple(each.name for each in fields(ColumnMapping))


def guess_mapping(names: Iterable[str]) -> ColumnMapping:
    """
    Return what the columns of a file seem to mean, by their names.

    Examples
    --------
    >>> guess_mapping(["Month", "Crime.type", "Longitude", "Latitude"]).kind
    'Crime.type'
    """
    by_word = {re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"): name for name in names}
    found = {
        what: next((by_word[word] for word in words if word in by_word), "")
        for what, words in _WORDS.items()
    }
    return ColumnMapping(**found)


def changed_mapping(mapping: ColumnMapping, said: Sequence[str]) -> ColumnMapping:
    """
    Return a mapping with what is said as ``MEANING=COLUMN``.

    Raises
    ------
    IncidentOptionError
    """
    for each in said:
        what, sign, column = each.partition("=")
        if what not in MEANINGS or not sign:
            accepted = f"MEANING=COLUMN, where MEANING is one of {', '.join(MEANINGS)}"
            raise IncidentOptionError(what="--column", value=each, accepted=accepted)
        mapping = replace(mapping, **{what: column})
    return mapping


def check_mapping(mapping: ColumnMapping, file: str, names: Sequence[str]) -> None:
    """Refuse a mapping to columns that the file lacks; IncidentColumnsError."""
    missing = [column for column in mapping.columns.values() if column not in names]
    if missing:
        found = ", ".join(names[:20])
        raise IncidentColumnsError(file=file, missing=", ".join(missing), found=found)


def read_mapping(path: Path) -> ColumnMapping:
    """
    Read a saved mapping.

    Raises
    ------
    VectorMissingError, IncidentMappingError
    """
    said = _yaml(path)
    unknown = sorted(set(said) - set(MEANINGS))
    if unknown:
        problem = f"unknown: {', '.join(unknown)}; accepted: {', '.join(MEANINGS)}"
        raise IncidentMappingError(file=path.name, problem=problem)
    return ColumnMapping(**{what: str(column) for what, column in said.items()})


def write_mapping(path: Path, mapping: ColumnMapping) -> None:
    """Write a mapping that `read_mapping` reads."""
    kept = {what: column for what, column in asdict(mapping).items() if column}
    path.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class CodeList:
    """
    Codes of the International Classification of Crime for Statistical Purposes by local codes.

    Attributes
    ----------
    source : str
        Who made the list, and its edition.
    iccs : mapping of str to str
    without_class : mapping of str to str
        Local codes that have no class, and why.
    """

    source: str
    iccs: Mapping[str, str]
    without_class: Mapping[str, str] = field(default_factory=dict)


def shipped_codes(key: str) -> CodeList | None:
    """
    Return a national list that ships with Parvis, None where there is none of that key.

    Examples
    --------
    >>> shipped_codes("police-uk").iccs["Burglary"]
    '0501'
    """
    known = offence_list(key)
    if known is None:
        return None
    words = {
        word: code for code in known.codes for word in dict.fromkeys((code.local, *code.names))
    }
    return CodeList(
        f"{known.name}, {known.edition}",
        {word: code.iccs for word, code in words.items() if code.iccs},
        {word: code.note for word, code in words.items() if not code.iccs},
    )


def read_codes(path: Path) -> CodeList:
    """
    Read a list of codes: YAML with ``source`` and ``codes``, ICCS codes by local code.

    Parameters
    ----------
    path : Path
        A file, or the key of a list that ships with Parvis.

    Raises
    ------
    VectorMissingError, IncidentMappingError
    """
    shipped = None if path.is_file() else shipped_codes(str(path))
    if shipped is not None:
        return shipped
    said = _yaml(path)
    source, codes = said.get("source"), said.get("codes")
    if not isinstance(source, str) or not source.strip():
        raise IncidentMappingError(file=path.name, problem="source is missing: who made the list")
    if not isinstance(codes, dict) or not codes:
        problem = "codes are missing: a mapping of local codes to ICCS codes"
        raise IncidentMappingError(file=path.name, problem=problem)
    iccs = {str(local): str(code) for local, code in codes.items()}
    for local, code in iccs.items():
        if not _ICCS.fullmatch(code):
            problem = f"{local}: {code!r} is no ICCS code; accepted: two to six digits in quotes"
            raise IncidentMappingError(file=path.name, problem=problem)
    return CodeList(source, iccs)


def _yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise IncidentMappingError(file=path.name, problem="it is no YAML") from None
    if not isinstance(said, dict):
        raise IncidentMappingError(file=path.name, problem="it is no mapping of names to values")
    return said
