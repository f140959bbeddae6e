"""The city store: what is written is what is read, in one step or not at all."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parvis.city.model import City, Segments
from parvis.io.home import (
    CityNameError,
    UnknownCityError,
    city_names,
    home_directory,
    name_from_file,
    remove_city,
)
from parvis.io.osm import build_city, import_city
from parvis.io.osm_read import read_extract
from parvis.io.store import (
    TABLES,
    DiskFullError,
    StoreBrokenError,
    StoreVersionError,
    list_cities,
    load_city,
    read_manifest,
    save_city,
)
from parvis.report.messages import describe

Write = Callable[..., Path]


@pytest.fixture
def extract(write_osm: Write) -> Path:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0, {"barrier": "bollard"}), 4: (300, 0)}
    nodes |= {20: (0, 50), 21: (30, 50), 22: (30, 80), 23: (0, 80)}
    street = {"highway": "residential", "name": "Rue du Marché"}
    ways = {10: ([1, 2, 3, 4], street), 11: ([20, 21, 22, 23, 20], {"place": "square"})}
    return write_osm(nodes, ways, name="town.osm")


def same_arrays(left: Any, right: Any) -> bool:
    return np.array_equal(np.asarray(left), np.asarray(right), equal_nan=left.dtype.kind == "f")


def test_what_is_loaded_is_what_was_saved(extract: Path, tmp_path: Path) -> None:
    city = build_city(read_extract(extract), name="town")
    loaded = save_city(city, home=tmp_path)
    for name in TABLES:
        before, after = getattr(city, name), getattr(loaded, name)
        assert before.columns.keys() == after.columns.keys()
        assert all(same_arrays(before[c], after[c]) for c in before.columns)
        assert same_arrays(before.coords, after.coords)
        assert before.vocabularies == after.vocabularies
        assert [before.tags(i) for i in range(len(before))] == [
            after.tags(i) for i in range(len(after))
        ]
    for field in fields(Segments):
        assert same_arrays(getattr(city.segments, field.name), getattr(loaded.segments, field.name))
    assert loaded.streets.text("name", 0) == "Rue du Marché"
    assert (loaded.epsg, loaded.bounds, loaded.boundary) == (city.epsg, city.bounds, None)


def test_arrays_are_memory_maps(extract: Path, parvis_home: Path) -> None:
    city = import_city(extract)
    assert isinstance(city.streets.coords, np.memmap)
    assert isinstance(city.segments.length, np.memmap)


def test_manifest_tells_where_the_data_comes_from(extract: Path, parvis_home: Path) -> None:
    manifest = import_city(extract).manifest
    assert manifest["source"]["file"] == "town.osm"
    assert len(manifest["source"]["sha256"]) == 64
    assert manifest["source"]["date"] == "2020-01-02T03:04:05Z"
    assert manifest["counts"]["segments"] == 2
    assert {"created", "code_version", "store_version", "hash", "cut"} <= manifest.keys()


def test_hash_follows_the_content(extract: Path, write_osm: Write, tmp_path: Path) -> None:
    city = import_city(extract, home=tmp_path)
    other = write_osm({1: (0, 0), 2: (101, 0)}, {10: ([1, 2], {"highway": "service"})})
    assert import_city(other, home=tmp_path, name="town").hash != city.hash


def test_import_again_replaces_the_base_and_keeps_what_lies_beside_it(
    extract: Path, parvis_home: Path
) -> None:
    import_city(extract)
    folder = parvis_home / "cities" / "town"
    (folder / "corrections").mkdir()
    note = folder / "corrections" / "README"
    note.write_text("kept")
    import_city(extract)
    assert note.read_text() == "kept"
    assert len(list(folder.glob("base-*"))) == 1
    assert not list(folder.parent.glob(".*"))


def test_open_city_stays_readable_while_it_is_imported_again(
    extract: Path, parvis_home: Path
) -> None:
    city = import_city(extract)
    import_city(extract)
    assert float(city.segments.length.sum()) == pytest.approx(300.0, rel=2e-3)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_full_disk_is_one_sentence_and_leaves_nothing(
    extract: Path, parvis_home: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(DiskFullError) as caught:
        import_city(extract)
    assert "No space" in describe(caught.value)
    assert not any(path.is_file() for path in parvis_home.rglob("*"))
    assert city_names() == []


def test_full_disk_keeps_the_older_store(
    extract: Path, parvis_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = import_city(extract).hash
    monkeypatch.setattr(np, "save", lambda *_, **__: (_ for _ in ()).throw(OSError("0 written")))
    with pytest.raises(DiskFullError):
        import_city(extract)
    assert load_city("town").hash == before


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there")
def test_file_size_limit_of_the_system_counts_as_a_full_disk(
    extract: Path, parvis_home: Path
) -> None:
    script = (
        "import resource, sys; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "from parvis.io.osm import import_city; from parvis.io.store import DiskFullError\n"
        "try:\n    import_city(Path(sys.argv[1]))\n"
        "except DiskFullError:\n    sys.exit(77)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(extract)], check=False)
    assert done.returncode == 77
    assert not any(path.is_file() for path in parvis_home.rglob("*"))


def test_unknown_city_suggests_near_names(extract: Path, parvis_home: Path) -> None:
    import_city(extract)
    with pytest.raises(UnknownCityError) as caught:
        load_city("twon")
    assert describe(caught.value) == 'There is no city "twon"; did you mean: town.'


def test_unknown_city_without_any_tells_how_to_import(parvis_home: Path) -> None:
    with pytest.raises(UnknownCityError) as caught:
        load_city("town")
    assert "parvis city import FILE" in describe(caught.value)


@pytest.mark.parametrize("name", ["", ".", "../x", "a/b", "-x", "x" * 65, "é", "a b", "a\n"])
def test_name_that_is_no_folder_name_is_refused(name: str, parvis_home: Path) -> None:
    with pytest.raises(CityNameError):
        load_city(name)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Old Town.osm.pbf", "old-town"),
        ("monaco-2012.osm.gz", "monaco-2012"),
        ("x.osm.bz2", "x"),
        ("Île.osm", "le"),
        ("....osm", "city"),
    ],
)
def test_default_name_comes_from_the_file(file: str, name: str) -> None:
    assert name_from_file(Path(file)) == name


@pytest.mark.parametrize(("version", "age"), [(0, "older"), (99, "newer")])
def test_store_of_another_version_asks_to_import_again(
    extract: Path, parvis_home: Path, version: int, age: str
) -> None:
    import_city(extract)
    path = parvis_home / "cities" / "town" / "city.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"store_version": version}))
    with pytest.raises(StoreVersionError) as caught:
        load_city("town")
    sentence = describe(caught.value)
    assert age in sentence
    assert "parvis city import town.osm --name town" in sentence
    assert list_cities()[0]["usable"] is False
    assert import_city(extract).name == "town"


@pytest.mark.parametrize("damage", ["manifest", "missing", "cut", "layout"])
def test_damaged_store_is_one_sentence(extract: Path, parvis_home: Path, damage: str) -> None:
    import_city(extract)
    folder = parvis_home / "cities" / "town"
    base = next(folder.glob("base-*"))
    match damage:
        case "manifest":
            (folder / "city.json").write_text("{")
        case "missing":
            shutil.rmtree(base)
        case "cut":
            path = base / "streets--coords.npy"
            path.write_bytes(path.read_bytes()[:100])
        case "layout":
            path = folder / "city.json"
            path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": {}}))
    with pytest.raises(StoreBrokenError):
        load_city("town")


def test_cities_are_listed_and_removed(extract: Path, parvis_home: Path) -> None:
    import_city(extract)
    import_city(extract, name="other")
    assert city_names() == ["other", "town"]
    assert [row["name"] for row in list_cities()] == ["other", "town"]
    remove_city("other")
    assert city_names() == ["town"]
    assert not (parvis_home / "cities" / "other").exists()


def test_manifest_is_read_without_the_arrays(extract: Path, parvis_home: Path) -> None:
    city = import_city(extract)
    assert read_manifest("town")["hash"] == city.hash


def test_home_is_argument_then_environment_then_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "env"))
    assert home_directory(tmp_path / "given") == tmp_path / "given"
    assert home_directory() == tmp_path / "env"
    monkeypatch.delenv("PARVIS_HOME")
    assert home_directory().name == "parvis"


def test_loaded_city_has_no_layers_without_any(extract: Path, parvis_home: Path) -> None:
    city: City = import_city(extract)
    assert not city.manifest.get("layers")
