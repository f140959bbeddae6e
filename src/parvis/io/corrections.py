"""How are local corrections kept: appended, never rewritten, whatever is imported anew."""

import datetime as dt
import json
import math
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from parvis.city.corrections import Anchor, Correction, CorrectionKind, Method
from parvis.city.layers import resolve
from parvis.city.model import City
from parvis.errors import InputError
from parvis.io.correction_rows import (
    CheckedCorrections,
    Problem,
    check_correction_file,
    check_correction_rows,
    degrees_of,
    read_correction_file,
)
from parvis.io.home import existing_city
from parvis.io.layers import read_layers
from parvis.io.store import StoreBrokenError, disk_errors, load_base

CORRECTIONS = "corrections"
PHOTOS = "photos"
VERSION = 1
DIGITS = 9


class CorrectionUnknownError(InputError):
    """No active correction has that id."""

    code = "correction_unknown"


@dataclass(frozen=True, slots=True)
class TakenCorrections:
    """
    What reading a file of corrections did.

    Attributes
    ----------
    added, known : tuple of Correction
        New ones, and those that were there already.
    n_blank : int
        Rows of a survey sheet left empty.
    is_check : bool
        Nothing was stored.
    """

    added: tuple[Correction, ...]
    known: tuple[Correction, ...]
    n_blank: int
    is_check: bool


def take_corrections(
    name: str,
    path: Path,
    *,
    person: str = "",
    is_check: bool = False,
    home: Path | None = None,
    today: dt.date | None = None,
) -> TakenCorrections:
    """
    Read a file of corrections into a city: all rows or none.

    Parameters
    ----------
    name : str
    path : Path
        XLSX, CSV or a vector file, see `read_correction_file`.
    person : str
        Who measured, for rows that do not say.
    is_check : bool
        Only check.
    today : date, optional
        For tests.

    Raises
    ------
    CorrectionsInvalidError, CorrectionsColumnsError
    """
    folder = existing_city(name, home)
    base = load_base(name, home=home)
    active = read_corrections(folder, base.epsg)
    city = resolve(base, read_layers(folder), active)
    day = today or dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    read = read_correction_file(path, city, person=person, today=day)
    there = {correction.id for correction in active}
    unique = {correction.id: correction for correction in read.corrections}
    added = tuple(c for c in unique.values() if c.id not in there)
    known = tuple(c for c in unique.values() if c.id in there)
    if added and not is_check:
        _append(folder / CORRECTIONS, added, base.epsg)
    return TakenCorrections(added, known, read.n_blank, is_check)


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """
    What entering statements would change.

    Attributes
    ----------
    rows : tuple of dict
        Each statement as plain values as `add_corrections` takes them, with ``row``, ``grade``
        and ``is_known`` beside.
    problems : tuple of Problem
        What is wrong with the other rows.
    n_blank : int
        Rows of a survey sheet left empty.
    """

    rows: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]
    n_blank: int


def preview_corrections(
    name: str,
    source: Path | Sequence[Mapping[str, str]],
    *,
    person: str = "",
    home: Path | None = None,
    today: dt.date | None = None,
) -> CorrectionPreview:
    """
    Say what each row of a file, or of a form, would change; nothing is stored.

    Parameters
    ----------
    name : str
        City.
    source : Path or sequence of mapping
        A file as `take_corrections` reads it, or rows with the same columns.
    person, home, today
        As `take_corrections` takes them.

    Raises
    ------
    CorrectionsColumnsError
    """
    folder = existing_city(name, home)
    base = load_base(name, home=home)
    active = read_corrections(folder, base.epsg)
    city = resolve(base, read_layers(folder), active)
    day = today or dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    checked: CheckedCorrections = (
        check_correction_file(source, city, person=person, today=day)
        if isinstance(source, Path)
        else check_correction_rows(source, city, person=person, today=day)
    )
    there = {correction.id for correction in active}
    rows = []
    for row, correction in checked.corrections:
        rows.append(
            _as_plain(replace(correction, photo=""), base.epsg)
            | {"row": row, "grade": str(correction.grade), "is_known": correction.id in there}
        )
        there.add(correction.id)
    return CorrectionPreview(tuple(rows), checked.problems, checked.n_blank)


def add_corrections(
    name: str, rows: Sequence[Mapping[str, Any]], *, home: Path | None = None
) -> tuple[str, ...]:
    """
    Store statements that `preview_corrections` found sound: all of them or none.

    Parameters
    ----------
    name : str
        City.
    rows : sequence of mapping
        Those that are known already are left out.
    home : Path, optional

    Returns
    -------
    tuple of str
        Ids of those added.
    """
    folder = existing_city(name, home)
    epsg = load_base(name, home=home).epsg
    there = {correction.id for correction in read_corrections(folder, epsg)}
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    fresh = {row["id"]: dict(row) for row in rows if row["id"] not in there}
    kept = [_as_plain(_from_plain(row, transformer), epsg) for row in fresh.values()]
    if kept:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        _write(folder / CORRECTIONS, {"version": VERSION, "entered": now, "corrections": kept})
    return tuple(fresh)


def undo_correction(
    name: str, text: str, *, person: str = "", home: Path | None = None
) -> Correction:
    """
    Take a correction back; the record of both stays.

    Parameters
    ----------
    text : str
        Its id or the beginning of it.

    Raises
    ------
    CorrectionUnknownError
        No active correction, or several, begin so.
    """
    folder = existing_city(name, home)
    active = read_corrections(folder, load_base(name, home=home).epsg)
    found = [correction for correction in active if text and correction.id.startswith(text)]
    if len(found) != 1:
        problem = "several begin so" if found else "none begins so"
        listed = ", ".join(correction.id[:8] for correction in (found or active)[:8]) or "none"
        raise CorrectionUnknownError(id=text, city=name, problem=problem, listed=listed)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    record = {"version": VERSION, "undo": found[0].id, "person": person, "date": now}
    _write(folder / CORRECTIONS, record)
    return found[0]


def read_corrections(folder: Path, epsg: int) -> tuple[Correction, ...]:
    """
    Return a city's active corrections in the order they were entered.

    Parameters
    ----------
    folder : Path
        Of the city.
    epsg : int
        CRS to give them in.

    Raises
    ------
    StoreBrokenError
    """
    active: dict[str, Correction] = {}
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    for path in _records(folder / CORRECTIONS):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if "undo" in record:
                active.pop(record["undo"], None)
                continue
            for said in record["corrections"]:
                correction = _from_plain(said, transformer)
                active[correction.id] = correction
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise StoreBrokenError(name=f"{folder.name}/{CORRECTIONS}/{path.name}") from problem
    return tuple(active.values())


def list_corrections(name: str, *, home: Path | None = None) -> list[dict[str, Any]]:
    """
    Return the active corrections as plain values, each with its grade and its conflict, if any.

    Raises
    ------
    UnknownCityError, StoreBrokenError
    """
    folder = existing_city(name, home)
    base = load_base(name, home=home)
    active = read_corrections(folder, base.epsg)
    city = resolve(base, read_layers(folder), active)
    conflicts = {c["correction"]: c for c in city.manifest.get("conflicts", [])}
    rows = []
    for correction in active:
        row = _as_plain(correction, base.epsg)
        anchor = row.pop("anchor")
        conflict = conflicts.get(correction.id)
        row["osm"] = anchor["osm"] if anchor else ""
        row["grade"] = str(correction.grade)
        row["conflict"] = _in_words(conflict) if conflict else ""
        rows.append(row)
    return rows


def _in_words(conflict: dict[str, Any]) -> str:
    if conflict["reason"] == "vanished":
        return f"{conflict['anchor']} is no longer in the data"
    return f"{conflict['anchor']} moved by {conflict['distance']:.1f} m"


def resolved(base: City, folder: Path) -> City:
    """Return a base city with the layers and corrections of its folder laid over it."""
    return resolve(base, read_layers(folder), read_corrections(folder, base.epsg))


def _records(root: Path) -> list[Path]:
    return sorted(root.glob("[0-9]*.json")) if root.is_dir() else []


def _append(root: Path, corrections: Sequence[Correction], epsg: int) -> None:
    with disk_errors(root):
        (root / PHOTOS).mkdir(parents=True, exist_ok=True)
        kept = []
        for correction in corrections:
            name = ""
            if correction.photo:
                source = Path(correction.photo)
                name = f"{correction.photo_hash[:16]}{source.suffix.lower()}"
                shutil.copyfile(source, root / PHOTOS / name)
            kept.append(_as_plain(replace(correction, photo=name), epsg))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    _write(root, {"version": VERSION, "entered": now, "corrections": kept})


def _write(root: Path, record: dict[str, Any]) -> None:
    """Add a record after all others, in one step."""
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        last = max((int(path.stem) for path in _records(root)), default=0)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=root, prefix=".new-", suffix=".json", delete=False
        ) as stream:
            json.dump(record, stream, ensure_ascii=False, indent=1)
        Path(stream.name).rename(root / f"{last + 1:06d}.json")


def _as_plain(correction: Correction, epsg: int) -> dict[str, Any]:
    """Return a correction as JSON values, longitude and latitude in WGS 84."""
    shape = shapely.transform(
        degrees_of(correction.geometry, epsg), lambda xy: np.round(xy, DIGITS)
    )
    anchor = None
    if correction.anchor is not None:
        place = degrees_of(shapely.Point(correction.anchor.x, correction.anchor.y), epsg)
        lon, lat = shapely.get_coordinates(place)[0].round(DIGITS).tolist()
        anchor = {"osm": str(correction.anchor), "lon": lon, "lat": lat}
    return {
        "id": correction.id,
        "kind": str(correction.kind),
        "value_m": None if math.isnan(correction.value) else correction.value,
        "is_there": correction.is_there,
        "geometry": json.loads(shapely.to_geojson(shape)),
        "anchor": anchor,
        "method": str(correction.method),
        "person": correction.person,
        "date": correction.date,
        "photo": correction.photo,
        "photo_sha256": correction.photo_hash,
        "note": correction.note,
        "rating": correction.rating,
        "state": correction.state,
        "plate": correction.plate,
    }


def _from_plain(said: dict[str, Any], transformer: Transformer) -> Correction:
    shape = shapely.transform(
        shapely.from_geojson(json.dumps(said["geometry"])),
        lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])),
    )
    anchor = None
    if said["anchor"] is not None:
        osm_type, _, number = said["anchor"]["osm"].partition("/")
        x, y = transformer.transform(said["anchor"]["lon"], said["anchor"]["lat"])
        anchor = Anchor(osm_type, int(number), float(x), float(y))
    return Correction(
        id=said["id"],
        kind=CorrectionKind(said["kind"]),
        value=math.nan if said["value_m"] is None else float(said["value_m"]),
        is_there=bool(said["is_there"]),
        geometry=shape,
        anchor=anchor,
        method=Method(said["method"]),
        person=said["person"],
        date=said["date"],
        photo=said["photo"],
        photo_hash=said["photo_sha256"],
        note=said["note"],
        rating=said["rating"],
        state=said["state"],
        plate=said["plate"],
    )
