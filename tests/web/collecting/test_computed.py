"""Values are computed from the imported map and wait to be kept like any others."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web.cities.service_examples import imported

from parvis_web.collecting import queries, services
from parvis_web.collecting.models import Delivery, Origin
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.queries import error_sentence

pytestmark = pytest.mark.django_db


def people(city, *, name="people"):
    """A table of people all over the city."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["lon", "lat", name])
    for i in range(10):
        for j in range(10):
            lon = city.west + (city.east - city.west) * (i + 0.5) / 10
            lat = city.south + (city.north - city.south) * (j + 0.5) / 10
            writer.writerow([lon, lat, 20])
    return SimpleUploadedFile("grid.csv", stream.getvalue().encode())


def post(town, city, file, role="analyst"):
    form = {"city": city.pk, "file": file, "period": "2025", "whole": "city"}
    return town.client(role).post(f"/a/{town.slug}/data/compute/", form)


def test_the_map_gives_values_that_wait_to_be_kept(here, own_process):
    city = imported(here)
    answer = post(here, city, people(city))
    run = execute(AnalysisRun.objects.get(state="queued"))
    assert run.state == "done", error_sentence(run)
    delivery = Delivery.objects.get()
    assert answer["Location"].endswith(f"/deliveries/{delivery.pk}/")
    assert delivery.origin == Origin.COMPUTED
    assert "LIV-02" in delivery.found["indicators"]
    page = here.client("analyst").get(answer["Location"]).content.decode()
    assert "What is not mapped is unknown, not absent." in page
    assert "dead ends on foot" in page
    services.keep_delivery(here.actor("analyst"), delivery)
    table = queries.observations_of(here.actor("reader"))
    assert {each.period for each in table} == {"2025"}


def test_a_file_without_people_is_one_sentence(here):
    city = imported(here)
    post(here, city, people(city, name="cats"))
    run = execute(AnalysisRun.objects.get(state="queued"))
    assert run.state == "failed"
    assert "grid.csv" in error_sentence(run)
    page = here.client("analyst").get(f"/a/{here.slug}/data/deliveries/{run.subject_id}/")
    assert "grid.csv" in page.content.decode()


@pytest.mark.parametrize("role", ["assessor", "reader"])
def test_readers_compute_nothing(here, role):
    assert post(here, here.city(), SimpleUploadedFile("a.csv", b"a"), role).status_code == 403


def test_a_city_of_another_authority_is_no_choice(here, elsewhere):
    answer = post(here, elsewhere.city(), SimpleUploadedFile("a.csv", b"a"))
    assert answer.status_code == 422
    assert not Delivery.objects.exists()
