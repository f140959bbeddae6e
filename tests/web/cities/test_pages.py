"""Who sees cities, who changes them, and how removing is undone."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from parvis_web.approach.models import Analysis
from parvis_web.audit.models import AuditEvent
from parvis_web.cities.models import City
from parvis_web.cities.services import rename_city
from parvis_web.runs.execution import take
from parvis_web.runs.models import AnalysisRun

from .conftest import post_extract, upload


def url(town, city=None, page=""):
    return f"/a/{town.slug}/cities/{f'{city.pk}/' if city else ''}{page}"


def test_an_empty_list_says_what_to_do(here):
    assert "Add a city" in here.client("owner").get(url(here)).content.decode()
    assert (
        "coordinator of the authority adds" in here.client("reader").get(url(here)).content.decode()
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("coordinator", 200), ("analyst", 403), ("assessor", 403), ("reader", 403)],
)
def test_owners_and_coordinators_add_cities(here, role, status):
    assert here.client(role).get(url(here, page="new/")).status_code == status


@pytest.mark.parametrize("page", ["replace/", "layers/new/"])
def test_readers_do_not_change_a_city(here, page):
    city = here.city()
    assert here.client("reader").get(url(here, city, page)).status_code == 403
    assert here.client("reader").get(url(here, city)).status_code == 200


@pytest.mark.parametrize("page", ["", "replace/", "layers/", "layers/new/"])
def test_another_authority_finds_no_city(here, elsewhere, page):
    city = here.city()
    client = elsewhere.client("owner")
    assert client.get(url(here, city, page)).status_code == 404
    assert client.get(url(elsewhere, city, page)).status_code == 404


@pytest.mark.parametrize("page", ["rename/", "remove/", "bring-back/"])
def test_another_authority_writes_to_no_city(here, elsewhere, page):
    city = here.city()
    client = elsewhere.client("owner")
    assert client.post(url(elsewhere, city, page), {"name": "x"}).status_code == 404
    assert client.post(url(here, city, page), {"name": "x"}).status_code == 404
    city.refresh_from_db()
    assert (city.name, city.removed) == ("Tessenmark", None)


def test_strangers_are_sent_to_sign_in_before_their_file_is_read(here, client, town):
    answer = post_extract(client, here.slug, upload(town))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_a_form_without_its_token_is_refused(here, town):
    client = here.client("owner")
    client.handler.enforce_csrf_checks = True
    assert post_extract(client, here.slug, upload(town)).status_code == 403
    assert not City.objects.exists()


def test_a_removed_city_comes_back_by_undo(here):
    city = here.city()
    client = here.client("coordinator")
    page = client.post(url(here, city, "remove/"), follow=True).content.decode()
    assert "Tessenmark was removed" in page
    assert url(here, city, "bring-back/") in page
    assert client.get(url(here, city)).status_code == 404
    assert client.post(url(here, city, "bring-back/")).status_code == 302
    assert client.get(url(here, city)).status_code == 200
    actions = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["city.remove", "city.bring-back"]


def test_a_city_removed_long_ago_loses_its_files(
    here, imported, django_capture_on_commit_callbacks
):
    from parvis.io.home import city_directory
    from parvis_web.config.data import library_home

    folder = city_directory(imported.store, library_home(here.authority.pk))
    City.objects.update(removed=timezone.now() - timedelta(days=40))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_cities", stdout=io.StringIO())
    assert not folder.exists()
    assert City.objects.get().purged is not None
    assert here.client("owner").post(url(here, imported, "bring-back/")).status_code == 404


def test_a_city_is_renamed_and_keeps_its_folder(here):
    city = here.city()
    rename_city(here.actor("owner"), city, name="New Tessenmark")
    city.refresh_from_db()
    assert (city.name, city.store) == ("New Tessenmark", "tessenmark")


def test_a_city_at_work_is_not_changed_by_a_second_run(here, town):
    client = here.client("owner")
    post_extract(client, here.slug, upload(town))
    run = AnalysisRun.objects.get()
    city = City.objects.get()
    page = client.get(url(here, city)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    take(run.pk)
    answer = client.get(url(here, city, "replace/"))
    assert answer.status_code == 400
    assert "is being worked on" in answer.content.decode()


def test_analyses_of_earlier_data_are_listed(here, make_run):
    city = here.city(state_hash="b" * 64, summary={"grade": "C"})
    space = here.space(city=city)
    for state, name in (("a" * 64, "old"), ("b" * 64, "new")):
        Analysis.objects.create(
            authority=here.authority,
            space=space,
            run=make_run(space, name),
            city_state=state,
            summary={"n_access_points": 1},
        )
    page = here.client("owner").get(url(here, city)).content.decode()
    assert "1 analysis was made before" in page


@pytest.fixture
def make_run(here):
    def make(space, name):
        return AnalysisRun.objects.create(
            authority=here.authority,
            kind="approach",
            subject_kind=space.kind(),
            subject_id=space.pk,
            inputs_hash=name,
            state="done",
        )

    return make


def test_pages_need_few_queries(here, django_assert_max_num_queries):
    for number in range(5):
        city = here.city(name=f"City {number}", store=f"city-{number}")
        City.objects.filter(pk=city.pk).update(state_hash="a" * 64, summary={"grade": "C"})
        here.space(city=city)
    client = here.client("reader")
    client.get(url(here))
    with django_assert_max_num_queries(10):
        client.get(url(here))
    with django_assert_max_num_queries(14):
        client.get(url(here, city))
