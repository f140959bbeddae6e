"""
How are observations kept on disk: a folder of arrays for each delivery, never changed again.

``<home>/observations/<id>/`` holds ``delivery.json`` and one memory-mapped array a column. A
delivery is written beside the others and appears in one step, or not at all.
"""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from parvis.errors import InputError
from parvis.indicators.joint import JointErrors, joint_of
from parvis.indicators.values import NUMBERS, WHOLE, WORDS, Observations, observations_of
from parvis.indicators.vintages import Delivery, overlaid
from parvis.io.home import home_directory
from parvis.io.store import disk_errors

FOLDER = "observations"
MANIFEST = "delivery.json"
SURVEY = "survey.json"
ASIDE = ".aside"
_KEPT = {"id", "received", "file", "sha256", "n", "note", "vocabularies"}


class UnknownDeliveryError(InputError):
    """There is no such delivery; details: name, known."""

    code = "unknown_delivery"


class DeliveryBrokenError(InputError):
    """Files of a delivery are missing or damaged; details: file."""

    code = "delivery_broken"


def save_delivery(
    table: Observations,
    *,
    received: dt.date,
    file: str = "",
    sha256: str = "",
    note: str = "",
    mapping: dict[str, Any] | None = None,
    survey: dict[str, Any] | None = None,
    home: Path | None = None,
) -> Delivery:
    """
    Keep a delivery.

    Parameters
    ----------
    table : Observations
    received : date
    file, sha256, note : str
    mapping : dict, optional
        How its columns were read.
    survey : dict, optional
        How the errors of survey values go together, see `parvis.indicators.surveyed.document_of`.
    home : Path, optional

    Raises
    ------
    DiskFullError, HomeNotWritableError
        Nothing is left of it.
    """
    folder = home_directory(home) / FOLDER
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        taken = {each.id for each in deliveries(home)} | set_aside(home)
        number = 1
        while (name := f"{received:%Y-%m-%d}-{number}") in taken:
            number += 1
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
        try:
            for column, array in table.columns.items():
                np.save(fresh / f"{column}.npy", array, allow_pickle=False)
            document = {
                "id": name,
                "received": received.isoformat(),
                "file": file,
                "sha256": sha256,
                "n": len(table),
                "note": note,
                "mapping": mapping,
                "vocabularies": {key: list(words) for key, words in table.vocabularies.items()},
            }
            text = json.dumps(document, ensure_ascii=False)
            (fresh / MANIFEST).write_text(text, encoding="utf-8")
            if survey is not None:
                (fresh / SURVEY).write_text(json.dumps(survey), encoding="utf-8")
            fresh.replace(folder / name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Delivery(name, received, file, sha256, len(table), note)


def deliveries(home: Path | None = None) -> tuple[Delivery, ...]:
    """
    Return the deliveries in the order they came.

    Raises
    ------
    DeliveryBrokenError
    """
    folder = home_directory(home) / FOLDER
    found = []
    for place in folder.glob(f"[!.]*/{MANIFEST}") if folder.is_dir() else ():
        said = _manifest(place)
        received = dt.date.fromisoformat(said["received"])
        parts = (said["id"], received, said["file"], said["sha256"], said["n"], said["note"])
        found.append(Delivery(*parts))
    return tuple(sorted(found, key=lambda each: (each.received, _number(each.id))))


def set_aside(home: Path | None = None) -> set[str]:
    """Return the deliveries that were taken out of use, see `parvis.io.observation_removal`."""
    folder = home_directory(home) / FOLDER / ASIDE
    return {place.name for place in folder.iterdir()} if folder.is_dir() else set()


def load_delivery(name: str, *, home: Path | None = None) -> Observations:
    """
    Open the observations of a delivery, memory-mapped.

    Raises
    ------
    UnknownDeliveryError, DeliveryBrokenError
    """
    known = [each.id for each in deliveries(home)]
    if name not in known:
        raise UnknownDeliveryError(name=name, known=", ".join(known) or "none")
    return _opened(home_directory(home) / FOLDER / name)


def joined_deliveries(names: Sequence[str], *, home: Path | None = None) -> Observations:
    """
    Return what holds of some deliveries: of what several tell, the last one's value.

    Parameters
    ----------
    names : sequence of str
        In the order they came.
    home : Path, optional

    Raises
    ------
    DeliveryBrokenError
    """
    table: Observations | None = None
    for name in names:
        following = _opened(home_directory(home) / FOLDER / name)
        table = following if table is None else overlaid(table, following)
    return observations_of([]) if table is None else table


def _opened(folder: Path) -> Observations:
    vocabularies = _manifest(folder / MANIFEST)["vocabularies"]
    try:
        columns = {
            column: np.load(folder / f"{column}.npy", mmap_mode="r", allow_pickle=False)
            for column in (*WORDS, *NUMBERS, *WHOLE)
        }
    except (OSError, ValueError, EOFError):
        raise DeliveryBrokenError(file=str(folder)) from None
    if len({len(column) for column in columns.values()}) != 1:
        raise DeliveryBrokenError(file=str(folder))
    return Observations(columns, {name: tuple(vocabularies[name]) for name in WORDS})


def survey_document(name: str, *, home: Path | None = None) -> dict[str, Any]:
    """
    Return what a delivery keeps of a survey besides its values; nothing where it is none.

    Raises
    ------
    DeliveryBrokenError
    """
    place = home_directory(home) / FOLDER / name / SURVEY
    if not place.is_file():
        return {}
    try:
        return dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise DeliveryBrokenError(file=str(place)) from None


def joint_errors(
    names: Sequence[str] | None = None, *, home: Path | None = None
) -> tuple[JointErrors, ...]:
    """
    Return how the errors of survey values go together, by sample, in the order deliveries came.

    Parameters
    ----------
    names : sequence of str, optional
        Deliveries; all that are in use by default.
    home : Path, optional

    Raises
    ------
    DeliveryBrokenError
    """
    chosen = [each.id for each in deliveries(home)] if names is None else names
    found: list[JointErrors] = []
    for name in chosen:
        said = survey_document(name, home=home)
        try:
            found += joint_of(said) if said else ()
        except (KeyError, TypeError, ValueError):
            place = home_directory(home) / FOLDER / name / SURVEY
            raise DeliveryBrokenError(file=str(place)) from None
    return tuple(found)


def current_observations(home: Path | None = None, *, as_of: dt.date | None = None) -> Observations:
    """
    Return what holds: the latest value of everything delivered.

    Parameters
    ----------
    home : Path, optional
    as_of : date, optional
        Deliveries after this day are left out.
    """
    there = [each.id for each in deliveries(home) if as_of is None or each.received <= as_of]
    return joined_deliveries(there, home=home)


def _manifest(place: Path) -> dict[str, Any]:
    try:
        said = dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise DeliveryBrokenError(file=str(place)) from None
    if not said.keys() >= _KEPT:
        raise DeliveryBrokenError(file=str(place))
    return said


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])
