"""The base map made from a city store: what is in it, and what must never be."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from tile_reading import ReadLayer, metadata_of, read_tile, tiles_of

from parvis.city.model import City
from parvis.io import tiles
from parvis.io.layers import add_layer
from parvis.io.osm import import_city
from parvis.io.store import load_base, load_city
from parvis.io.tiles import CorrectedCityError, write_base_tiles

FIELDS = {
    "streets": {"kind", "name", "level", "is_oneway", "width"},
    "buildings": set(),
    "water": set(),
    "green": {"kind"},
    "areas": {"kind"},
    "rails": {"kind"},
    "names": {"kind", "name", "rank"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def city(town: Path, home: Path) -> City:
    import_city(town, name="town", home=home)
    return load_base("town", home=home)


@pytest.fixture(scope="module")
def archive(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiles") / "base.pmtiles"
    write_base_tiles(city, path)
    return path


def _layers(path: Path, folder: Path) -> Iterator[tuple[tuple[int, int, int], str, ReadLayer]]:
    for place, content in tiles_of(path).items():
        for name, layer in read_tile(content, folder).items():
            yield place, name, layer


def test_a_town_has_all_layers_with_their_attributes(archive: Path, tmp_path: Path) -> None:
    found: dict[str, set[str]] = {}
    for _, name, layer in _layers(archive, tmp_path):
        found.setdefault(name, set()).update(set(layer.columns) - {"mvt_id"})
    assert found == FIELDS


def test_metadata_names_source_bounds_and_layers(archive: Path, city: City) -> None:
    said = metadata_of(archive)
    assert said["attribution"] == "© OpenStreetMap contributors"
    west, south, east, north = said["bounds"]
    assert west < east and south < north
    assert {layer["id"]: set(layer["fields"]) for layer in said["vector_layers"]} == FIELDS
    assert said["store"] == city.hash


def test_the_same_store_gives_the_same_bytes(archive: Path, city: City, tmp_path: Path) -> None:
    write_base_tiles(city, tmp_path / "again.pmtiles")
    assert (tmp_path / "again.pmtiles").read_bytes() == archive.read_bytes()


def test_all_buildings_stand_in_the_last_zoom(archive: Path, city: City, tmp_path: Path) -> None:
    metres = 40075016.686 / 2**16 / 4096
    area = 0.0
    inside = shapely.box(0, 0, 4096, 4096)
    for (zoom, _, _), name, layer in _layers(archive, tmp_path):
        if zoom == 16 and name == "buildings":
            parts = shapely.make_valid(shapely.get_parts(layer.shapes))
            area += shapely.area(shapely.intersection(parts, inside)).sum()
    kinds = city.areas.words("kind") == "building"
    latitude = np.radians(55.0)
    expected = shapely.area(city.areas.geometry[kinds]).sum()
    assert area * (metres * np.cos(latitude)) ** 2 == pytest.approx(expected, rel=0.01)


def test_streets_say_kind_name_level_direction_and_width(tmp_path: Path) -> None:
    drawn = draw_city(
        [
            Street([(5e5, 5.5e6), (500_100, 5.5e6)], highway="tertiary", name="Ash Street"),
            Street([(500_100, 5.5e6), (500_200, 5.5e6)], highway="tertiary", name="Ash Street"),
            Street([(5e5, 5_500_050), (500_200, 5_500_050)], level=-1, width_tag=3.24),
        ]
    )
    write_base_tiles(drawn, tmp_path / "base.pmtiles")
    (streets,) = [
        layer for (z, _, _), name, layer in _layers(tmp_path / "base.pmtiles", tmp_path)
        if z == 14 and name == "streets"
    ]  # fmt: skip
    rows = set(zip(*(streets.columns[key] for key in (
        "kind", "name", "level", "is_oneway", "width"
    )), strict=True))  # fmt: skip
    assert rows == {
        ("tertiary", "Ash Street", 0, False, 8.0),
        ("residential", None, -1, False, 3.0),
    }
    joined = streets.shapes[list(streets.columns["kind"]).index("tertiary")]
    assert len(shapely.get_parts(joined)) == 1


def test_small_streets_wait_for_a_closer_zoom(archive: Path, tmp_path: Path) -> None:
    kinds: dict[int, set[str]] = {}
    for (zoom, _, _), name, layer in _layers(archive, tmp_path):
        if name == "streets":
            kinds.setdefault(zoom, set()).update(layer.columns["kind"])
    assert "footway" not in kinds[13] and "footway" in kinds[16]
    assert "residential" not in kinds[12] and "residential" in kinds[13]


def test_a_crowded_tile_is_drawn_coarser(city: City, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tiles, "LARGEST_TILE", 12_000)
    written = write_base_tiles(city, tmp_path / "base.pmtiles")
    assert written.n_coarser > 0
    assert written.largest_tile <= 12_000


def test_tiles_of_a_real_centre_stay_small(shared_data: Path, tmp_path: Path) -> None:
    import_city(shared_data / "osm/monaco-2021.osm.pbf", name="monaco", home=tmp_path)
    written = write_base_tiles(load_base("monaco", home=tmp_path), tmp_path / "base.pmtiles")
    assert written.largest_tile < 150_000
    assert written.n_bytes < 1_000_000


def test_a_city_with_layers_or_corrections_is_refused(
    city: City, home: Path, tmp_path: Path
) -> None:
    for key in ("layers", "corrections", "variant"):
        changed = replace(city, manifest=dict(city.manifest) | {key: []})
        with pytest.raises(CorrectedCityError):
            write_base_tiles(changed, tmp_path / "base.pmtiles")
    assert list(tmp_path.iterdir()) == []


def test_what_an_authority_added_is_in_no_tile(city: City, home: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.pmtiles"
    after = tmp_path / "after.pmtiles"
    write_base_tiles(load_base("town", home=home), before)
    x, y = (city.bounds[0] + city.bounds[2]) / 2, (city.bounds[1] + city.bounds[3]) / 2
    shapes = {
        "buildings": shapely.box(x, y, x + 90, y + 40),
        "walls": shapely.LineString([(x, y), (x + 90, y + 40)]),
    }
    for kind, shape in shapes.items():
        file = tmp_path / f"secret-{kind}.gpkg"
        pyogrio.raw.write(
            file, shapely.to_wkb([shape]), [np.array(["Secret"], dtype=object)], ["name"],
            crs=f"EPSG:{city.epsg}", geometry_type=shape.geom_type, layer=kind,
        )  # fmt: skip
        add_layer("town", file, kind, home=home)
    changed = load_city("town", home=home)
    assert len(changed.lines) > len(city.lines) and len(changed.areas) > len(city.areas)
    with pytest.raises(CorrectedCityError):
        write_base_tiles(changed, after)
    write_base_tiles(load_base("town", home=home), after)
    assert after.read_bytes() == before.read_bytes()
    assert not any(b"Secret" in content for content in tiles_of(after).values())


def test_a_failed_write_leaves_the_old_archive(city: City, tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "base.pmtiles"
    target.write_bytes(b"old")
    monkeypatch.setattr(tiles, "_header", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_base_tiles(city, target)
    assert [path.name for path in tmp_path.iterdir()] == ["base.pmtiles"]
    assert target.read_bytes() == b"old"


def test_progress_counts_zooms(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    drawn = draw_city(areas=[Thing("building", shapely.box(5e5, 5.5e6, 500_020, 5_500_020))])
    write_base_tiles(drawn, tmp_path / "base.pmtiles", progress=lambda *said: told.append(said))
    assert told == [("tiles", done, 7) for done in range(8)]
