"""A city of the authority with its base map on the disk."""

from pathlib import Path

import pytest
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.io.store import save_city
from parvis.io.tiles import write_base_tiles
from parvis.io.tiles_archive import base_tiles_path
from parvis_web.cities.models import City
from parvis_web.config.data import library_home

EAST, NORTH = 500_000.0, 5_540_000.0


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    """A data directory of the test's own."""
    settings.PARVIS_DATA = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def city(here, data: Path) -> City:
    """A village of two streets and a house, in the middle of its zone."""
    del data
    drawn = draw_city(
        [
            Street([(EAST, NORTH), (EAST + 300, NORTH)], highway="tertiary", name="Ash Street"),
            Street([(EAST + 150, NORTH), (EAST + 150, NORTH + 200)], name="Elm Lane"),
        ],
        areas=[Thing("building", shapely.box(EAST + 20, NORTH + 20, EAST + 50, NORTH + 40))],
    )
    home = library_home(here.authority.pk)
    store = save_city(drawn, home=home)
    write_base_tiles(store, base_tiles_path(store.name, home=home))
    return here.city(store=store.name, west=9.0, south=50.0, east=9.01, north=50.01)
