"""Municipal files are laid over a city, told in full, taken away and brought back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.io.store import load_city
from parvis_web.audit.models import AuditEvent
from parvis_web.cities.models import City, CityLayer
from parvis_web.config.data import library_home
from parvis_web.runs.queries import error_sentence

from .conftest import run_the_only_run


def url(town, city, page=""):
    return f"/a/{town.slug}/cities/{city.pk}/layers/{page}"


def bollards(city, *, kind="bollard", n=3):
    """A file of bollards in the middle of the city, one row of it of no known kind."""
    x, y = (city.west + city.east) / 2, (city.south + city.north) / 2
    rows = [
        {
            "type": "Feature",
            "properties": {"kind": kind if i else "unicorn"},
            "geometry": {"type": "Point", "coordinates": [x + i * 1e-5, y]},
        }
        for i in range(n + 1)
    ]
    document = {"type": "FeatureCollection", "features": rows}
    return SimpleUploadedFile("Poller Süd.geojson", json.dumps(document).encode())


def lay(town, city, file, **fields):
    data = {"file": file, "kind": "barriers", "crs": "", "sheet": ""} | fields
    return town.client("coordinator").post(url(town, city, "new/"), data)


def test_a_layer_is_taken_and_told_row_by_row(here, imported):
    before = imported.state_hash
    assert lay(here, imported, bollards(imported)).status_code == 302
    run = run_the_only_run()
    assert run.result["taken"] == {"bollard": 3}
    layer = CityLayer.objects.get()
    assert (layer.number, layer.facts["n_refused"]) == (1, 1)
    imported.refresh_from_db()
    assert imported.state_hash != before
    stored = load_city(imported.store, home=library_home(here.authority.pk))
    assert stored.hash == imported.state_hash
    page = here.client("reader").get(url(here, imported)).content.decode()
    assert "Poller Süd.geojson" in page
    assert "unicorn" in page
    assert "/remove/" not in page
    assert AuditEvent.objects.filter(action="city.layer-added").count() == 2


def test_a_removed_layer_comes_back_as_it_was(here, imported):
    client = here.client("coordinator")
    lay(here, imported, bollards(imported))
    run_the_only_run()
    with_layer = City.objects.get().state_hash
    layer = CityLayer.objects.get()
    answer = client.post(url(here, imported, f"{layer.pk}/remove/"), follow=True)
    assert "no longer laid over" in answer.content.decode()
    assert City.objects.get().state_hash == imported.state_hash
    lay(here, imported, bollards(imported, n=1))
    run_the_only_run()
    assert list(CityLayer.objects.values_list("number", flat=True)) == [1, 2]
    second = CityLayer.objects.get(number=2)
    client.post(url(here, imported, f"{second.pk}/remove/"))
    client.post(url(here, imported, f"{layer.pk}/bring-back/"))
    assert City.objects.get().state_hash == with_layer


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("plan.dwg", b"AC1032", 422, "by its ending"),
        ("plan.gpkg", b"%PDF", 422, "by its content"),
        ("rows.geojson", b'{"type": "FeatureCollection", "features": []}', 302, "no features"),
        ("plan.dxf", b"nothing of a drawing", 302, "plan.dxf"),
        ("shapes.zip", b"PK\x03\x04 broken", 302, "cannot be opened"),
    ],
)
def test_a_broken_file_is_one_sentence_and_changes_nothing(
    here, imported, name, content, status, says
):
    answer = lay(here, imported, SimpleUploadedFile(name, content))
    assert answer.status_code == status
    text = answer.content.decode()
    if status == 302:
        text = error_sentence(run_the_only_run())
    assert says in text
    assert not CityLayer.objects.exists()
    assert City.objects.get().state_hash == imported.state_hash


def test_another_authority_reaches_no_layer(here, elsewhere):
    city = here.city()
    layer = CityLayer.objects.create(
        authority=here.authority, city=city, number=1, file_name="a", layer_kind="trees"
    )
    client = elsewhere.client("owner")
    for page in ("remove/", "bring-back/"):
        assert client.post(url(elsewhere, city, f"{layer.pk}/{page}")).status_code == 404
    other = here.city(name="Other", store="other")
    client = here.client("owner")
    assert client.post(url(here, other, f"{layer.pk}/remove/")).status_code == 404
