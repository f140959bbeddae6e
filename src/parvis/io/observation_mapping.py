"""How are the columns of a delivery read: which is what, which words mean which, which decimals."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from parvis.errors import InputError

FIELDS = (
    "indicator", "period", "area", "value", "n", "numerator", "denominator", "standard_error",
    "flag", "source", "grade",
)  # fmt: skip
NUMERIC = ("value", "n", "numerator", "denominator", "standard_error")
SPLIT = "split:"
_SDMX = {
    "TIME_PERIOD": "period", "OBS_VALUE": "value", "OBS_STATUS": "flag", "REF_AREA": "area",
    "INDICATOR": "indicator",
}  # fmt: skip
_LARGEST = 1_000_000


class MappingInvalidError(InputError):
    """A mapping of columns cannot be used; details: file, key, problem."""

    code: ClassVar[str] = "observation_mapping"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """
    How the columns of a table become observations.

    Attributes
    ----------
    columns : dict
        From a field of observations, or ``split:sex`` and its like, to the table's column.
    constants : dict
        Fields that are the same in every row.
    words : dict of dict
        By field, what the table's words mean.
    areas : tuple of str
        Codes that are accepted; empty accepts all.
    delimiter, decimal, sheet : str
        Empty where they are to be found out.
    """

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: str = ""
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain data as the file holds it."""
        return {name: getattr(self, name) for name in ColumnMapping.__slots__}


def read_mapping(path: Path) -> ColumnMapping:
    """
    Read a saved mapping.

    Raises
    ------
    MappingInvalidError
        Names the key.
    """

    def wrong(key: str, problem: str) -> MappingInvalidError:
        return MappingInvalidError(file=str(path), key=key, problem=problem)

    try:
        with path.open("rb") as stream:
            said = json.loads(stream.read(_LARGEST + 1).decode("utf-8-sig"))
    except OSError:
        raise wrong("", "there is no such file") from None
    except (ValueError, RecursionError):
        raise wrong("", "it is not JSON") from None
    if not isinstance(said, dict):
        raise wrong("", "it is not an object in JSON")
    for key, value in said.items():
        if key not in ColumnMapping.__slots__:
            raise wrong(str(key), "there is no such key")
        if key in ("columns", "constants") and not _is_texts(value):
            raise wrong(key, "texts by name must stand here")
        if key == "words" and not (
            isinstance(value, dict) and all(_is_texts(each) for each in value.values())
        ):
            raise wrong(key, "texts by name must stand here")
        if key == "areas" and not (
            isinstance(value, list) and all(isinstance(each, str) for each in value)
        ):
            raise wrong(key, "a list of texts must stand here")
        if key in ("delimiter", "decimal", "sheet") and not isinstance(value, str):
            raise wrong(key, "a text must stand here")
    for part in ("columns", "constants", "words"):
        for name in said.get(part, {}):
            if not is_field(name) or (part == "constants" and name in NUMERIC):
                raise wrong(f"{part}.{name}", "there is no such field of observations")
    if said.get("delimiter", "") not in ("", ",", ";", "\t", "|"):
        raise wrong("delimiter", "a comma, a semicolon, a tab or | is accepted")
    if said.get("decimal", "") not in ("", ",", "."):
        raise wrong("decimal", "a comma or a point is accepted")
    return ColumnMapping(**{**said, "areas": tuple(said.get("areas", ()))})


def is_field(name: str) -> bool:
    """Return whether observations have such a field, a split included."""
    return name in FIELDS or (name.startswith(SPLIT) and len(name) > len(SPLIT))


def completed(mapping: ColumnMapping, header: list[str]) -> dict[str, str]:
    """
    Return which column each field is read from: as mapped, else by its own name.

    Parameters
    ----------
    mapping : ColumnMapping
    header : list of str
        Names of the table's columns; those of SDMX-CSV are known.
    """
    found: dict[str, str] = {}
    for column in header:
        name = column if is_field(column) else _SDMX.get(column, "")
        if name:
            found.setdefault(name, column)
    for name in mapping.constants:
        found.pop(name, None)
    return found | mapping.columns


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
