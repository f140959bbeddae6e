"""Where guests begin: every object they were named on, each with a page that opens for them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from web.examples import EXAMPLES, of

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.audit.models import AuditEvent
from parvis_web.scenarios.models import Scenario


def page_of(town, role="guest", **more):
    return town.client(role, **more).get(reverse("accounts:shared", args=[town.slug]))


@pytest.fixture
def scenario(here):
    space = here.space()
    return Scenario.objects.create(authority=here.authority, space=space, name="Two rows")


def test_a_guest_begins_with_what_is_shared(here):
    space = here.space()
    here.name_on("guest", space, Ability.READ, Ability.COMMENT)
    start = here.client("guest").get("/")
    assert start["Location"] == reverse("accounts:shared", args=[here.slug])
    assert here.client("reader").get("/")["Location"] == reverse("spaces:list", args=[here.slug])
    text = page_of(here).content.decode()
    assert "Market Square" in text and "Comment" in text
    assert f'<a href="{start["Location"]}" aria-current="true">' in text


@pytest.mark.parametrize(
    "kind", ["spaces.pk", "scenarios.sid", "approach.analysis", "approach.plan", "documents.pk"]
)
def test_each_kind_of_object_is_listed_and_opens_for_who_is_named_on_it_alone(here, kind):
    item = of(here, EXAMPLES[kind]) if kind in EXAMPLES else here.space()
    here.name_on("guest", item)
    client = here.client("guest")
    text = client.get(reverse("accounts:shared", args=[here.slug])).content.decode()
    (address,) = re.findall(r'<th scope="row"><a href="([^"]+)"', text)
    assert str(item.pk) in address
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Shared with you" in answer.content.decode()
    for link in set(re.findall(r'href="(/a/[^"#]+)"', answer.content.decode())):
        if not link.startswith(reverse("spaces:list", args=[here.slug]) + "?"):
            assert client.get(link).status_code == 200, link


def test_what_has_ended_was_removed_or_needs_a_second_factor_is_not_listed(here, scenario):
    grant = here.name_on("guest", scenario)
    strict = here.space(name="Weighhouse", marking=Marking.STRICT)
    here.name_on("guest", strict)
    text = page_of(here, second_factor=False).content.decode()
    assert "Two rows" in text and "Weighhouse" not in text and "second factor" in text
    assert "Weighhouse" in page_of(here).content.decode()
    scenario.removed = timezone.now()
    scenario.save()
    assert "Two rows" not in page_of(here).content.decode()
    grant.ends_on = timezone.localdate() - timedelta(days=1)
    grant.save()
    scenario.removed = None
    scenario.save()
    assert "Two rows" not in page_of(here).content.decode()


def test_strangers_and_other_authorities_find_nothing(here, elsewhere, scenario):
    here.name_on("guest", scenario)
    assert page_of(here, "stranger").status_code == 404
    address = reverse("accounts:shared", args=[here.slug])
    assert elsewhere.client("owner").get(address).status_code == 404
    assert "Two rows" not in page_of(elsewhere, "owner").content.decode()


def test_many_grants_ask_the_database_little(here, django_assert_max_num_queries):
    for number in range(20):
        here.name_on("guest", here.space(name=f"Square {number}", city=here.city()) if not number
                     else here.space(name=f"Square {number}"))  # fmt: skip
    client = here.client("guest")
    with django_assert_max_num_queries(12):
        client.get(reverse("accounts:shared", args=[here.slug]))


def test_somebody_is_named_on_a_scenario_on_its_own_page(here, scenario):
    client = here.client("coordinator")
    page = reverse("scenarios:editor", args=[here.slug, scenario.space_id, scenario.pk])
    text = client.get(page).content.decode()
    assert 'id="share-panel"' in text and 'id="marking-panel"' in text
    mark = reverse("accounts:mark", args=[here.slug, "scenarios.scenario", scenario.pk])
    assert f'action="{mark}"' in text
    sent = {"marking": Marking.GREEN, "reason": "Shown to partners", "next": page}
    assert client.post(mark, sent)["Location"] == page
    scenario.refresh_from_db()
    assert scenario.marking == Marking.GREEN
    assert AuditEvent.objects.filter(action="marking.change").count() == 1
    assert 'id="share-panel"' not in here.client("reader").get(page).content.decode()


def test_members_find_their_tokens_in_the_account_menu(here):
    tokens = reverse("accounts:tokens", args=[here.slug])
    list_page = reverse("spaces:list", args=[here.slug])
    assert f'href="{tokens}"' in here.client("reader").get(list_page).content.decode()
    here.name_on("guest", here.space())
    assert f'href="{tokens}"' not in page_of(here).content.decode()
