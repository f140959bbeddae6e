"""Pages: readable without scripts, honest about their age, unknown to everybody else."""

import csv
import io
import json
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach import kept, services
from parvis_web.approach.models import Analysis, Assumption, AssumptionKind
from parvis_web.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

FILE = b"""pack: threat-statement
authority: State Police
reference: 2026-17
date: 2026-05-04
classes: [M1, N2B]
marking: TLP:AMBER+STRICT
"""


@pytest.fixture
def client(place):
    return place.town.client("coordinator")


def test_without_an_analysis_the_page_says_what_to_do(place, client):
    text = client.get(place.url("space")).content.decode()
    assert place.url("start") in text
    assert (
        place.url("start")
        not in place.town.client("reader").get(place.url("space")).content.decode()
    )


def test_the_tab_leads_to_the_latest_result(place, client):
    analysis = place.analysed()
    assert client.get(place.url("space")).url == place.url("result", analysis.pk)


def test_every_access_point_has_an_address_of_its_own(place, client):
    analysis = place.analysed()
    page = client.get(place.url("result", analysis.pk)).content.decode()
    for row in kept.document(analysis)["access_points"]:
        url = place.url("point", analysis.pk, row["id"])
        assert url in page
        whole = client.get(url)
        assert whole.context["chosen"].number == row["id"]
        assert 'aria-selected="true"' in whole.content.decode()
        part = client.get(url, headers={"HX-Request": "true", "HX-Target": "point"})
        assert b"<html" not in part.content
        assert kept.texts(analysis)["fastest"][0][:20].encode() in whole.content + part.content
    assert client.get(place.url("point", analysis.pk, 999)).status_code == 404


def test_without_a_statement_the_page_chooses_none(place, client):
    analysis = place.analysed()
    page = client.get(place.url("result", analysis.pk))
    sets = page.context["page"].sets
    assert len(sets.head) == 2
    assert "depends on the vehicles planned for" in page.content.decode()
    for point in kept.document(analysis)["access_points"]:
        assert dict(sets.rows)[point["id"]][-1] == point["required_rating"]


def test_with_a_statement_it_stands_on_the_page(place, client):
    place.state(reason="Deliveries", reference="P 12")
    analysis = place.analysed()
    text = client.get(place.url("result", analysis.pk)).content.decode()
    assert "P 12" in text and "Office for Public Space" in text
    assert "depends on the vehicles planned for" not in text


def test_a_result_says_when_it_is_outdated(place, client):
    analysis = place.analysed()
    url = place.url("result", analysis.pk)
    assert client.get(url).context["outdated"] == []
    place.city.state_hash = "corrected"
    place.city.save()
    place.space.area = {**place.space.area, "bbox": [0, 0, 1, 1]}
    place.space.save()
    place.state(reason="x")
    answer = client.get(url)
    assert answer.context["outdated"] == ["city", "outline", "assumption"]
    assert "Outdated" in answer.content.decode()


def test_a_page_is_light_and_asks_little(place, client, django_assert_max_num_queries):
    analysis = place.analysed()
    with django_assert_max_num_queries(30):
        answer = client.get(place.url("result", analysis.pk))
    assert len(answer.content) < 100_000
    assert "no-store" in answer["Cache-Control"]


def test_strangers_and_other_authorities_find_nothing(place, client, elsewhere):
    analysis = place.analysed()
    names = [
        ("space",), ("start",), ("all",), ("compare",), ("vehicles",), ("state",),
        ("result", analysis.pk), ("point", analysis.pk, 1), ("overlay", analysis.pk),
        ("picture", analysis.pk), ("profile", analysis.pk), ("export", analysis.pk, "csv"),
        ("closure-start", analysis.pk),
    ]  # fmt: skip
    for who in (elsewhere.client("owner"), place.town.client("stranger")):
        for name, *args in names:
            assert who.get(place.url(name, *args)).status_code == 404, name
    other = reverse("approach:result", args=[elsewhere.slug, place.space.pk, analysis.pk])
    assert elsewhere.client("owner").get(other).status_code == 404
    missing = place.url("result", uuid.uuid4())
    assert client.get(missing).status_code == 404


def test_files_of_unfinished_analyses_are_not_there(place, client):
    analysis = place.ask(vehicles=["M1"])
    for name in ("overlay", "picture", "profile"):
        assert client.get(place.url(name, analysis.pk)).status_code == 404
    assert client.get(place.url("result", analysis.pk)).status_code == 200


def test_the_overlay_comes_layer_by_layer_without_a_path(place, client):
    analysis = place.analysed()
    answer = client.get(place.url("overlay", analysis.pk), {"layer": "points"})
    assert answer["Cache-Control"] == "private, no-store"
    features = json.loads(answer.content)["features"]
    assert {feature["geometry"]["type"] for feature in features} == {"Point"}
    assert all(feature["properties"]["text"] for feature in features)
    assert client.get(place.url("overlay", analysis.pk), {"layer": "x"}).status_code == 404


def test_pictures_run_nothing(place, client):
    analysis = place.analysed()
    answer = client.get(place.url("picture", analysis.pk))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson", "gpkg", "dxf"])
@pytest.mark.parametrize("grid", ["wgs84", "city"])
def test_every_format_is_marked(place, client, ending, grid):
    analysis = place.analysed()
    answer = client.get(place.url("export", analysis.pk, ending), {"grid": grid})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    points = kept.document(analysis)["access_points"]
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [int(row["id"]) for row in rows] == [point["id"] for point in points]
        assert {row["marking"] for row in rows} == {"TLP:AMBER"}
        assert ("longitude" in rows[0]) == (grid == "wgs84")
    elif ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book["access_points"].max_row == 1 + len(points)
    else:
        assert b"TLP:AMBER" in answer.content


def test_unknown_formats_are_refused(place, client):
    analysis = place.analysed()
    assert client.get(place.url("export", analysis.pk, "exe")).status_code == 409
    answer = client.get(place.url("export", analysis.pk, "csv"), {"grid": "moon"})
    assert answer.status_code == 409


def test_removing_and_undoing_without_scripts(place, client):
    analysis = place.analysed()
    answer = client.post(place.url("remove", analysis.pk), follow=True)
    assert place.url("restore", analysis.pk) in answer.content.decode()
    assert client.get(place.url("result", analysis.pk)).status_code == 404
    client.post(place.url("restore", analysis.pk))
    assert client.get(place.url("result", analysis.pk)).status_code == 200
    assert place.town.client("reader").post(place.url("remove", analysis.pk)).status_code == 403


def test_two_analyses_side_by_side(place, client):
    first, second = place.analysed(), place.analysed(design="limit")
    answer = client.get(place.url("compare"), {"before": second.pk, "after": first.pk})
    comparison = answer.context["comparison"]
    assert (comparison.before, comparison.after) == (first, second)
    assert [row.label for row in comparison.inputs] == ["Speed the ratings use"]
    assert [pair.number for pair in comparison.points] == [
        point["id"] for point in kept.document(first)["access_points"]
    ]
    assert client.get(place.url("compare"), {"before": "x", "after": "y"}).status_code == 404
    assert client.get(place.url("all")).status_code == 200


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"type": "Point", "coordinates": [1, 2]}', "null", "x" * 50]
)
def test_a_line_that_is_no_polygon_is_refused(place, client, text):
    answer = client.post(place.url("start"), {"design": "cautious", "people_line": text})
    assert answer.status_code == 422
    assert not Analysis.objects.exists()


def test_stating_by_hand(place, client):
    given = {
        "kind": AssumptionKind.THREAT_STATEMENT, "vehicles": ["N2B", "M1"],
        "author": "State Police", "date": "2026-05-04",
    }  # fmt: skip
    refused = client.post(place.url("state"), given)
    assert refused.status_code == 422
    assert "reference" in refused.context["form"].errors
    assert client.post(place.url("state"), given | {"reference": "7/26"}).status_code == 302
    assert services.in_force(place.space).vehicles == ["M1", "N2B"]
    text = client.get(place.url("vehicles")).content.decode()
    assert "7/26" in text and "State Police" in text
    assert "classified" in client.get(place.url("state")).content.decode()
    assert place.town.client("reader").post(place.url("state"), given).status_code == 403


def test_a_planning_assumption_says_why_and_the_label_says_that_it_must(place, client):
    given = {
        "kind": AssumptionKind.PLANNING, "vehicles": ["M1"], "author": "Office",
        "date": "2026-05-04",
    }  # fmt: skip
    page = client.get(place.url("state")).content.decode()
    assert page.count("(needed for a planning assumption)") == 1
    assert page.count("(needed for a threat statement)") == 1
    assert "(optional)" not in page.split('for="id_reason"')[1].split("</label>")[0]
    refused = client.post(place.url("state"), given)
    assert refused.status_code == 422 and "reason" in refused.context["form"].errors
    assert client.post(place.url("state"), given | {"reason": "Deliveries"}).status_code == 302


def test_a_statement_from_a_file(place, client):
    file = SimpleUploadedFile("statement.yaml", FILE)
    assert client.post(place.url("read-file"), {"file": file}).status_code == 302
    stated = Assumption.objects.get()
    assert (stated.author, stated.reference) == ("State Police", "2026-17")
    assert (stated.vehicles, stated.marking) == (["M1", "N2B"], Marking.STRICT)
    reader = place.town.client("reader").get(place.url("vehicles")).content.decode()
    assert "State Police" not in reader and "may not read" in reader


@pytest.mark.parametrize(
    "content", [b"pack: threat-statement\n", b"\x00\xff", b"a: [", b"x" * 200_000]
)
def test_a_file_that_is_no_statement_is_refused_in_one_sentence(place, client, content):
    file = SimpleUploadedFile("statement.yaml", content)
    answer = client.post(place.url("read-file"), {"file": file})
    assert answer.status_code == 422
    assert answer.context["file_form"].errors["file"]
    assert not Assumption.objects.exists()


def test_reading_a_restricted_result_is_recorded(place):
    analysis = place.analysed()
    Analysis.objects.filter(pk=analysis.pk).update(marking=Marking.STRICT)
    place.town.client("coordinator").get(place.url("export", analysis.pk, "csv"))
    assert AuditEvent.objects.filter(action="read", object_id=str(analysis.pk)).exists()
    without = place.town.client("coordinator", second_factor=False)
    assert without.get(place.url("result", analysis.pk)).status_code == 302
