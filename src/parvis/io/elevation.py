"""
How high does the ground lie: terrain files as a grid in the city's coordinates.

Sources coarser than `COARSE` (SRTM and its like hold roofs and tree tops too) are averaged over
3 × 3 cells: from them come gradients as a sensitivity only, never an obstacle.
"""

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.city.model import Elevation
from parvis.errors import InputError

COARSE = 10.0
"""Sources with larger cells are smoothed. [m]"""
MARGIN = 1000.0
"""Heights are taken this far around the city's bounds. [m]"""
FINEST = 1.0
MOST_CELLS = 25_000_000
RASTERS = (".tif", ".tiff", ".hgt", ".asc", ".img", ".vrt", ".dem")


class ElevationFileError(InputError):
    """A file gives no heights for the city."""

    code = "elevation_file"


def read_elevation(
    path: Path, *, epsg: int, bounds: tuple[float, float, float, float]
) -> Elevation:
    """
    Read terrain heights onto a grid in the city's CRS.

    Parameters
    ----------
    path : Path
        GeoTIFF, .hgt or either in a .zip; metres above any datum.
    epsg : int
        CRS of the city.
    bounds : tuple of float
        Extent of the city. [m]

    Returns
    -------
    Elevation
        Bilinear; cells as large as the source's, at least 1 m and larger where the city would
        need more than 25 million; NaN outside the source.

    Raises
    ------
    ElevationFileError
        Unreadable, without CRS, or not overlapping the city.
    """
    import rasterio
    from rasterio.errors import RasterioError

    if not path.is_file():
        raise ElevationFileError(file=str(path), reason="there is no such file")
    try:
        with rasterio.open(_source(path)) as source:
            if source.crs is None:
                raise ElevationFileError(file=path.name, reason="it names no coordinate system")
            height, west, north, cell, source_cell = _resample(source, epsg, bounds)
    except RasterioError as problem:
        raise ElevationFileError(
            file=path.name, reason="it is no readable GeoTIFF or .hgt tile"
        ) from problem
    if not np.isfinite(height).any():
        raise ElevationFileError(file=path.name, reason="it does not cover the city")
    if source_cell > COARSE:
        height = smooth(height, passes=max(1, round(source_cell / cell)))
    return Elevation(height, west, north, cell, source_cell)


def smooth(height: NDArray[np.float32], *, passes: int = 1) -> NDArray[np.float32]:
    """
    Average heights over a square of ``2 passes + 1`` cells, leaving out unknown ones.

    Parameters
    ----------
    height : ndarray of float32, shape (rows, columns)
        [m]; NaN where unknown, which stays unknown.
    passes : int
        Half the side of the square. [cells]

    Returns
    -------
    ndarray of float32, shape (rows, columns)
    """
    from scipy.ndimage import uniform_filter

    known = np.isfinite(height)
    size = 2 * passes + 1
    total = uniform_filter(np.where(known, height, 0.0).astype(np.float64), size, mode="constant")
    weight = uniform_filter(known.astype(np.float64), size, mode="constant")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / weight
    return np.where(known, mean, np.nan).astype(np.float32)


def _source(path: Path) -> str:
    """Return the name rasterio opens, the first raster of a zip file included."""
    if path.suffix.lower() != ".zip":
        return str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.lower().endswith(RASTERS)]
    except (zipfile.BadZipFile, OSError) as problem:
        raise ElevationFileError(file=path.name, reason="it is no readable zip file") from problem
    if not inside:
        raise ElevationFileError(file=path.name, reason="it holds no .tif or .hgt file")
    return f"/vsizip/{path.absolute()}/{inside[0]}"


def _resample(
    source: Any, epsg: int, bounds: tuple[float, float, float, float]
) -> tuple[NDArray[np.float32], float, float, float, float]:
    """Return heights, west and north edge, cell and source cell."""
    import rasterio
    from pyproj import Transformer
    from rasterio.warp import Resampling, reproject

    back = Transformer.from_crs(epsg, source.crs.to_wkt(), always_xy=True)
    x, y = (bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0
    place = np.array(back.transform([x, x + 1.0, x], [y, y, y + 1.0]))
    grid = source.transform
    with np.errstate(invalid="ignore"):
        step = place[:, 1:] - place[:, :1]
    per_metre = np.hypot(*np.linalg.solve([[grid.a, grid.b], [grid.d, grid.e]], step))
    if not np.isfinite(per_metre).all() or not (per_metre > 0).all():
        return np.full((1, 1), np.nan, dtype=np.float32), x, y, 1.0, 1.0
    source_cell = float(1.0 / per_metre.min())

    west, south = bounds[0] - MARGIN, bounds[1] - MARGIN
    width, depth = bounds[2] + MARGIN - west, bounds[3] + MARGIN - south
    cell = max(round(source_cell, 2), FINEST, math.sqrt(width * depth / MOST_CELLS))
    columns, rows = math.ceil(width / cell), math.ceil(depth / cell)
    north = south + rows * cell
    height = np.full((rows, columns), np.nan, dtype=np.float32)
    reproject(
        rasterio.band(source, 1),
        height,
        dst_transform=rasterio.Affine(cell, 0.0, west, 0.0, -cell, north),
        dst_crs=rasterio.crs.CRS.from_epsg(epsg),
        src_nodata=source.nodata,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear if source_cell >= cell / 2.0 else Resampling.average,
    )
    return height, west, north, cell, source_cell
