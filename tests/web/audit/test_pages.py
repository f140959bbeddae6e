"""Owners browse, check and export their chain; nobody else does."""

import csv
import io
import json

import pytest
from django.urls import reverse

from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.chain import append
from parvis_web.audit.models import AuditEvent


def record(town, role, action="space.rename", **fields):
    values = {"object_kind": "spaces.space", "object_id": "1", "via": "web"} | fields
    return append(town.authority, user=town.person(role), action=action, **values)


def address(town, page="list"):
    return reverse(f"audit:{page}", args=[town.slug])


def test_an_owner_sees_who_did_what(here):
    record(here, "coordinator", "space.rename", details={"name": "<Corn Market>"})
    page = here.client("owner").get(address(here)).content.decode()
    assert "coordinator of Tessenmark" in page
    assert "space.rename" in page
    assert "&lt;Corn Market&gt;" in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OWNER}))
def test_other_members_are_refused(here, role):
    client = here.client(role)
    assert client.get(address(here)).status_code == 403
    assert client.post(address(here, "check")).status_code == 403
    assert client.post(address(here, "export"), {"format": "csv"}).status_code == 403


def test_strangers_and_owners_of_another_authority_find_nothing(here, elsewhere):
    for client in (here.client("stranger"), elsewhere.client("owner")):
        assert client.get(address(here)).status_code == 404
        assert client.post(address(here, "check")).status_code == 404
        assert client.post(address(here, "export"), {"format": "csv"}).status_code == 404


def test_another_authoritys_events_people_and_actions_are_never_shown(here, elsewhere):
    record(elsewhere, "owner", "space.secret", object_id="99")
    record(here, "owner")
    page = here.client("owner").get(address(here), {"object_id": "99"}).content.decode()
    assert "space.secret" not in page
    assert "overfield" not in page.lower()


def shown(town, **filters):
    page = town.client("owner").get(address(town), filters)
    return [row.event.seq for row in page.context["page"].rows]


def test_the_filters_combine(here):
    record(here, "coordinator", "space.rename", object_id="1")
    record(here, "coordinator", "space.draw", object_id="1")
    record(here, "reader", "read", object_id="2")
    person = AuditEvent.objects.get(seq=1).person
    assert shown(here) == [3, 2, 1]
    assert shown(here, person=str(person)) == [2, 1]
    assert shown(here, person=str(person), action="space.draw") == [2]
    assert shown(here, object_id="2") == [3]
    assert shown(here, since="2000-01-01", until="2000-01-02") == []


def test_days_are_the_authoritys(make_town):
    town = make_town(time_zone="Pacific/Auckland")
    record(town, "owner")
    AuditEvent.objects.update(time="2026-03-01T12:30:00Z")
    assert shown(town, since="2026-03-02", until="2026-03-02") == [1]
    assert shown(town, since="2026-03-01", until="2026-03-01") == []


def test_an_end_before_the_beginning_is_said(here):
    record(here, "owner")
    answer = here.client("owner").get(address(here), {"since": "2026-02-01", "until": "2026-01-01"})
    assert "The end lies before the beginning." in answer.content.decode()


def test_pages_follow_one_another_without_gap_or_overlap(here, django_assert_max_num_queries):
    for _ in range(120):
        record(here, "owner")
    client = here.client("owner")
    seen, query = [], {}
    while True:
        with django_assert_max_num_queries(12):
            page = client.get(address(here), query).context["page"]
        seen += [row.event.seq for row in page.rows]
        if page.older is None:
            break
        query = {"before": page.older}
    assert seen == list(range(120, 0, -1))
    newer = client.get(address(here), {"after": page.newer}).context["page"]
    assert [row.event.seq for row in newer.rows] == list(range(70, 20, -1))


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=²", "before=" + "9" * 30])
def test_a_page_number_that_is_none_shows_the_newest(here, query):
    record(here, "owner")
    answer = here.client("owner").get(f"{address(here)}?{query}")
    assert [row.event.seq for row in answer.context["page"].rows] == [1]


def exported(town, file_format, **filters):
    answer = town.client("owner").post(address(town, "export"), {"format": file_format} | filters)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return answer.getvalue().decode()


def test_the_table_holds_every_event_and_no_formula(here):
    record(here, "coordinator", details={"name": "=1+1"})
    here.person("reader").name = "=HYPERLINK()"
    record(here, "reader")
    rows = list(csv.DictReader(io.StringIO(exported(here, "csv"))))
    assert [row["action"] for row in rows] == ["space.rename", "space.rename", "audit.export"]
    assert rows[1]["name"].startswith("'=HYPERLINK()")
    assert len(rows[0]["digest"]) == 64


def test_the_lines_hold_the_facts_as_they_are(here):
    record(here, "coordinator", details={"name": "=1+1"})
    first, last = (json.loads(line) for line in exported(here, "jsonl").splitlines())
    assert first["details"] == {"name": "=1+1"}
    assert last["action"] == "audit.export"


def test_an_export_leaves_an_event_with_its_filters(here):
    record(here, "coordinator", object_id="7")
    exported(here, "csv", object_id="7")
    event = AuditEvent.objects.get(action="audit.export")
    assert event.details == {"format": "csv", "filters": {"object_id": "7"}}


def test_the_check_says_that_the_chain_is_whole_or_where_it_is_not(here):
    record(here, "owner")
    record(here, "owner")
    client = here.client("owner")
    assert "2 events, each in its place" in client.post(address(here, "check")).content.decode()
    AuditEvent.objects.filter(seq=1).update(action="x.y")
    page = client.post(address(here, "check")).content.decode()
    assert "event 1: the event was altered" in page
