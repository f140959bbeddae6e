"""One run of every service of cities."""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from web.service_examples import example

from parvis.city.town import make_town
from parvis.io.osm_writer import write_osm
from parvis_web.accounts.rights import Actor
from parvis_web.cities import services
from parvis_web.cities.files import KeptFile
from parvis_web.cities.models import City, CityLayer
from parvis_web.cities.reading import import_extract, lay_over
from parvis_web.config.data import library_home

EXTRACT = KeptFile(name="town.osm.pbf", digest="a" * 64, ending=".osm.pbf", size=1)
BOLLARDS = KeptFile(name="bollards.geojson", digest="b" * 64, ending=".geojson", size=1)


def coordinator(town) -> Actor:
    return town.actor("coordinator")


def system(town) -> Actor:
    return Actor(town.authority, via="run")


def added(town) -> City:
    services.add_city(coordinator(town), name=f"City {uuid4()}", extract=EXTRACT)
    return City.objects.order_by("created").last()


@cache
def library() -> tuple[Path, dict[str, Any]]:
    """The small fictional town's store, and what its import found."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-examples-"))
    extract = folder / "town.osm.pbf"
    write_osm(make_town(seed=1, size="small"), extract)
    found = import_extract(
        extract,
        store="tessenmark",
        home=folder / "home",
        boundary=None,
        municipality="",
        most_unpacked=2**30,
        notice=lambda _: None,
    )
    return folder / "home", found


def imported(town) -> City:
    home, found = library()
    shutil.copytree(home, library_home(town.authority.pk))
    city = town.city()
    services.take_import(
        system(town), city, found=found, source_name=EXTRACT.name, source_digest=EXTRACT.digest
    )
    return city


def laid(town) -> CityLayer:
    """A bollard laid over the town."""
    city = imported(town)
    home = library_home(town.authority.pk)
    middle = [(city.west + city.east) / 2, (city.south + city.north) / 2]
    point = {"type": "Point", "coordinates": middle}
    row = {"type": "Feature", "properties": {"kind": "bollard"}, "geometry": point}
    file = home.parent / "bollards.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [row]}))
    found = lay_over(file, store=city.store, home=home, kind="barriers", most_unpacked=2**20)
    parameters = {"file": vars(BOLLARDS), "kind": "barriers", "is_replacing": False}
    return services.take_layer(system(town), city, parameters=parameters, found=found)


@example("city.add")
def add(town):
    added(town)


@example("city.replace-extract")
def replace_extract(town):
    services.replace_extract(coordinator(town), town.city(), extract=EXTRACT)


@example("city.imported")
def take_import(town):
    imported(town)


@example("city.import-failed")
def import_failed(town):
    services.fail_import(system(town), added(town))


@example("city.lay-over")
def begin_layer(town):
    services.lay_over(coordinator(town), town.city(), file=BOLLARDS, layer_kind="barriers")


@example("city.layer-added")
def layer_added(town):
    laid(town)


@example("city.layer-remove")
def layer_remove(town):
    services.remove_layer(coordinator(town), laid(town))


@example("city.layer-bring-back")
def layer_bring_back(town):
    layer = laid(town)
    services.remove_layer(coordinator(town), layer)
    services.bring_back_layer(coordinator(town), layer)


@example("city.rename")
def rename(town):
    services.rename_city(coordinator(town), town.city(), name="Overfield")


@example("city.remove")
def remove(town):
    services.remove_city(coordinator(town), town.city())


@example("city.bring-back")
def bring_back(town):
    city = town.city()
    services.remove_city(coordinator(town), city)
    services.bring_back_city(coordinator(town), city)


@example("city.purge")
def purge(town):
    city = town.city()
    services.remove_city(coordinator(town), city)
    services.purge_city(coordinator(town), city)
