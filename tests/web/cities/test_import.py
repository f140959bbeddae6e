"""A city comes from a file, through the page, wholly or not at all."""

import json

import pytest

from parvis.io.home import city_names
from parvis.io.store import load_city
from parvis_web.audit.models import AuditEvent
from parvis_web.cities.models import City, CityState
from parvis_web.config.data import authority_folder, library_home
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.queries import error_sentence

from .conftest import post_extract, run_the_only_run, upload


def kept_files(town):
    folder = authority_folder(town.authority.pk) / "city-files"
    return list(folder.iterdir()) if folder.exists() else []


def test_an_extract_becomes_a_city_with_spaces_and_a_base_map(here, town):
    assert post_extract(here.client("coordinator"), here.slug, upload(town)).status_code == 302
    run = run_the_only_run()
    imported = City.objects.get()
    assert run.result == {"hash": imported.state_hash, "spaces": imported.spaces.count()}
    home = library_home(here.authority.pk)
    stored = load_city(imported.store, home=home)
    assert (imported.state, imported.state_hash) == (CityState.READY, stored.hash)
    assert imported.spaces.count() == len(stored.spaces) > 3
    assert imported.summary["grade"] == "C"
    assert imported.source_name == "town.osm.pbf"
    assert len(imported.source_digest) == 64
    assert imported.west < imported.east
    assert any((home / "cities" / imported.store).glob("*.pmtiles"))
    page = here.client("reader").get(f"/a/{here.slug}/cities/{imported.pk}/").content.decode()
    for fact in (imported.source_digest, "OpenStreetMap contributors", "screening only"):
        assert fact in page
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"city.add", "run.start", "city.imported", "space.sync", "run.end"} <= actions


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.pdf", b"%PDF-1.7", "no OpenStreetMap extract by its ending"),
        ("town.osm.pbf", b"%PDF-1.7" * 100, "by its content"),
        ("town.osm", b"GIF89a", "by its content"),
        ("empty.osm.pbf", b"", "empty"),
    ],
)
def test_a_wrong_file_is_told_at_once_and_nothing_is_kept(here, name, content, says):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = here.client("owner")
    answer = post_extract(client, here.slug, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not City.objects.exists()
    assert not kept_files(here)


def test_a_damaged_extract_fails_in_one_sentence(here, town, tmp_path):
    content = town.read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(content[: len(content) // 2])
    assert post_extract(here.client("owner"), here.slug, upload(path)).status_code == 302
    run = run_the_only_run()
    assert run.error_code == "extract_broken"
    assert error_sentence(run).startswith("cut.osm.pbf is damaged")
    city = City.objects.get()
    assert (city.state, city.spaces.count()) == (CityState.FAILED, 0)
    assert city_names(library_home(here.authority.pk)) == []
    page = here.client("owner").get(f"/a/{here.slug}/cities/{city.pk}/").content.decode()
    assert "cut.osm.pbf is damaged" in page


def test_a_file_that_unpacks_to_too_much_is_given_up(here, bomb, settings):
    settings.PARVIS_UPLOAD_LIMIT = 2**20
    post_extract(here.client("owner"), here.slug, upload(bomb))
    run = run_the_only_run()
    assert run.error_code == "upload_unpacked"
    assert "bomb.osm.gz unpacks to more than the 10 MB" in error_sentence(run)


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(here, town, settings):
    settings.PARVIS_UPLOAD_LIMIT = 1000
    client = here.client("owner")
    answer = post_extract(client, here.slug, upload(town))
    assert answer.status_code == 422
    assert "town.osm.pbf is larger than" in answer.content.decode()
    url = f"/a/{here.slug}/cities/new/"
    answer = client.generic("POST", url, b"x", CONTENT_LENGTH=str(2**40))
    assert answer.status_code == 413
    assert not City.objects.exists()


def test_an_extract_of_the_servers_folder_is_chosen_by_name(here, town, tmp_path, monkeypatch):
    folder = tmp_path / "extracts"
    folder.mkdir()
    (folder / "region.osm.pbf").write_bytes(town.read_bytes())
    (folder / "passwords.txt").write_text("secret")
    (folder / "link.osm.pbf").symlink_to("/etc/passwd")
    monkeypatch.setenv("PARVIS_IMPORT_DIR", str(folder))
    client = here.client("owner")
    page = client.get(f"/a/{here.slug}/cities/new/").content.decode()
    assert "region.osm.pbf" in page
    assert "passwords" not in page
    assert "link.osm.pbf" not in page
    for name in ("../extracts/region.osm.pbf", "link.osm.pbf", "passwords.txt"):
        assert post_extract(client, here.slug, "", server_file=name).status_code == 422
    assert post_extract(client, here.slug, "", server_file="region.osm.pbf").status_code == 302
    assert AnalysisRun.objects.get().parameters["name"] == "region.osm.pbf"


def test_the_same_name_twice_gives_two_stores(here, town):
    client = here.client("owner")
    for _ in range(2):
        post_extract(client, here.slug, upload(town))
    assert sorted(City.objects.values_list("store", flat=True)) == ["tessenmark", "tessenmark-2"]


def test_the_same_file_elsewhere_is_read_anew(here, elsewhere, town):
    post_extract(here.client("owner"), here.slug, upload(town))
    post_extract(elsewhere.client("owner"), elsewhere.slug, upload(town))
    theirs = AnalysisRun.objects.get(authority=elsewhere.authority)
    assert theirs.state == "queued"
    assert theirs.inputs_hash not in AnalysisRun.objects.exclude(pk=theirs.pk).values_list(
        "inputs_hash", flat=True
    )
    assert len(kept_files(elsewhere)) == 1


def test_importing_again_keeps_the_spaces_and_their_ids(here, imported, town):
    before = dict(imported.spaces.values_list("store_id", "pk"))
    drawn = here.space(city=imported, name="Drawn by hand")
    url = f"/a/{here.slug}/cities/{imported.pk}/replace/"
    answer = here.client("owner").post(url, {"file": upload(town), "municipality": ""})
    assert answer.status_code == 302
    assert run_the_only_run().state == "done"
    after = dict(imported.spaces.exclude(store_id="").values_list("store_id", "pk"))
    assert after == before
    drawn.refresh_from_db()
    assert drawn.removed is None


def test_a_failed_replacement_leaves_the_city_as_it_was(here, imported, town, tmp_path):
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(town.read_bytes()[:2000])
    url = f"/a/{here.slug}/cities/{imported.pk}/replace/"
    here.client("owner").post(url, {"file": upload(path), "municipality": ""})
    assert run_the_only_run().state == "failed"
    city = City.objects.get()
    assert (city.state, city.state_hash) == (CityState.READY, imported.state_hash)
    assert load_city(city.store, home=library_home(here.authority.pk)).hash == imported.state_hash


def test_a_boundary_file_cuts_the_extract(here, imported, town, tmp_path):
    west, east = imported.west, imported.east
    south, north = imported.south, imported.north
    middle = (west + east) / 2
    ring = [[west, south], [middle, south], [middle, north], [west, north], [west, south]]
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    client = here.client("owner")
    answer = post_extract(client, here.slug, upload(town), boundary=upload(path), name="Half")
    assert answer.status_code == 302
    assert run_the_only_run().state == "done"
    half = City.objects.get(name="Half")
    assert half.boundary["type"] in ("Polygon", "MultiPolygon")
    page = client.get(f"/a/{here.slug}/cities/{half.pk}/").content.decode()
    assert "within the given boundary" in page


def test_a_broken_boundary_is_told_at_once(here, town, tmp_path):
    path = tmp_path / "boundary.geojson"
    path.write_text("{}")
    answer = post_extract(here.client("owner"), here.slug, upload(town), boundary=upload(path))
    assert answer.status_code == 422
    assert "boundary.geojson gives no boundary" in answer.content.decode()
    assert not kept_files(here)


def test_an_import_cancelled_while_it_waits_leaves_no_city_behind(here, town):
    client = here.client("owner")
    post_extract(client, here.slug, upload(town))
    run = AnalysisRun.objects.get()
    client.post(f"/a/{here.slug}/runs/{run.pk}/cancel/")
    assert City.objects.get().state == CityState.FAILED
