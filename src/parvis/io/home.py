"""Where does Parvis keep its data, and which cities are there."""

import difflib
import os
import re
import shutil
from pathlib import Path

from parvis.errors import InputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SUFFIXES = (".gz", ".bz2", ".pbf", ".osm")
MANIFEST = "city.json"


class CityNameError(InputError):
    """A city's name has signs that a folder name should not have."""

    code = "city_name"


class UnknownCityError(InputError):
    """No city of that name has been imported."""

    code = "unknown_city"


def home_directory(home: Path | None = None) -> Path:
    """
    Return the data directory.

    Parameters
    ----------
    home : Path, optional
        Taken where given, else the environment's ``PARVIS_HOME``, else the system's directory for
        a user's application data.
    """
    if home is not None:
        return Path(home)
    if named := os.environ.get("PARVIS_HOME"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("parvis", appauthor=False))


def check_city_name(name: str) -> str:
    """Return `name`; raise `CityNameError` where it cannot be a folder's name."""
    if not _NAME.fullmatch(name):
        raise CityNameError(name=name)
    return name


def name_from_file(path: Path) -> str:
    """Return the city name a file's name suggests: "Old Town.osm.pbf" gives "old-town"."""
    name = path.name
    while (stem := Path(name)).suffix.lower() in _SUFFIXES:
        name = stem.stem
    plain = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-_")[:64]
    return plain or "city"


def city_directory(name: str, home: Path | None = None) -> Path:
    """Return the folder of the city `name`, whether it exists or not."""
    return home_directory(home) / "cities" / check_city_name(name)


def existing_city(name: str, home: Path | None = None) -> Path:
    """
    Return the folder of an imported city.

    Raises
    ------
    UnknownCityError
        With the names that come near.
    """
    folder = city_directory(name, home)
    if not (folder / MANIFEST).is_file():
        known = city_names(home)
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        listed = ", ".join(near or known[:5])
        hint = (
            f"{'did you mean' if near else 'there are'}: {listed}"
            if listed
            else "import one first: parvis city import FILE"
        )
        raise UnknownCityError(name=name, hint=hint)
    return folder


def city_names(home: Path | None = None) -> list[str]:
    """Return the names of all imported cities in alphabetical order."""
    cities = home_directory(home) / "cities"
    if not cities.is_dir():
        return []
    return sorted(item.parent.name for item in cities.glob(f"[!.]*/{MANIFEST}"))


def remove_city(name: str, home: Path | None = None) -> None:
    """Delete a city with its layers and corrections."""
    folder = existing_city(name, home)
    (folder / MANIFEST).unlink()
    shutil.rmtree(folder)
