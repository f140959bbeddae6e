"""The pages of runs: progress that follows itself, an end in words, and nothing for strangers."""

import pytest

from parvis.io.home import UnknownCityError
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.models import AuditEvent
from parvis_web.runs.execution import execute, take
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.services import start_run


def nothing(run, progress):
    return {}


def start(town, space, **inputs):
    return start_run(
        town.actor("coordinator"), kind="test-kind", subject=space, parameters={}, inputs=inputs
    )


def url(town, run="", page=""):
    return f"/a/{town.slug}/runs/{f'{run.pk}/' if run else ''}{page}"


@pytest.fixture
def run(here, kind):
    kind(nothing, label="Count", next_url=lambda run: f"/next/{run.pk}/", steps={"read": "Reading"})
    return start(here, here.space())


def test_a_page_follows_its_run(here, run):
    run = take(run.pk)
    AnalysisRun.objects.update(progress=0.42, step="read")
    page = here.client("reader").get(url(here, run)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "42 %" in page
    assert "Reading" in page
    assert "http-equiv" in page
    assert "Stop" not in page


def test_a_watching_page_goes_on_when_the_run_is_done(here, run):
    execute(run)
    client = here.client("reader")
    answer = client.get(url(here, run, "progress/"), headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == f"/next/{run.pk}/"
    assert f"/next/{run.pk}/" in client.get(url(here, run)).content.decode()


def test_a_failed_run_says_why_and_can_be_started_again(here, kind):
    def fail(run, progress):
        raise UnknownCityError(name="tessen", hint="import one first")

    kind(fail, label="Count")
    run = execute(start(here, here.space()))
    client = here.client("coordinator")
    page = client.get(url(here, run)).content.decode()
    assert "There is no city &quot;tessen&quot;" in page
    assert "every 1s" not in page
    assert client.post(url(here, run, "retry/")).status_code == 302
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_what_stands_around_a_run_follows_it_on_its_own_page_only(here, run):
    client = here.client("owner")
    own, other = (
        client.get(
            url(here, run, "progress/"),
            headers={"hx-request": "true", "hx-current-url": f"http://testserver{page}"},
        ).content.decode()
        for page in (url(here, run) + "?x=1", f"/a/{here.slug}/spaces/")
    )
    assert 'id="run-facts" hx-swap-oob="true"' in own and 'id="run-asked" hx-swap-oob' in own
    assert "hx-swap-oob" not in other
    stopped = client.post(
        url(here, run, "cancel/"),
        headers={"hx-request": "true", "hx-current-url": f"http://testserver{url(here, run)}"},
    ).content.decode()
    assert "cancelled" in stopped.split('id="run-facts"')[1]
    assert "Ended" in stopped.split('id="run-asked"')[1]
    assert "hx-swap-oob" not in client.get(url(here, run)).content.decode()


def test_stopping_needs_the_right_to_change(here, run):
    assert here.client("reader").post(url(here, run, "cancel/")).status_code == 403
    answer = here.client("owner").post(url(here, run, "cancel/"), headers={"hx-request": "true"})
    assert "stopped before it was done" in answer.content.decode()
    assert AuditEvent.objects.filter(action="run.cancel").count() == 1


@pytest.mark.parametrize("page", ["", "progress/"])
def test_another_authority_finds_nothing(here, elsewhere, run, page):
    client = elsewhere.client("owner")
    assert client.get(url(here, run, page)).status_code == 404
    assert client.get(url(elsewhere, run, page)).status_code == 404
    assert client.post(url(elsewhere, run, "cancel/")).status_code == 404


def test_a_run_about_a_restricted_space_is_hidden_and_its_read_recorded(here, kind):
    kind(nothing, label="Count")
    run = start(here, here.space(name="Weighhouse", marking=Marking.STRICT))
    assert here.client("reader").get(url(here, run)).status_code == 404
    assert "Weighhouse" not in here.client("reader").get(url(here)).content.decode()
    assert here.client("owner").get(url(here, run)).status_code == 200
    assert AuditEvent.objects.filter(action="read").count() == 1


def test_the_list_needs_few_queries(here, kind, django_assert_max_num_queries):
    kind(nothing, label="Count")
    space = here.space()
    for number in range(30):
        start(here, space, number=number)
    client = here.client("reader")
    with django_assert_max_num_queries(12):
        page = client.get(url(here)).content.decode()
    assert page.count("Market Square") == 25
    assert "Market Square" not in client.get(url(here) + "?of=me").content.decode()
