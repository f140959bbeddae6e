"""Which points are known both in a drawing without coordinate system and on the ground."""

from pathlib import Path

import numpy as np
from pyproj import CRS, Transformer

from parvis.city.georeference import ControlPointsError, Placement, fit_placement
from parvis.io.vector import number, parse_crs, read_rows


def read_control_points(path: Path, epsg: int, *, crs: str | None = None) -> Placement:
    """
    Read control points and fit the transformation.

    Parameters
    ----------
    path : Path
        CSV or XLSX with columns ``x``, ``y`` (drawing) and ``lon``, ``lat`` or ``easting``,
        ``northing`` (ground, in `crs`, else in the city's own system).
    epsg : int
        Of the city.
    crs : str, optional

    Raises
    ------
    ControlPointsError
        Fewer than two, not on distinct places, or all on one line.
    """
    rows = read_rows(path)
    header = [str(cell or "").strip().lower() for cell in rows[0][1]] if rows else []
    ground = ("lon", "lat") if "lon" in header else ("easting", "northing")
    needed = ("x", "y", *ground)
    missing = [name for name in needed if name not in header]
    if missing:
        problem = f"columns {', '.join(missing)} are missing"
        raise ControlPointsError(file=path.name, problem=problem)
    columns = [header.index(name) for name in needed]
    table = np.array(
        [
            [number(values[c] if c < len(values) else None) for c in columns]
            for _, values in rows[1:]
        ]
    ).reshape(-1, 4)
    bad = [str(rows[i + 1][0]) for i in np.flatnonzero(~np.isfinite(table).all(axis=1))]
    if bad:
        raise ControlPointsError(file=path.name, problem=f"row {', '.join(bad)} lacks a number")
    system = CRS.from_epsg(4326) if ground[0] == "lon" else parse_crs(crs or str(epsg))
    transformer = Transformer.from_crs(system, CRS.from_epsg(epsg), always_xy=True)
    target = np.column_stack(transformer.transform(table[:, 2], table[:, 3]))
    if not np.isfinite(target).all():
        problem = "the ground coordinates are not in their coordinate system"
        raise ControlPointsError(file=path.name, problem=problem)
    return fit_placement(table[:, :2], target, file=path.name)
