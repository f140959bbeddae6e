"""From the form over the worker to the page: its numbers are the library's."""

import json

import pytest

from parvis.io.analyses import analyse_space
from parvis.report.export import result_document
from parvis_web.approach import kept
from parvis_web.approach.models import Analysis
from parvis_web.config.data import library_home
from parvis_web.runs.execution import execute

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_shows_what_the_library_answers(place):
    place.state(reason="What drives here today", vehicles=["M1", "N2B"])
    client = place.town.client("coordinator")
    answer = client.post(place.url("start"), {"design": "cautious"})
    analysis = Analysis.objects.get()
    assert answer.url == place.url("result", analysis.pk)
    assert "Vehicle classes" in client.get(answer.url).content.decode()
    run = execute(analysis.run)
    assert run.state == "done", (run.error_code, run.error_details)

    _, result = analyse_space(
        "tessenmark", "way/1", vehicles=["M1", "N2B"], home=library_home(place.town.authority.pk)
    )
    told = result_document(result)
    assert told["access_points"]
    page = client.get(answer.url)
    text = page.content.decode()
    assert told["access_points"] == kept.document(analysis)["access_points"]
    rows = page.context["page"].rows
    assert [row.number for row in rows] == sorted(p["id"] for p in told["access_points"])
    for row, point in zip(rows, told["access_points"], strict=True):
        assert row.speed == point["fastest_said_speed_kmh"]
        assert point["required_rating"] in text
    analysis.refresh_from_db()
    assert analysis.summary["n_access_points"] == len(told["access_points"])
    overlay = json.loads(client.get(place.url("overlay", analysis.pk)).content)
    shown = {
        f["properties"]["number"]: f["properties"]["speed_kmh"]
        for f in overlay["features"]
        if f["properties"]["layer"] == "access_point"
    }
    assert shown == {p["id"]: p["fastest_said_speed_kmh"] for p in told["access_points"]}
