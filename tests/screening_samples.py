"""A screened city without an analysis, for tests of what is made of a screening."""

import datetime as dt
import os
import signal

import shapely

from parvis.screening.criteria import Criterion
from parvis.screening.spaces import (
    Responsible,
    Screening,
    SpaceFailure,
    SpaceOutcome,
    SpaceRecord,
)
from parvis.terms import Grade

TODAY = dt.date(2031, 3, 10)
WHO = Responsible("City of Oldtown", "A. Maire", "security coordinator")


def outcome(number: int, **changes) -> SpaceOutcome:
    values = {
        "id": f"way/{number}",
        "name": f"Place {number}",
        "kind": "market_place",
        "area": 1000.0 + number,
        "is_inferred": False,
        "n_access_points": 3,
        "grade": Grade.C,
        "n_to_measure": 4,
        "unknown_share": 0.25,
        "run_id": "0123456789abcdef",
        "result_hash": "00",
    }
    return SpaceOutcome(**values | changes)


def failure(number: int) -> SpaceFailure:
    return SpaceFailure(
        f"way/{number}", f"Place {number}", "square", 500.0, "worker_died", {"times": "2"}
    )


def screening(outcomes, *, criteria=(Criterion.LAST_ASSESSMENT,), records=None) -> Screening:
    return Screening(
        city="oldtown",
        epsg=25832,
        responsible=WHO,
        boundary_hash="ab" * 32,
        boundary_source="limits.geojson",
        created=TODAY,
        criteria=tuple(criteria),
        outcomes=tuple(outcomes),
        records=None if records is None else {item.id: item for item in records},
        outlines={
            item.id: shapely.to_wkb(
                shapely.box(500_000 + k * 100, 5_760_000, 500_050 + k * 100, 5_760_040)
            )
            for k, item in enumerate(outcomes)
        },
        provenance={
            "city_hash": "cd" * 32,
            "source": {"date": "2031-01-01T00:00:00Z"},
            "code_version": "1.0",
        },
    )


def record(number: int, **said) -> SpaceRecord:
    return SpaceRecord(f"way/{number}", **said)


def die(name, home, city_hash, question):
    """Stand in for work on way/5 that a process does not survive; importable by processes."""
    if question.space_id == "way/5":
        os.kill(os.getpid(), signal.SIGKILL)
    return SpaceFailure(question.space_id, "", "", 0.0, "alive", {})
