"""What a figure says: values with their intervals, once for screen, print and machines."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from parvis.errors import InputError
from parvis.indicators.estimates import LEVEL, Flag

SCHEMA = "urn:parvis:schema:figure:1"
HOURS, DAYS = 24, 7
_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


class FigureError(InputError):
    """A figure cannot be drawn from what it was given."""

    code: ClassVar[str] = "figure"


class Kind(StrEnum):
    """How the values of a figure are arranged."""

    INTERVAL_DOTS = "interval_dots"
    TREND = "trend"
    PAIR = "pair"
    SMALL_MULTIPLES = "small_multiples"
    WATERFALL = "waterfall"
    AREA_MAP = "area_map"
    SHARE = "share"
    PROFILE = "profile"
    CONCENTRATION = "concentration"


class Against(StrEnum):
    """How a value stands to the one it is compared with, the interval considered."""

    UNKNOWN = "unknown"
    HIGHER = "higher"
    LOWER = "lower"
    NOT_DIFFERENT = "not_different"


class Role(StrEnum):
    """What a mark of a waterfall is: the score before, a step, the score after."""

    VALUE = "value"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One value of a figure.

    Attributes
    ----------
    label : str
        What it is of, in the reader's words: an area, a period, a group, an indicator.
    value, low, high : float or None
        The value and the limits of its interval; no value where it is not known or not shown.
    code : str
        The same for machines: code of the area, the period or the indicator.
    at : float or None
        Place along the other axis, for a curve.
    against : Against
        Compared with the figure's `reference`.
    flags : tuple of Flag
    note : str
        A sentence about this value alone, as why it is missing.
    n : int or None
        Answers or events behind it.
    role : Role
    """

    __pydantic_config__ = _STRICT

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    code: str = ""
    at: float | None = None
    against: Against = Against.UNKNOWN
    flags: tuple[Flag, ...] = ()
    note: str = ""
    n: int | None = None
    role: Role = Role.VALUE

    @property
    def key(self) -> str:
        """What machines tell it by."""
        return self.code or self.label

    @property
    def is_break(self) -> bool:
        """Whether it cannot be compared with the values before it."""
        return Flag.BREAK in self.flags

    @property
    def is_hidden(self) -> bool:
        """Whether there is a value that is not shown."""
        return self.value is None and not {Flag.CONFIDENTIAL, Flag.SUPPRESSED}.isdisjoint(
            self.flags
        )

    @property
    def is_unreliable(self) -> bool:
        """Whether it is shown although little stands behind it."""
        return self.value is not None and Flag.UNRELIABLE in self.flags


@dataclass(frozen=True, slots=True)
class Series:
    """
    Values that belong together: a line, a group, a half, a day of the week.

    Attributes
    ----------
    name : str
        In the reader's words.
    marks : tuple of Mark
        In the order they are read.
    code : str
        For machines.
    """

    __pydantic_config__ = _STRICT

    name: str
    marks: tuple[Mark, ...]
    code: str = ""

    @property
    def key(self) -> str:
        """What machines tell it by."""
        return self.code or self.name


@dataclass(frozen=True, slots=True)
class Reporting:
    """
    What part of what happens comes to be recorded.

    Attributes
    ----------
    rate : float or None
        Above 0 to 1; None where nobody knows.
    source : str
    """

    __pydantic_config__ = _STRICT

    rate: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A figure as data: everything that picture, text summary, table and files are made from.

    Attributes
    ----------
    key : str
        Names files and elements of a page: small letters, digits and hyphens.
    kind : Kind
    title : str
    series : tuple of Series
        What each kind expects, see `parvis.report.figures`.
    unit : str
        In the reader's words; ``%`` for percentages from 0 to 100.
    of, by : str
        What the marks and what the series are, as headings of the table: "Area", "Group".
    language : str
        In which all texts are, and in which numbers are written.
    decimals : int
        Of every number that is read; files carry numbers as they are.
    source, period : str
    target : float or None
    reference : Mark or None
        What the values are compared with: the city's value.
    base : str
        `key` of the mark of the base period.
    change : str
        ``rose``, ``fell`` or ``no_demonstrable_change`` since the base period; empty where it is
        not known.
    least, most : float or None
        What the axis shows at least.
    level : float
        Confidence level of the intervals.
    is_complete_count : bool
        Everything was counted: intervals are the range of chance variation, no sampling error.
    recorded : Reporting or None
        Given where the values are of recorded crime; it is told with the figure.
    caveats : tuple of str
        Whole sentences, told with the figure everywhere.
    shapes : mapping of str to mapping
        GeoJSON polygons by the marks' `key`, for a map.
    is_degrees : bool
        Whether `shapes` are in longitude and latitude; otherwise in metres.
    """

    __pydantic_config__ = _STRICT

    key: str
    kind: Kind
    title: str
    series: tuple[Series, ...]
    unit: str = ""
    of: str = ""
    by: str = ""
    language: str = "en"
    decimals: int = 1
    source: str = ""
    period: str = ""
    target: float | None = None
    reference: Mark | None = None
    base: str = ""
    change: str = ""
    least: float | None = None
    most: float | None = None
    level: float = LEVEL
    is_complete_count: bool = False
    recorded: Reporting | None = None
    caveats: tuple[str, ...] = ()
    shapes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_degrees: bool = True

    def __post_init__(self) -> None:
        """Refuse a figure whose values do not fit its kind."""
        _check(self)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All values, series by series."""
        return tuple(mark for series in self.series for mark in series.marks)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags that occur, each once, in the order of the letters."""
        found = {flag for mark in self.marks for flag in mark.flags} - {Flag.NORMAL}
        return tuple(sorted(found))

    def to_json(self) -> dict[str, Any]:
        """Return plain data, names as here; `figure_from_json` reads it."""
        return {"schema": SCHEMA, **_adapter().dump_python(self, mode="json")}


def figure_from_json(document: Mapping[str, Any] | str | bytes) -> Figure:
    """
    Return the figure that `Figure.to_json` wrote.

    Raises
    ------
    FigureError
        If the document is of another kind or a value cannot be.

    Examples
    --------
    >>> mark = Mark("2025", 4.0, 3.0, 5.0)
    >>> figure = Figure("noise", Kind.TREND, "Noise", (Series("City", (mark,)),))
    >>> figure_from_json(figure.to_json()) == figure
    True
    """
    try:
        data = json.loads(document) if isinstance(document, (str, bytes)) else dict(document)
    except ValueError as error:
        raise FigureError(what="figure", value="text", accepted="a JSON document") from error
    if not isinstance(data, dict) or data.pop("schema", None) != SCHEMA:
        raise FigureError(what="schema", value="?", accepted=SCHEMA)
    try:
        return _adapter().validate_json(json.dumps(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "figure"
        raise FigureError(
            what=where, value=str(first["input"])[:60], accepted=str(first["msg"])
        ) from error


def schema() -> dict[str, Any]:
    """Return the JSON schema of `Figure.to_json`."""
    found = _adapter().json_schema()
    found["properties"] = {"schema": {"const": SCHEMA}} | found["properties"]
    found["required"] = ["schema", *found["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        **found,
    }


@cache
def _adapter() -> TypeAdapter[Figure]:
    return TypeAdapter(Figure)


def _check(figure: Figure) -> None:
    where = figure.key
    if not where or not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in where):
        raise FigureError(what="key", value=where, accepted="letters, digits and hyphens")
    if not figure.series:
        raise FigureError(what=where, value="no series", accepted="at least one series")
    _check_once(where, [each.key for each in figure.series])
    for series in figure.series:
        _check_once(f"{where}, {series.name}", [mark.key for mark in series.marks])
    for mark in (*figure.marks, *((figure.reference,) if figure.reference else ())):
        _check_mark(where, mark)
    _check_kind(figure)


def _check_once(where: str, keys: list[str]) -> None:
    twice = [key for place, key in enumerate(keys) if key in keys[:place]]
    if twice:
        raise FigureError(what=where, value=f"{twice[0]} twice", accepted="each once")


def _check_mark(where: str, mark: Mark) -> None:
    numbers = [each for each in (mark.value, mark.low, mark.high, mark.at) if each is not None]
    if not all(math.isfinite(each) for each in numbers):
        raise FigureError(what=f"{where}, {mark.label}", value="not finite", accepted="numbers")
    if mark.low is not None and mark.high is not None and mark.low > mark.high:
        value = f"{mark.low:g} to {mark.high:g}"
        raise FigureError(what=f"{where}, {mark.label}", value=value, accepted="low up to high")


def _check_kind(figure: Figure) -> None:
    n = len(figure.series)
    sizes = {len(series.marks) for series in figure.series}
    roles = [mark.role for mark in figure.marks]
    is_wrong = {
        Kind.PAIR: n != 2,
        Kind.WATERFALL: n != 1
        or len(roles) < 2
        or (roles[0], roles[-1]) != (Role.START, Role.END)
        or not set(roles[1:-1]) <= {Role.VALUE},
        Kind.AREA_MAP: n != 1 or not figure.shapes,
        Kind.PROFILE: n not in (DAYS, DAYS + 1) or sizes != {HOURS},
        Kind.CONCENTRATION: any(mark.at is None for mark in figure.marks),
    }
    accepted = {
        Kind.PAIR: "two series: the objective and the perceived half",
        Kind.WATERFALL: "one series from start over steps to end",
        Kind.AREA_MAP: "one series, and shapes",
        Kind.PROFILE: "seven days, and all days together if wanted, of 24 hours",
        Kind.CONCENTRATION: "marks with their place along the axis",
    }
    if is_wrong.get(figure.kind, False):
        raise FigureError(what=figure.key, value=f"{n} series", accepted=accepted[figure.kind])
