"""Which part of an extract is asked for: a box, a polygon file, or a municipality in it."""

import difflib
import math
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.io.osm_areas import WayGeometry, assemble_relation, is_there, surface_of
from parvis.io.osm_read import Extract
from parvis.io.osm_words import TagPool

if TYPE_CHECKING:
    from pyproj import Transformer

NAME_KEYS = ("name", "official_name", "alt_name", "short_name", "old_name", "loc_name", "int_name")


class BoundingBoxError(InputError):
    """A bounding box is not four numbers in order."""

    code = "bounding_box"


class BoundaryFileError(InputError):
    """A file gives no polygon in a known coordinate system."""

    code = "boundary_file"


class BoundaryChoiceError(InputError):
    """More than one way to choose a part was given."""

    code = "boundary_choice"


class UnknownMunicipalityError(InputError):
    """No administrative boundary of that name lies in the extract."""

    code = "unknown_municipality"


class BoundaryIncompleteError(InputError):
    """Members of the municipality's boundary are missing from the extract."""

    code = "boundary_incomplete"


def chosen_boundary(
    *, bbox: str | None = None, file: Path | None = None, municipality: str | None = None
) -> shapely.Geometry | None:
    """
    Return the polygon of a box or of a file, None where neither is given.

    Parameters
    ----------
    bbox : str, optional
        "west,south,east,north". [°]
    file : Path, optional
        Any vector file with polygons.
    municipality : str, optional
        Only checked for being the only choice.

    Raises
    ------
    BoundaryChoiceError, BoundingBoxError, BoundaryFileError
    """
    if sum(item is not None for item in (bbox, file, municipality)) > 1:
        raise BoundaryChoiceError
    if bbox is not None:
        return bounding_box(bbox)
    return None if file is None else read_boundary(file)


def bounding_box(text: str) -> shapely.Polygon:
    """Return the polygon of "west,south,east,north" in degrees."""
    try:
        west, south, east, north = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as problem:
        raise BoundingBoxError(value=text) from problem
    values = (west, south, east, north)
    if not (
        all(math.isfinite(value) for value in values)
        and -180.0 <= west < east <= 180.0
        and -90.0 <= south < north <= 90.0
    ):
        raise BoundingBoxError(value=text)
    return shapely.box(*values)


def read_boundary(path: Path) -> shapely.Geometry:
    """
    Return the union of a file's polygons, in longitude and latitude.

    Raises
    ------
    BoundaryFileError
    """
    import pyogrio
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if not path.is_file():
        raise BoundaryFileError(file=str(path), reason="there is no such file")
    packed = {".zip": "/vsizip/", ".gz": "/vsigzip/"}.get(path.suffix.lower())
    source = f"{packed}{path.absolute()}" if packed else str(path)
    try:
        meta, _, shapes, _ = pyogrio.raw.read(source, columns=[])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as problem:
        raise BoundaryFileError(file=path.name, reason="it is no readable vector file") from problem
    geometry = np.array(
        [surface_of(shapely.make_valid(shape)) for shape in shapely.from_wkb(shapes)], dtype=object
    )
    geometry = shapely.force_2d(geometry[is_there(geometry)])
    if not len(geometry):
        raise BoundaryFileError(file=path.name, reason="it holds no polygon")
    if not meta["crs"]:
        raise BoundaryFileError(file=path.name, reason="it names no coordinate system")
    union: shapely.Geometry = shapely.union_all(geometry)
    try:
        transformer = Transformer.from_crs(meta["crs"], 4326, always_xy=True)
        union = reproject(union, transformer)
    except ProjError as problem:
        raise BoundaryFileError(
            file=path.name, reason="its coordinate system is unknown"
        ) from problem
    if not np.isfinite(shapely.get_coordinates(union)).all():
        raise BoundaryFileError(
            file=path.name, reason="its coordinates lie outside its coordinate system"
        )
    return union


def reproject(shape: shapely.Geometry, transformer: "Transformer") -> shapely.Geometry:
    """Return a geometry with its coordinates transformed."""

    def turned(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(places[:, 0], places[:, 1]))

    return shapely.transform(shape, turned)


def municipality_boundary(extract: Extract, name: str) -> shapely.Geometry:
    """
    Return the administrative boundary named `name` in an extract, longitude and latitude.

    Parameters
    ----------
    extract : Extract
    name : str
        Compared without case, accents and signs, with all name tags. Of several, the one of
        the smallest ``admin_level`` from 6 on wins, else the largest.

    Raises
    ------
    UnknownMunicipalityError, BoundaryIncompleteError
    """
    pool = TagPool()
    wanted = _plain(name)
    found: list[tuple[int, int]] = []
    known: set[str] = set()
    for row, text in enumerate(extract.relation_tags):
        if "boundary=administrative" not in text:
            continue
        tags = pool.tags(text)
        if tags.get("boundary") != "administrative":
            continue
        names = [
            value
            for key, value in tags.items()
            if key in NAME_KEYS or key.startswith(("name:", "official_name:"))
        ]
        if "name" in tags:
            known.add(tags["name"])
        if wanted in {_plain(part) for value in names for part in value.split(";")}:
            found.append((_rank(tags.get("admin_level", "")), row))
    if not found:
        near = difflib.get_close_matches(wanted, [_plain(item) for item in known], n=3, cutoff=0.5)
        listed = sorted(item for item in known if _plain(item) in near) or sorted(known)[:5]
        hint = (
            f"{'did you mean' if near else 'there are'}: {', '.join(listed)}"
            if listed
            else "it holds none at all: use --bbox or --boundary"
        )
        raise UnknownMunicipalityError(name=name, hint=hint)
    ways = _degrees(extract)
    row_of = {number: row for row, number in enumerate(extract.way_id.tolist())}
    for _, row in sorted(found):
        rows = {
            role: [row_of[way] for way, part in extract.members[row] if part == role]
            for role in ("outer", "inner", "")
            if all(way in row_of for way, part in extract.members[row] if part == role)
        }
        if len(rows) < 3 or ways.missing[[*rows["outer"], *rows[""]]].any():
            continue
        shape, open_rings = assemble_relation(ways, rows["outer"] + rows[""], rows["inner"])
        if shape is not None and not open_rings:
            return shape
    raise BoundaryIncompleteError(name=name)


def _rank(admin_level: str) -> int:
    """Return the order of preference: municipalities first, then districts, then regions."""
    if not admin_level.isdecimal():
        return 99
    level = int(admin_level)
    return level if level >= 6 else 50 - level


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if sign.isalnum())


def _degrees(extract: Extract) -> WayGeometry:
    here = ~np.isnan(extract.ref_lon)
    first, last = extract.way_start[:-1], extract.way_start[1:] - 1
    closed = np.zeros(len(first), dtype=bool)
    some = last > first
    closed[some] = extract.ref[first[some]] == extract.ref[last[some]]
    absent = np.concatenate(([0], np.cumsum(~here)))
    return WayGeometry(
        start=extract.way_start,
        ref=extract.ref,
        coords=np.column_stack([extract.ref_lon, extract.ref_lat]),
        is_here=here,
        is_closed=closed,
        missing=absent[extract.way_start[1:]] - absent[extract.way_start[:-1]],
    )
