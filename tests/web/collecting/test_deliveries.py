"""A file of values is read, shown row by row, kept, revised by the next, removed and undone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from web.collecting.service_examples import CSV, DAY, kept, looked_at, upload

from parvis_web.audit.models import AuditEvent
from parvis_web.collecting import queries, rules, services
from parvis_web.collecting.models import Delivery, SavedMapping
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun
from parvis_web.ui.refusals import RefusedError

pytestmark = pytest.mark.django_db
ROLES = ("owner", "coordinator", "analyst", "assessor", "reader")
LATER = "indicator,period,area,value\nSEC-02,2025,city,400\nSEC-02,2026,city,380\n"


def url(town, page=""):
    return f"/a/{town.slug}/data/{page}"


def of(delivery, page=""):
    return url(delivery.authority, f"deliveries/{delivery.pk}/{page}")


def run_waiting():
    return execute(AnalysisRun.objects.get(state="queued"))


def values(actor):
    return {each.key: each.value for each in queries.observations_of(actor)}


def test_nothing_counts_until_somebody_keeps_it(here, own_process):
    client = here.client("analyst")
    answer = client.post(url(here, "new/"), {"file": upload(), "received": "2026-03-01"})
    delivery = Delivery.objects.get()
    assert answer["Location"] == of(delivery)
    run_waiting()
    page = client.get(of(delivery)).content.decode()
    assert "Row 4" in page
    assert "&#x27;many&#x27; is no number" in page
    assert "Keep 2 values, without the 1 refused" in page
    assert values(here.actor("analyst")) == {}
    client.post(of(delivery, "keep/"))
    assert values(here.actor("reader")) == {
        ("SEC-02", "2024", "city", ""): pytest.approx(410.0),
        ("SEC-02", "2025", "city", ""): pytest.approx(390 / 101000 * 100000),
    }
    assert AuditEvent.objects.filter(action="delivery.keep").count() == 1
    assert "values.csv" in client.get(url(here)).content.decode()


def test_what_is_kept_is_never_changed(here):
    delivery = kept(here)
    for change in (services.keep_delivery, services.discard_delivery):
        with pytest.raises(RefusedError):
            change(here.actor("owner"), delivery)
    with pytest.raises(RefusedError):
        services.read_anew(here.actor("owner"), delivery, mapping={})


def test_a_later_delivery_revises_and_its_removal_brings_the_former_back(here):
    actor = here.actor("analyst")
    kept(here)
    before = values(actor)
    later = looked_at(here, LATER, name="later.csv")
    assert later.found["changes"] == {"added": 1, "revised": 1, "same": 0}
    services.keep_delivery(actor, later)
    assert values(actor)["SEC-02", "2025", "city", ""] == 400.0
    page = here.client("reader").get(url(here, "revisions/")).content.decode()
    assert "386.14" in page
    assert "400.00" in page
    client = here.client("analyst")
    client.post(of(later, "remove/"))
    assert values(actor) == before
    client.post(of(later, "bring-back/"))
    assert len(values(actor)) == 3


def test_the_name_of_a_removed_delivery_is_not_given_again(here):
    first = kept(here)
    services.remove_delivery(here.actor("analyst"), first)
    second = kept(here, LATER, name="later.csv")
    assert second.store != first.store
    services.bring_back_delivery(here.actor("analyst"), first)
    assert queries.stores_of(here.actor("analyst")) == (first.store, second.store)


def test_columns_of_other_names_are_found_and_a_mapping_is_saved_and_used_again(here):
    text = "Jahr;Kennzahl;Bezirk;Wert\n2025;SEC-02;A1;4,5\n2025;QOL-01;A1;55,5\n"
    delivery = looked_at(here, text)
    assert delivery.mapping["columns"] == {
        "indicator": "Kennzahl", "period": "Jahr", "area": "Bezirk", "value": "Wert",
    }  # fmt: skip
    assert delivery.n == 2
    client = here.client("analyst")
    form = {"col_indicator": "Kennzahl", "col_period": "Jahr", "col_value": "Wert",
            "same_area": "city", "save_as": "Statistics office"}  # fmt: skip
    assert client.post(of(delivery, "read/"), form).status_code == 302
    run_waiting()
    delivery.refresh_from_db()
    assert delivery.found["areas"] == ["city"]
    saved = SavedMapping.objects.get()
    client.post(
        url(here, "new/"),
        {"file": upload(text), "received": "2026-03-02", "mapping": saved.pk},
    )
    run_waiting()
    newer = Delivery.objects.exclude(pk=delivery.pk).get()
    assert newer.found["areas"] == ["city"]


def test_a_file_that_cannot_be_read_says_why_and_offers_the_columns(here):
    delivery = looked_at(here, "year,rate\n2025,4\n")
    page = here.client("analyst").get(of(delivery)).content.decode()
    assert "values.csv lacks indicator, area" in page
    assert 'name="col_indicator"' in page
    assert "Keep" not in page.split("<main")[1].split("</main>")[0].replace("Kept", "")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("values.pdf", b"%PDF", "by its ending"),
        ("values.xlsx", b"no zip", "by its content"),
        ("values.csv", b"a\x00b", "by its content"),
    ],
)
def test_what_is_no_table_is_refused_at_once(here, name, content, says):
    form = {"file": SimpleUploadedFile(name, content), "received": "2026-03-01"}
    answer = here.client("analyst").post(url(here, "new/"), form)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Delivery.objects.exists()


def test_every_refused_row_can_be_downloaded(here):
    rows = "".join(f"SEC-02,2025,a{i},=1+1\n" for i in range(120))
    delivery = looked_at(here, f"indicator,period,area,value\nSEC-02,2025,city,4\n{rows}")
    client = here.client("analyst")
    text = b"".join(client.get(of(delivery, "rejected.csv"))).decode("utf-8-sig")
    assert len(text.splitlines()) == 121
    assert "\n121," in text
    assert ",=1+1" not in text
    assert "?page=3" in client.get(of(delivery)).content.decode()


def test_a_delivery_comes_back_as_it_was_given_and_as_it_was_read(here):
    delivery = kept(here)
    client = here.client("reader")
    assert b"".join(client.get(of(delivery, "file/"))) == CSV.encode()
    text = b"".join(client.get(of(delivery, "values.csv"))).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("SEC-02,2024,city,410.0")


def test_a_discarded_delivery_leaves_no_file(here, django_capture_on_commit_callbacks):
    delivery = looked_at(here)
    folder = queries.waiting_home(here.authority.pk, delivery.pk).parent.parent
    with django_capture_on_commit_callbacks(execute=True):
        here.client("analyst").post(of(delivery, "discard/"))
    assert not Delivery.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


WRITES = {"owner": True, "coordinator": True, "analyst": True, "assessor": False, "reader": False}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_bring_data_in(here, role):
    assert rules.can_bring_in(here.actor(role)) is WRITES[role]
    answer = here.client(role).get(url(here, "new/"))
    assert answer.status_code == (200 if WRITES[role] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_own", [True, False])
def test_who_may_remove_a_delivery(here, role, is_own):
    maker = role if is_own and WRITES[role] else "coordinator"
    delivery = kept(here, role=maker)
    may = role in {"owner", "coordinator"} or (role == "analyst" and is_own)
    assert rules.can_remove(here.actor(role), delivery) is may
    answer = here.client(role).post(of(delivery, "remove/"))
    assert answer.status_code == (302 if may else 403)


@pytest.mark.parametrize("role", ROLES)
def test_a_waiting_delivery_is_for_those_who_may_keep_it(here, role):
    delivery = looked_at(here, role="coordinator")
    status = here.client(role).get(of(delivery)).status_code
    assert status == (200 if role in {"owner", "coordinator"} else 404)


def test_readers_read_values_up_to_their_marking(here):
    delivery = looked_at(here)
    services.keep_delivery(here.actor("analyst"), delivery, marking="AMBER")
    assert len(queries.observations_of(here.actor("analyst"))) == 2
    assert len(queries.observations_of(here.actor("assessor"))) == 0


def test_strangers_find_nothing(here, elsewhere):
    delivery = kept(here)
    client = elsewhere.client("owner")
    pages = ("", "file/", "values.csv", "remove/", "keep/", "read/", "discard/", "rejected.csv")
    for page in pages:
        for method in (client.get, client.post):
            assert method(of(delivery, page)).status_code in {404, 405}
            there = url(elsewhere, f"deliveries/{delivery.pk}/{page}")
            assert method(there).status_code in {404, 405}
    assert queries.stores_of(elsewhere.actor("owner")) == ()


def test_as_of_a_day_only_what_had_come_counts(here):
    from datetime import timedelta

    kept(here)
    actor = here.actor("reader")
    assert len(queries.observations_of(actor, as_of=DAY)) == 2
    assert len(queries.observations_of(actor, as_of=DAY - timedelta(days=1))) == 0


def test_lists_ask_a_bounded_number_of_questions(here, django_assert_max_num_queries):
    client = here.client("owner")
    for i in range(4):
        kept(here, CSV.replace("2024", f"202{i}"), name=f"v{i}.csv")
    with django_assert_max_num_queries(20):
        client.get(url(here))
    with django_assert_max_num_queries(20):
        client.get(url(here, "revisions/"))
    reader = here.actor("reader")
    with django_assert_max_num_queries(2):
        queries.observations_of(reader)
