"""Which outline does a person's file hold, checked against a stored city."""

from pathlib import Path

from parvis.city.outlines import Outline, checked_outline
from parvis.io.protected_area import read_protected_area
from parvis.io.store import load_base


def outline_from_file(
    path: Path, city: str, *, home: Path | None = None, crs: str | None = None
) -> Outline:
    """
    Read a protected area from a polygon file for a stored city.

    Parameters
    ----------
    path : Path
        Any format of `parvis.io.vector.read_vector`; several polygons make one area.
    city : str
        Name of the stored city.
    home : Path, optional
    crs : str, optional
        Where the file does not say its own, as drawings do not.

    Raises
    ------
    NotAPolygonError, SelfCrossingError, OutsideCityError
        Beside the errors of `read_vector`, `to_crs` and `checked_outline`.
    """
    base = load_base(city, home=home)
    return checked_outline(read_protected_area(path, base, crs=crs), base)
