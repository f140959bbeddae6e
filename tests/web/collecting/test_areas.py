"""Areas come in from a file of any system, are named, removed and brought back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis_web.collecting import queries
from parvis_web.collecting.models import AreaLayer

pytestmark = pytest.mark.django_db
SQUARE = [[[10.0, 50.0], [10.1, 50.0], [10.1, 50.1], [10.0, 50.1], [10.0, 50.0]]]


def url(town, page=""):
    return f"/a/{town.slug}/data/areas/{page}"


def wards(code="A1"):
    row = {
        "type": "Feature",
        "properties": {"ward_code": code, "ward_name": "Old Town"},
        "geometry": {"type": "Polygon", "coordinates": SQUARE},
    }
    document = {"type": "FeatureCollection", "features": [row]}
    return SimpleUploadedFile("wards.geojson", json.dumps(document).encode())


def test_areas_are_kept_with_codes_names_and_outlines(here, own_process):
    client = here.client("analyst")
    form = {"name": "Wards", "file": wards(), "valid_from": "2021-01-01"}
    assert client.post(url(here, "new/"), form).status_code == 302
    layer = AreaLayer.objects.get()
    assert (layer.codes, layer.names) == (["A1"], ["Old Town"])
    drawn = queries.areas_of_layer(here.authority.pk, layer.digest)
    assert drawn["features"][0]["properties"] == {"code": "A1", "name": "Old Town"}
    assert queries.area_names(here.actor("reader")) == {"A1": "Old Town"}
    assert "Old Town" not in here.client("reader").get(url(here)).content.decode()
    client.post(url(here, f"{layer.pk}/remove/"))
    assert queries.area_names(here.actor("reader")) == {}
    client.post(url(here, f"{layer.pk}/bring-back/"))
    assert queries.area_layers(here.actor("reader")).count() == 1


def test_areas_without_codes_are_refused_in_one_sentence(here, own_process):
    form = {"name": "Wards", "file": wards(code="")}
    form["code"] = "ward_code"
    answer = here.client("analyst").post(url(here, "new/"), form)
    assert answer.status_code == 422
    assert "ward_code" in answer.content.decode()
    assert not AreaLayer.objects.exists()


@pytest.mark.parametrize("role", ["assessor", "reader"])
def test_readers_add_none(here, role):
    assert here.client(role).get(url(here, "new/")).status_code == 403


def test_strangers_find_none(here, elsewhere):
    form = {"name": "Wards", "file": wards()}
    here.client("analyst").post(url(here, "new/"), form)
    layer = AreaLayer.objects.get()
    client = elsewhere.client("owner")
    for page in ("remove/", "bring-back/"):
        assert client.post(url(elsewhere, f"{layer.pk}/{page}")).status_code == 404
    assert "Wards" not in client.get(url(elsewhere)).content.decode()
