"""The question module goes out as a form, answers become estimates, old figures are compared."""

import io

import pytest
from openpyxl import load_workbook
from web.collecting.service_examples import kept, opened, upload, with_areas

from parvis.packs.questions import question_module
from parvis_web.collecting import queries, services
from parvis_web.collecting.models import Delivery
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun

pytestmark = pytest.mark.django_db


def url(town, page=""):
    return f"/a/{town.slug}/data/{page}"


def answers(n=120):
    """Submissions of the module's form: two of three feel safe by day."""
    choices = [each.key for each in question_module().choices_of("Q1")]
    rows = [f"uuid:{i},{choices[0] if i % 3 else choices[-1]},{i % 2 + 1}" for i in range(n)]
    return "\n".join(["instanceID,Q1,w", *rows]) + "\n"


def test_the_form_is_a_workbook_with_the_districts(here):
    layer = with_areas(here)
    client = here.client("reader")
    page = client.get(url(here, "questions/"))
    assert "XLSForm" in page.content.decode()
    found = client.get(url(here, "questions/"), {"form": "xlsx", "areas": layer.pk})
    book = load_workbook(io.BytesIO(found.content))
    assert {"survey", "choices"} <= set(book.sheetnames)
    cells = [str(cell.value) for row in book["choices"].iter_rows() for cell in row]
    assert "Old Town" in cells


def test_answers_of_a_survey_become_estimates_with_their_covariance(here):
    item = opened(here, text=answers(), kind="survey")
    assert item.facts["n"] == 120
    assert item.facts["map"]["design"] == {"weights": "w"}
    client = here.client("coordinator")
    page = client.get(url(here, f"protected/{item.pk}/")).content.decode()
    assert "Estimate indicators" in page
    form = {"period": "2025", "area": "city", "source": "Survey",
            "mapping": '{"questions": {"Q1": "Q1"}, "design": {"weights": "w"}}'}  # fmt: skip
    answer = client.post(url(here, f"protected/{item.pk}/sum-up/"), form)
    assert answer.status_code == 302
    run = execute(AnalysisRun.objects.get(state="queued"))
    assert run.state == "done", run.error_details
    delivery = Delivery.objects.get()
    assert delivery.n
    services.keep_delivery(here.actor("coordinator"), delivery)
    table = queries.observations_of(here.actor("reader"))
    assert {each.n for each in table} == {120}
    assert len(queries.joint_errors_of(here.actor("reader"))) == 1


def test_a_map_that_is_no_json_is_said_at_its_field(here):
    item = opened(here, text=answers(), kind="survey")
    form = {"period": "2025", "area": "city", "mapping": "{"}
    answer = here.client("coordinator").post(url(here, f"protected/{item.pk}/sum-up/"), form)
    assert answer.status_code == 422
    assert "This is not JSON" in answer.content.decode()


def test_published_figures_stand_beside_ours_with_what_explains_them(here):
    kept(here)
    before = Delivery.objects.count()
    client = here.client("analyst")
    text = "indicator,period,area,value\nSEC-02,2024,city,410\nSEC-02,2025,city,400\n"
    page = client.post(url(here, "reconcile/"), {"file": upload(text)}).content.decode()
    assert "the same" in page
    assert "not explained yet" in page
    assert Delivery.objects.count() == before


@pytest.mark.parametrize(
    ("role", "status"), [("analyst", 200), ("owner", 200), ("reader", 403), ("assessor", 403)]
)
def test_who_may_compare(here, role, status):
    assert here.client(role).get(url(here, "reconcile/")).status_code == status
