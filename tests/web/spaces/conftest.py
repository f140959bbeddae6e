"""A drawn town stored in the authority's own home, with its square in the list."""

from pathlib import Path

import pytest
from web.spaces.service_examples import drawn_town

from parvis_web.cities.models import City
from parvis_web.spaces.models import Space


@pytest.fixture
def files(settings, tmp_path: Path) -> Path:
    """An empty data directory."""
    settings.PARVIS_DATA = tmp_path / "data"
    return settings.PARVIS_DATA


@pytest.fixture
def city(here, files: Path) -> City:
    """The drawn town as a city of the authority, files included."""
    del files
    return drawn_town(here)


@pytest.fixture
def square(city: City) -> Space:
    """The square of the town."""
    return Space.objects.get(city=city)


def moved(space: Space, by: float = 0.00005) -> dict:
    """The outline of a space, moved a little to the east."""
    rings = [[[round(x + by, 7), y] for x, y in ring] for ring in space.area["coordinates"]]
    return {"type": "Polygon", "coordinates": rings}
