"""The fictional town imported into the authority's own home, with its spaces in the list."""

import shutil
from pathlib import Path

import pytest

from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.spaces.models import Space
from parvis_web.spaces.services import sync_spaces


@pytest.fixture(scope="session")
def town_home(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library home that holds the town as the city `tessenmark`."""
    from parvis.io.osm import import_city

    home = tmp_path_factory.mktemp("town-home")
    import_city(town, name="tessenmark", home=home)
    return home


@pytest.fixture
def files(settings, tmp_path: Path) -> Path:
    """An empty data directory."""
    settings.PARVIS_DATA = tmp_path / "data"
    return settings.PARVIS_DATA


@pytest.fixture
def city(here, files: Path, town_home: Path) -> City:
    """The town as a city of the authority, files included."""
    del files
    home = library_home(here.authority.pk)
    shutil.copytree(town_home, home)
    city = here.city(imported="2026-01-01T00:00:00Z")
    sync_spaces(here.actor("coordinator"), city)
    return city


@pytest.fixture
def square(city: City) -> Space:
    """A square of the town."""
    return Space.objects.filter(city=city, place_kind="square").order_by("name").first()


def moved(space: Space, by: float = 0.00005) -> dict:
    """The outline of a space, moved a little to the east."""
    rings = [[[round(x + by, 7), y] for x, y in ring] for ring in space.area["coordinates"]]
    return {"type": "Polygon", "coordinates": rings}
