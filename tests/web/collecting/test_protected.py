"""Data about single people: sealed, open to people named alone, summed up, gone on their day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from web.collecting.service_examples import (
    INCIDENTS,
    counting,
    opened,
    protected,
    protecting,
    upload,
)

from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded
from parvis_web.accounts.services.markings import change_marking
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.audit.models import AuditEvent
from parvis_web.collecting import queries, rules, services, services_protected, vault
from parvis_web.collecting.errors import ProtectedGoneError
from parvis_web.collecting.models import Delivery, ProtectedDataset
from parvis_web.config.data import authority_folder
from parvis_web.privacy.models import Dataset
from parvis_web.privacy.services import change_dataset, delete_due
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun

pytestmark = pytest.mark.django_db
ROLES = ("owner", "coordinator", "analyst", "assessor", "reader")
PEOPLE = "code,people\nA,1000\nB,3000\n"


def url(town, page=""):
    return f"/a/{town.slug}/data/protected/{page}"


def counted(town, item, client=None, **fields):
    """Count through the page as somebody on the list would; return the delivery that waits."""
    form = {
        "kind_0": "SEC-02", "kind_1": "", "kind_2": "SEC-02", "period": "year",
        "covered_from": "2025-01-01", "covered_to": "2025-12-31", "city": "city",
        "col_time": "date", "col_kind": "offence", "col_x": "lon", "col_y": "lat",
        "col_area": "ward", "people": upload(PEOPLE, "people.csv"), "source": "Police",
    } | fields  # fmt: skip
    answer = (client or town.client("coordinator")).post(url(town, f"{item.pk}/sum-up/"), form)
    assert answer.status_code == 302, answer.content.decode()
    run = execute(AnalysisRun.objects.get(state="queued"))
    assert run.state == "done", run.error_details
    return Delivery.objects.get(pk=run.result["delivery"])


def test_no_file_on_the_disk_holds_what_is_protected(here):
    item = protected(here)
    folder = authority_folder(here.authority.pk)
    held = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert held
    assert not any(b"robbery" in content or b"2025-01-05" in content for content in held)
    with vault.opened(here.authority.pk, item.pk, "data.csv") as path:
        assert path.read_text() == INCIDENTS
    assert not path.exists()


@pytest.mark.parametrize("damage", ["flip", "cut", "key"])
def test_what_was_altered_does_not_open(here, damage):
    item = protected(here, INCIDENTS + "2025-01-01,fishing,,,\n" * 100_000)
    path = vault.content_path(here.authority.pk, item.pk)
    sealed = path.read_bytes()
    assert len(sealed) > 2**20
    if damage == "flip":
        path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    elif damage == "cut":
        path.write_bytes(sealed[: 2**20 + 16])
    else:
        vault._key_path(item.pk).unlink()
    with (
        pytest.raises(ProtectedGoneError),
        vault.opened(here.authority.pk, item.pk, "data.csv"),
    ):
        pass


def test_incidents_become_a_delivery_and_the_masked_one_is_in_no_area(here, own_process):
    item = opened(here)
    assert item.facts["kinds"] == {"assault": 2, "fishing": 1, "robbery": 1}
    delivery = counted(here, item)
    page = here.client("coordinator").get(f"/a/{here.slug}/data/deliveries/{delivery.pk}/")
    text = page.content.decode()
    assert "Incidents counted: 3" in text
    assert "Without a place, so in no area: 1" in text
    services.keep_delivery(here.actor("coordinator"), delivery)
    table = queries.observations_of(here.actor("analyst"))
    assert {each.area: (each.numerator, each.denominator) for each in table} == {
        "city": (3.0, 4000.0), "A": (2.0, 1000.0), "B": (0.0, 3000.0),
    }  # fmt: skip


def test_a_national_list_suggests_and_says_what_it_leaves_open(here):
    text = INCIDENTS.replace("fishing", "other-crime").replace("assault", "rioting")
    item = opened(here, text=text)
    page = here.client("coordinator").get(url(here, f"{item.pk}/"), {"codes": "police-uk"})
    said = page.context["suggested"]
    assert [(row.kind, row.iccs, row.is_verified) for row in said.rows] == [
        ("robbery", "0401", False)
    ]
    assert dict(said.unmatched) == {"rioting": "", "other-crime": "A remainder."}
    assert "not verified" in page.content.decode()
    assert here.client("coordinator").get(url(here, f"{item.pk}/"), {"codes": "x"}).context[
        "suggested"
    ] is None  # fmt: skip


def test_few_incidents_keep_the_delivery_from_being_green(here):
    delivery = counted(here, opened(here))
    assert delivery.marking == Marking.AMBER
    with pytest.raises(services.RefusedError):
        services.keep_delivery(here.actor("coordinator"), delivery, marking="GREEN")


def test_an_analyst_who_may_not_keep_what_is_amber_is_told_who_may(here):
    item = opened(here, members=[here.person("analyst")])
    client = here.client("analyst")
    delivery = counted(here, item, client)
    page = client.get(f"/a/{here.slug}/data/deliveries/{delivery.pk}/").content.decode()
    assert "on the access list can keep it" in page
    assert "/keep/" not in page


def test_what_is_counted_again_is_asked_as_it_was_before(here):
    item = opened(here)
    counted(here, item)
    page = here.client("coordinator").get(url(here, f"{item.pk}/")).content.decode()
    assert '<option value="SEC-02" selected>' in page


OPENS = {  # role: (record without being named, content without, content when named)
    "owner": (True, False, True),
    "coordinator": (True, False, True),
    "analyst": (False, False, True),
    "assessor": (False, False, True),
    "reader": (False, False, False),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_named", [False, True])
def test_who_sees_the_record_and_who_the_content(here, role, is_named):
    item = opened(here, role="coordinator" if role != "coordinator" else "owner")
    record, _, named = OPENS[role]
    if is_named:
        here.name_on(role, item, Ability.READ, Ability.WRITE)
    actor = here.actor(role)
    assert rules.can_open(actor, item) is (is_named and named)
    opened_to = rules.open_to(actor, ProtectedDataset.objects.all())
    assert opened_to.exists() is (is_named and named)
    page = here.client(role).get(url(here, f"{item.pk}/"))
    sees_record = record or (is_named and named)
    assert page.status_code == (200 if sees_record else 404)
    assert ("robbery" in page.content.decode()) is (is_named and named)
    answer = here.client(role).post(url(here, f"{item.pk}/sum-up/"), {})
    expected = 422 if is_named and named else 403 if sees_record else 404
    assert answer.status_code == expected


@pytest.mark.parametrize("role", ROLES)
def test_who_puts_data_into_the_store(here, role):
    may = role in {"owner", "coordinator"}
    assert rules.can_protect(here.actor(role)) is may
    assert here.client(role).get(url(here, "new/")).status_code == (200 if may else 403)


def test_without_a_second_factor_the_store_stays_shut(here):
    item = opened(here)
    actor = here.actor("coordinator", second_factor=False)
    with pytest.raises(SecondFactorNeeded):
        rules.check_open(actor, item)
    client = here.client("coordinator", second_factor=False)
    assert "second-factor" in client.get(url(here, f"{item.pk}/"))["Location"]
    text = client.get(url(here)).content.decode()
    assert "Offences of 2025" not in text
    assert "Closed in this session" in text


def test_an_owner_off_the_list_sees_no_delivery_that_waits(here):
    item = opened(here)
    delivery = counted(here, item)
    page = f"/a/{here.slug}/data/deliveries/{delivery.pk}/"
    assert here.client("owner").get(page).status_code == 404
    with pytest.raises(NotAllowed):
        services.keep_delivery(here.actor("owner"), delivery)


def test_every_look_leaves_an_event(here):
    item = opened(here)
    here.client("owner").get(url(here, f"{item.pk}/"))
    events = AuditEvent.objects.filter(action="read", object_id=str(item.pk))
    assert events.count() == 1
    counted(here, item)
    assert AuditEvent.objects.filter(action="protected.sum-up").count() == 1


def test_a_guest_named_on_it_opens_nothing(here):
    item = opened(here)
    here.name_on("guest", item, Ability.READ, Ability.WRITE)
    assert not rules.can_open(here.actor("guest"), item)


def test_readers_and_strangers_are_put_on_no_list(here, elsewhere):
    item = protected(here)
    for user in (here.person("reader"), elsewhere.person("owner")):
        with pytest.raises(ValidationError):
            services_protected.name_on_list(here.actor("coordinator"), item, user=user)


def test_a_list_changes_on_the_page(here):
    item = opened(here)
    client = here.client("coordinator")
    client.post(url(here, f"{item.pk}/people/"), {"user": here.person("analyst").pk})
    assert rules.can_open(here.actor("analyst"), item)
    grant = here.person("analyst").pk
    row = next(row for row in rules_of(item) if row.user_id == grant)
    client.post(url(here, f"{item.pk}/people/{row.pk}/end/"))
    assert not rules.can_open(here.actor("analyst"), item)


def rules_of(item):
    from parvis_web.accounts.models import Grant

    return Grant.on(item)


def test_on_its_day_content_and_key_are_gone_and_counts_stay(
    here, django_capture_on_commit_callbacks
):
    item = opened(here)
    delivery = counted(here, item)
    services.keep_delivery(here.actor("coordinator"), delivery)
    waiting = counted(here, item)
    day = item.dataset.delete_on
    assert delete_due(day - timedelta(days=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_due(day) == 1
    item.refresh_from_db()
    assert item.emptied is not None
    assert (item.columns, item.facts, item.file_name) == ([], {}, "")
    assert not vault.content_path(here.authority.pk, item.pk).exists()
    assert not vault._key_path(item.pk).exists()
    assert not Delivery.objects.filter(pk=waiting.pk).exists()
    assert len(queries.observations_of(here.actor("coordinator"))) == 3
    page = here.client("coordinator").get(url(here, f"{item.pk}/")).content.decode()
    assert "The data are deleted" in page


def test_nothing_is_kept_longer_than_the_installation_allows(here, settings):
    settings.PARVIS_PROTECTED_DAYS = 30
    with pytest.raises(ValidationError):
        protected(here)
    assert not ProtectedDataset.objects.exists()
    assert not (authority_folder(here.authority.pk) / "protected").exists()
    settings.PARVIS_PROTECTED_DAYS = 365
    protected(here)
    later = protecting(delete_on=timezone.localdate() + timedelta(days=400))
    with pytest.raises(ValidationError):
        change_dataset(here.actor("coordinator"), Dataset.objects.get(), values=later)


def test_its_marking_never_falls(here):
    item = protected(here)
    with pytest.raises(ValidationError):
        change_marking(here.actor("owner"), item, marking=Marking.AMBER, reason="to show it around")


def test_an_installation_of_a_network_holds_none(here, settings):
    settings.PARVIS_NETWORK_INSTANCE = True
    with pytest.raises(ValidationError):
        protected(here)


def test_a_file_that_cannot_be_read_says_so_to_those_on_the_list(here, own_process):
    item = opened(here, text="date,offence\n31.31.2025,robbery\n")
    page = here.client("coordinator").get(url(here, f"{item.pk}/")).content.decode()
    assert "cannot be read" in page
    other = here.client("owner").get(url(here, f"{item.pk}/")).content.decode()
    assert "cannot be read" not in other


def test_it_is_put_there_through_the_page(here):
    fields = protecting(delete_on=(timezone.localdate() + timedelta(days=9)).isoformat())
    form = fields | {"file": upload(INCIDENTS, "offences.csv"), "content_kind": "incidents"}
    form["members"] = [here.person("analyst").pk]
    answer = here.client("owner").post(url(here, "new/"), form)
    item = ProtectedDataset.objects.get()
    assert answer["Location"] == url(here, f"{item.pk}/")
    assert {row.user for row in rules_of(item)} == {here.person("owner"), here.person("analyst")}
    assert Dataset.objects.get().object_id == item.pk


def test_strangers_find_nothing(here, elsewhere):
    item = protected(here)
    with pytest.raises(Http404):
        rules.check_open(elsewhere.actor("owner"), item)
    client = elsewhere.client("owner")
    for page in ("", "sum-up/", "people/"):
        for slug in (here, elsewhere):
            for method in (client.get, client.post):
                assert method(url(slug, f"{item.pk}/{page}")).status_code in {404, 405}


def test_its_page_asks_a_bounded_number_of_questions(here, django_assert_max_num_queries):
    item = opened(here)
    client = here.client("coordinator")
    client.get(url(here, f"{item.pk}/"))
    with django_assert_max_num_queries(26):
        client.get(url(here, f"{item.pk}/"))


def test_the_example_of_counting_is_what_the_page_sends(here):
    item = opened(here)
    assert counting(item)["mapping"]["time"] == "date"
