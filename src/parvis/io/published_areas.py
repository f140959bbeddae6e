"""Which areas are to be published, and which is a part of which: a small CSV."""

import csv
from pathlib import Path

from parvis.errors import InputError

AREA, PARENT = "area", "parent"


class PublishedAreasError(InputError):
    """A list of areas cannot be used; details: file, problem."""

    code = "published_areas"


def read_areas(path: Path, *, city: str) -> dict[str, str]:
    """
    Return the area that each is a part of.

    Parameters
    ----------
    path : Path
        CSV with a column ``area`` and, where areas are nested, a column ``parent``; areas without a
        parent are parts of the city.
    city : str
        Area of the whole city, which need not be listed.

    Raises
    ------
    PublishedAreasError
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = names
            rows = list(reader)
    except FileNotFoundError:
        raise PublishedAreasError(file=path.name, problem="it is not there") from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise PublishedAreasError(file=path.name, problem="it is no CSV in UTF-8") from None
    if AREA not in names:
        raise PublishedAreasError(file=path.name, problem="it has no column named area")
    parents: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        area, parent = (row.get(AREA) or "").strip(), (row.get(PARENT) or "").strip()
        if area == city:
            continue
        if not area or area in parents:
            raise PublishedAreasError(
                file=path.name, problem=f"row {number}: the area is empty or stands twice"
            )
        parents[area] = parent or city
    if not parents:
        raise PublishedAreasError(file=path.name, problem="it lists no area")
    _check_tree(parents, city, path)
    return parents


def _check_tree(parents: dict[str, str], city: str, path: Path) -> None:
    for area in parents:
        seen = {area}
        above = parents[area]
        while above != city:
            if above in seen or above not in parents:
                raise PublishedAreasError(
                    file=path.name, problem=f"the parents of {area} do not lead to {city}"
                )
            seen.add(above)
            above = parents[above]
