"""Which coordinate system a figure leaves the program in."""

from typing import Any, ClassVar

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from parvis.errors import InputError

WGS84 = 4326


class UnknownCrsError(InputError):
    """A coordinate system was asked for that nobody knows."""

    code: ClassVar[str] = "unknown_crs"


class DrawingNeedsMetresError(InputError):
    """A drawing was asked for in degrees."""

    code: ClassVar[str] = "drawing_needs_metres"


class Projection:
    """
    Takes coordinates from a city's CRS to the one asked for.

    Parameters
    ----------
    epsg : int
        The city's CRS.
    target : str or int
        ``"wgs84"``, ``"city"``, or an EPSG number with or without the letters.

    Attributes
    ----------
    epsg : int
        Of the target.
    is_geographic : bool
        Longitude and latitude in degrees, in this order.

    Raises
    ------
    UnknownCrsError
        If `target` is none of these.
    """

    def __init__(self, epsg: int, target: str | int = "wgs84") -> None:
        self.epsg = _epsg(epsg, target)
        try:
            crs = pyproj.CRS.from_epsg(self.epsg)
        except pyproj.exceptions.CRSError as error:
            raise UnknownCrsError(value=str(target)) from error
        self.is_geographic = bool(crs.is_geographic)
        self._transformer = pyproj.Transformer.from_crs(epsg, crs, always_xy=True)

    def __call__(
        self, x: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the coordinates in the target CRS, x or longitude first."""
        across, up = self._transformer.transform(
            np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        )
        return np.asarray(across, dtype=np.float64), np.asarray(up, dtype=np.float64)

    def geometry(self, geometry: shapely.Geometry) -> Any:
        """Return a shapely geometry in the target CRS."""
        return shapely.transform(geometry, lambda xy: np.column_stack(self(xy[:, 0], xy[:, 1])))


def check_crs(target: str | int | None, *, for_drawing: bool = False) -> None:
    """
    Refuse a coordinate system that cannot be written, before any long work is begun.

    Parameters
    ----------
    target : str, int or None
        As `Projection` takes it; None for the default of each format.
    for_drawing : bool
        A drawing is asked for, which needs metres.

    Raises
    ------
    UnknownCrsError
        If nobody knows `target`.
    DrawingNeedsMetresError
        If it counts in degrees and `for_drawing`.
    """
    if target is None or str(target).strip().lower() == "city":
        return
    if Projection(WGS84, target).is_geographic and for_drawing:
        raise DrawingNeedsMetresError(value=str(target))


def _epsg(epsg: int, target: str | int) -> int:
    named = {"wgs84": WGS84, "city": epsg}
    word = str(target).strip().lower().removeprefix("epsg:")
    if word in named:
        return named[word]
    if not word.isdigit():
        raise UnknownCrsError(value=str(target))
    return int(word)
