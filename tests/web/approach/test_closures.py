"""A closure plan on its page: lines as the library lays them out, in every format."""

import json

import closure_samples as samples
import pytest
from django.utils import timezone

from parvis.report.closure_export import closure_document
from parvis_web.approach import services
from parvis_web.approach.handlers import closure_summary, keep_closure
from parvis_web.config.data import run_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(place, ground):
    """A plan whose files hold a made-up result."""
    plan = services.request_closure(place.town.actor("coordinator"), place.analysed())
    result = samples.make_closure()
    keep_closure(run_folder(plan.authority_id, plan.run_id), ground, result, None)
    plan.run.state, plan.run.ended = "done", timezone.now()
    plan.run.save()
    plan.summary = closure_summary(closure_document(result))
    plan.save()
    return plan


def test_lines_are_those_of_the_document(place, plan):
    document = closure_document(samples.make_closure())
    page = place.town.client("coordinator").get(place.url("closure", plan.pk))
    lines = page.context["page"].lines
    assert [line.document for line in lines] == document["plans"][0]["lines"]
    text = page.content.decode()
    for line in lines:
        assert f'id="line-{line.number}"' in text
        if line.required:
            assert line.required in text
    for risk in page.context["page"].risks:
        assert risk["name"] in text


def test_the_map_shows_lines_by_number(place, plan):
    url = place.url("closure-overlay", plan.pk)
    shown = json.loads(place.town.client("coordinator").get(url, {"layer": "numbers"}).content)
    lines = closure_document(samples.make_closure())["plans"][0]["lines"]
    assert [f["properties"]["label"] for f in shown["features"]] == [str(x["id"]) for x in lines]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson", "gpkg", "dxf"])
def test_every_format_is_written(place, plan, ending):
    answer = place.town.client("coordinator").get(place.url("closure-export", plan.pk, ending))
    assert answer.status_code == 200 and answer.content


def test_asking_by_form_and_removing_with_undo(place, elsewhere):
    client, analysis = place.town.client("coordinator"), place.analysed()
    url = place.url("closure-start", analysis.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"emergency_access": ["77"]}).status_code == 422
    answer = client.post(url, {"permanence": "temporary", "emergency_access": ["1"]})
    assert client.get(answer.url).status_code == 200
    assert elsewhere.client("owner").get(answer.url).status_code == 404
    assert place.town.client("reader").get(url).status_code == 403


def test_removed_plans_come_back(place, plan):
    client = place.town.client("coordinator")
    client.post(place.url("closure-remove", plan.pk))
    assert client.get(place.url("closure", plan.pk)).status_code == 404
    client.post(place.url("closure-restore", plan.pk))
    assert client.get(place.url("closure", plan.pk)).status_code == 200
