"""The question module goes out as a form, answers become estimates, old figures are compared."""

import io

import pytest
from openpyxl import load_workbook
from web.collecting.service_examples import kept, opened, upload, with_areas

from parvis.packs.questions import question_module
from parvis_web.audit.models import AuditEvent
from parvis_web.collecting import queries, services, services_protected
from parvis_web.collecting.models import Delivery, SavedMapping
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun

pytestmark = pytest.mark.django_db


def url(town, page=""):
    return f"/a/{town.slug}/data/{page}"


def filled(page, **said):
    """What a browser sends of the form on a page, with some fields filled in otherwise."""
    form = page.context["form"]
    shown = {bound.html_name: bound.value() for bound in form}
    return {name: v for name, v in shown.items() if v not in {None, False}} | said


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


def test_answers_of_a_survey_become_estimates_with_their_covariance(here, own_process):
    item = opened(here, text=answers(), kind="survey")
    assert item.facts["n"] == 120
    assert item.facts["map"]["design"] == {"weights": "w"}
    client = here.client("coordinator")
    page = client.get(url(here, f"protected/{item.pk}/"))
    assert "Estimate indicators" in page.content.decode()
    form = filled(page, period="2025")
    answer = client.post(url(here, f"protected/{item.pk}/sum-up/"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    run = execute(AnalysisRun.objects.get(state="queued"))
    assert run.state == "done", run.error_details
    delivery = Delivery.objects.get()
    assert delivery.n
    services.keep_delivery(here.actor("coordinator"), delivery)
    table = queries.observations_of(here.actor("reader"))
    assert {each.n for each in table} == {120}
    assert len(queries.joint_errors_of(here.actor("reader"))) == 1


def test_a_map_is_filled_in_word_by_word_saved_and_used_again(here):
    item = opened(here, text="opinion,w\n" + "good,1\nbad,1\n99,1\n" * 40, kind="survey")
    assert item.facts["words"] == {"opinion": ["99", "bad", "good"], "w": ["1"]}
    client = here.client("coordinator")
    page = url(here, f"protected/{item.pk}/")
    form = filled(client.get(page), period="2025", q_Q1="opinion", d_weights="w")
    assert client.post(f"{page}map/", form).status_code == 302
    form = filled(client.get(page))
    words = [name for name in form if name.startswith("w_Q1_")]
    assert (form["q_Q1"], [form[name] for name in words]) == ("opinion", ["?"] * 3)
    told = dict(zip(words, ("-", "not_satisfied"), strict=False))
    answer = client.post(f"{page}sum-up/", form | told | {"save_as": "Yearly survey"})
    assert answer.status_code == 422
    assert "Question Q1: say what “good” means." in answer.content.decode()
    told[words[2]] = "very_satisfied"
    answer = client.post(f"{page}sum-up/", form | told | {"save_as": "Yearly survey"})
    assert answer.status_code == 302, answer.content.decode()
    assert execute(AnalysisRun.objects.get(state="queued")).state == "done"
    assert Delivery.objects.get().n
    saved = SavedMapping.objects.get(table="survey")
    assert saved.content["questions"]["Q1"] == {
        "column": "opinion",
        "answers": {"99": "", "bad": "not_satisfied", "good": "very_satisfied"},
    }
    assert "Yearly survey" not in client.get(url(here, "new/")).content.decode()
    sent = client.get(f"{page}map.json").json()
    assert sent == saved.content
    services_protected.set_map(here.actor("coordinator"), item, mapping={})
    client.post(f"{page}map/", {"saved": saved.pk})
    item.refresh_from_db()
    assert item.settings["mapping"] == sent
    events = AuditEvent.objects.filter(action="protected.map")
    assert events.count() == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "This is not JSON"), ('{"questions": {"Q99": "a"}}', "there is no such question")],
)
def test_a_file_that_is_no_map_is_refused_at_its_field(here, content, said):
    item = opened(here, text=answers(12), kind="survey")
    form = {"saved": "", "file": upload(content, "map.json")}
    answer = here.client("coordinator").post(url(here, f"protected/{item.pk}/map/"), form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    item.refresh_from_db()
    assert item.settings == {}


def test_only_people_on_the_list_see_or_change_the_map(here, elsewhere):
    item = opened(here, text=answers(12), kind="survey")
    page = url(here, f"protected/{item.pk}/")
    for client, status in ((here.client("owner"), 403), (elsewhere.client("owner"), 404)):
        assert client.get(f"{page}map.json").status_code == status
        assert client.post(f"{page}map/", {}).status_code == status


def test_published_figures_stand_beside_ours_with_what_explains_them(here):
    kept(here)
    before = Delivery.objects.count()
    client = here.client("analyst")
    text = "indicator,period,area,value\nSEC-02,2024,city,410\nSEC-02,2025,city,400\n"
    page = client.post(url(here, "reconcile/"), {"file": upload(text)}).content.decode()
    assert "the same" in page
    assert "not explained yet" in page
    assert Delivery.objects.count() == before
    table = client.post(url(here, "reconcile/"), {"file": upload(text), "csv": "1"})
    assert len(table.content.splitlines()) == 3


def test_figures_of_old_areas_are_compared_through_a_conversion(here):
    kept(here, "indicator,period,area,value\nBCK-01,2025,a,100\nBCK-01,2025,b,60\n")
    published = "indicator,period,area,value\nBCK-01,2025,ab,160\n"
    client = here.client("analyst")
    without = client.post(url(here, "reconcile/"), {"file": upload(published)}).content.decode()
    assert "another boundary" not in without
    weights = upload("old,new,weight\na,ab,1\nb,ab,1\n", "weights.csv")
    form = {"file": upload(published), "weights": weights}
    assert "another boundary" in client.post(url(here, "reconcile/"), form).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("analyst", 200), ("owner", 200), ("reader", 403), ("assessor", 403)]
)
def test_who_may_compare(here, role, status):
    assert here.client(role).get(url(here, "reconcile/")).status_code == status
