"""Which public spaces are an authority's own, and what a screening keeps of each of them."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.results import ApproachResult
from parvis.approach.street_fields import StreetFields
from parvis.city.model import City
from parvis.errors import InputError, InternalError, ParvisError
from parvis.packs.content import GroundRules, ParameterDraws
from parvis.screening.criteria import Criterion
from parvis.terms import Grade, Marking

LEAST_SHARE = 0.5
"""A space belongs to the authority that at least this share of its area lies in. [1]"""


class ResponsibleMissingError(InputError):
    """A screening without a named person, a role and an authority is nobody's."""

    code = "responsible_missing"


class BoundaryElsewhereError(InputError):
    """The authority's boundary lies outside the city's data."""

    code = "boundary_elsewhere"


class NoSpaceInsideError(InputError):
    """No public space lies inside the authority's boundary."""

    code = "no_space_inside"


class SpacesUnknownError(InputError):
    """Spaces were asked for that do not lie inside the boundary."""

    code = "screened_space_unknown"


class SpaceFailedError(InternalError):
    """A space could not be analysed for a reason nobody foresaw."""

    code = "space_failed"


@dataclass(frozen=True, slots=True)
class Responsible:
    """
    Who answers for a screening.

    Attributes
    ----------
    authority : str
        That owns the boundary.
    name, role : str
        Of the person responsible.
    """

    authority: str
    name: str
    role: str

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if not str(getattr(self, field.name)).strip():
                raise ResponsibleMissingError(missing=field.name)


@dataclass(frozen=True, slots=True)
class SpaceOutcome:
    """
    What a screening keeps of the analysis of one space: how much is known, not how fast.

    Attributes
    ----------
    id, name, kind : str
    area : float
        [m²]
    is_inferred : bool
        The outline was inferred, not mapped.
    n_access_points : int
    grade : Grade
    n_to_measure : int
        Facts whose uncertainty decides about the result.
    unknown_share : float
        Of the ground near the outline that nobody has mapped. [1]
    run_id : str
        Digest of all inputs.
    result_hash : str
        Digest of the whole result, see `result_digest`.
    """

    id: str
    name: str
    kind: str
    area: float
    is_inferred: bool
    n_access_points: int
    grade: Grade
    n_to_measure: int
    unknown_share: float
    run_id: str
    result_hash: str

    @property
    def needs_survey(self) -> bool:
        """Tell whether the data allow screening only, so that the space must be looked at."""
        return self.grade is Grade.C


@dataclass(frozen=True, slots=True)
class SpaceFailure:
    """
    A space that could not be analysed.

    Attributes
    ----------
    id, name, kind : str
    area : float
        [m²]
    code : str
        Of the error.
    details : mapping
        For its sentence.
    """

    id: str
    name: str
    kind: str
    area: float
    code: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpaceRecord:
    """
    What the authority's table says of one space; None where it says nothing.

    Attributes
    ----------
    id : str
    events : float or None
        Events in a year.
    people : float or None
        People present on a busy day, as the authority counts them.
    works, next_event, last_assessment : date or None
    owner : str
        Who assesses, "" for nobody named.
    """

    id: str
    events: float | None = None
    people: float | None = None
    works: date | None = None
    next_event: date | None = None
    last_assessment: date | None = None
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Screening:
    """
    What was found out about the public spaces of one authority.

    Attributes
    ----------
    city : str
    epsg : int
    responsible : Responsible
    boundary_hash : str
        SHA-256 of the boundary in the city's CRS.
    boundary_source : str
        File, or "the city's own boundary".
    created : date
    criteria : tuple of Criterion
        As the authority states them.
    outcomes : tuple of SpaceOutcome or SpaceFailure
        In the order of their ids.
    records : mapping of str to SpaceRecord, or None
        The authority's own table by space id; None where it gave none.
    outlines : mapping of str to bytes
        WKB polygon of each space by id, in the city's CRS.
    provenance : mapping
    n_reused : int
        Spaces whose earlier result still held.
    marking : Marking
    """

    city: str
    epsg: int
    responsible: Responsible
    boundary_hash: str
    boundary_source: str
    created: date
    criteria: tuple[Criterion, ...]
    outcomes: tuple[SpaceOutcome | SpaceFailure, ...]
    records: Mapping[str, SpaceRecord] | None
    outlines: Mapping[str, bytes]
    provenance: Mapping[str, Any]
    n_reused: int = 0
    marking: Marking = Marking.AMBER

    @property
    def failures(self) -> tuple[SpaceFailure, ...]:
        """Return the spaces that could not be analysed."""
        return tuple(item for item in self.outcomes if isinstance(item, SpaceFailure))


def spaces_inside(
    city: City, boundary: Any, *, source: str, wanted: Sequence[str] | None = None
) -> NDArray[np.int64]:
    """
    Return the rows of the public spaces inside an authority's boundary, in the order of their ids.

    Parameters
    ----------
    city : City
    boundary : shapely Polygon or MultiPolygon
        In the city's CRS. [m]
    source : str
        Where the boundary comes from, for sentences.
    wanted : sequence of str, optional
        Ids of spaces; by default all.

    Raises
    ------
    BoundaryElsewhereError
        The boundary and the city's data have nothing in common.
    NoSpaceInsideError
        At least half of no space lies inside.
    SpacesUnknownError
        A space of `wanted` does not lie inside.
    """
    if not shapely.intersects(boundary, shapely.box(*city.bounds)):
        raise BoundaryElsewhereError(source=source, city=city.name)
    rows = city.spaces.within(tuple(shapely.bounds(boundary).tolist()))
    outlines = shapely.make_valid(shapely.force_2d(city.spaces.geometry[rows]))
    inside = shapely.area(shapely.intersection(outlines, boundary))
    rows = rows[inside >= LEAST_SHARE * shapely.area(outlines)]
    ids = [city.spaces.text("id", int(row)) for row in rows]
    if not ids:
        raise NoSpaceInsideError(source=source, city=city.name, n=len(city.spaces))
    if wanted is not None:
        unknown = sorted(set(wanted) - set(ids))
        if unknown:
            raise SpacesUnknownError(city=city.name, listed=", ".join(unknown[:10]))
    chosen = sorted(
        (id_, int(row))
        for id_, row in zip(ids, rows, strict=True)
        if wanted is None or id_ in wanted
    )
    return np.array([row for _, row in chosen], dtype=np.int64)


def screen_space(
    city: City,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    fields: StreetFields | None = None,
) -> SpaceOutcome | SpaceFailure:
    """
    Analyse one space in one thread and keep what a screening keeps.

    Parameters
    ----------
    city : City
    question : Question
    rules : GroundRules
    draws : ParameterDraws
    fields : StreetFields, optional
        Of the city, shared by its spaces.

    Returns
    -------
    SpaceOutcome or SpaceFailure
        Whatever goes wrong with one space leaves the others alone.
    """
    try:
        result = analyse_approach(
            city, question, rules=rules, draws=draws, n_workers=1, fields=fields
        )
        return outcome_of(result, is_inferred=question.is_inferred)
    except ParvisError as problem:
        return failure_of(question, problem)
    except Exception as problem:  # noqa: BLE001
        reason = f"{type(problem).__name__} {problem}".strip()[:300]
        return failure_of(question, SpaceFailedError(reason=reason))


def failure_of(question: Question, problem: ParvisError) -> SpaceFailure:
    """Return the record of a space that could not be analysed."""
    return SpaceFailure(
        id=question.space_id,
        name=question.space_name,
        kind=question.space_kind,
        area=float(shapely.area(question.area)),
        code=problem.code,
        details={key: str(value) for key, value in problem.details.items()},
    )


def outcome_of(result: ApproachResult, *, is_inferred: bool = False) -> SpaceOutcome:
    """Return what a screening keeps of the analysis of one space."""
    share = next(
        (item.details["share"] for item in result.notices if item.code == "ground_unknown_share"),
        0.0,
    )
    return SpaceOutcome(
        id=result.space_id,
        name=result.space_name,
        kind=result.space_kind,
        area=result.area,
        is_inferred=is_inferred,
        n_access_points=len(result.access_points),
        grade=result.grade,
        n_to_measure=len(result.inputs),
        unknown_share=float(share),
        run_id=str(result.provenance["run_id"]),
        result_hash=result_digest(result),
    )


def result_digest(result: ApproachResult) -> str:
    """
    Return the SHA-256 of everything a result says, but for the time at which it was said.

    Two results of equal digest are equal in every speed, metre, width, grade and notice.
    """
    digest = hashlib.sha256()
    _feed(digest, result)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    digest.update(type(value).__name__.encode())
    if is_dataclass(value):
        for field in dataclasses.fields(value):
            digest.update(field.name.encode())
            _feed(digest, getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        digest.update(f"{value.dtype} {value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            if key != "created":
                digest.update(str(key).encode())
                _feed(digest, value[key])
    elif isinstance(value, (tuple, list)):
        digest.update(str(len(value)).encode())
        for item in value:
            _feed(digest, item)
    else:
        digest.update(repr(value).encode())
