"""Where the results of earlier runs stand, so that numbers are kept and old results are known."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from parvis.approach.results import ApproachResult
from parvis.errors import InputError
from parvis.io.store import disk_errors

FOLDER = "runs"


class RunBrokenError(InputError):
    """The record of an earlier run cannot be read."""

    code = "run_broken"


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """
    What is kept of a run.

    Attributes
    ----------
    space_id, space_name : str
    created : str
        ISO date and time.
    run_id : str
        Digest of all inputs.
    city_hash : str
        Of the city the run saw; another hash now means that the result is outdated.
    access_points : tuple of (number, LineString)
        Of that run and of those before it, in the city's CRS.
    """

    space_id: str
    space_name: str
    created: str
    run_id: str
    city_hash: str
    access_points: tuple[tuple[int, Any], ...]


def save_run(folder: Path, result: ApproachResult) -> None:
    """
    Keep numbers and digest of a run in a city's folder.

    Access points that this run does not have, as it looked at other classes, keep their numbers.

    Parameters
    ----------
    folder : Path
        Folder of the city.
    result : ApproachResult
    """
    earlier = earlier_run(folder, result.space_id)
    present = {point.id for point in result.access_points}
    kept = [
        {"id": number, "line": shapely.get_coordinates(line).tolist()}
        for number, line in (earlier.access_points if earlier else ())
        if number not in present
    ]
    document = {
        "space_id": result.space_id,
        "space_name": result.space_name,
        "created": result.provenance["created"],
        "run_id": result.provenance["run_id"],
        "city_hash": result.provenance["city_hash"],
        "access_points": [
            {"id": point.id, "line": point.geometry.tolist()} for point in result.access_points
        ]
        + kept,
    }
    path = _path(folder, result.space_id)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(document), encoding="utf-8")
        temporary.replace(path)


def earlier_run(folder: Path, space_id: str) -> EarlierRun | None:
    """Return what is kept of the last run on a space, or None."""
    path = _path(folder, space_id)
    return _read(path) if path.is_file() else None


def earlier_runs(folder: Path) -> tuple[EarlierRun, ...]:
    """Return what is kept of the last run on each space of a city."""
    return tuple(_read(path) for path in sorted((folder / FOLDER).glob("*.json")))


def _path(folder: Path, space_id: str) -> Path:
    return folder / FOLDER / f"{space_id.replace('/', '-')}.json"


def _read(path: Path) -> EarlierRun:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return EarlierRun(
            space_id=document["space_id"],
            space_name=document["space_name"],
            created=document["created"],
            run_id=document["run_id"],
            city_hash=document["city_hash"],
            access_points=tuple(
                (item["id"], shapely.LineString(item["line"])) for item in document["access_points"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise RunBrokenError(file=str(path)) from problem
