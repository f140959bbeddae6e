"""A session let through to a base map passes for a moment; nobody passes on another's."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from tile_reading import tiles_of

from parvis_web.accounts.models import Membership
from parvis_web.maps.queries import tiles_path


@pytest.fixture
def address(here, city) -> str:
    place = next(iter(tiles_of(tiles_path(city))))
    return reverse("maps:tile", args=[here.slug, city.pk, *place])


@pytest.fixture
def reader(here):
    caches["moment"].clear()
    return here.client("reader")


def test_the_second_tile_asks_the_database_nothing(
    reader, address, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    with django_assert_max_num_queries(5):
        first = reader.get(address)
    with django_assert_num_queries(0):
        second = reader.get(address)
    assert (first.status_code, first.content) == (200, second.content)
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"]


def test_a_pass_is_of_one_session_one_authority_and_one_city(
    reader, address, here, elsewhere, client, city
) -> None:
    assert reader.get(address).status_code == 200
    assert client.get(address).status_code == 302
    assert elsewhere.client("owner").get(address).status_code == 404
    place = address.removeprefix(reverse("maps:tile", args=[here.slug, city.pk, 0, 0, 0])[:-9])
    assert reader.get(address.replace(here.slug, elsewhere.slug)).status_code == 404
    other = reverse("maps:tile", args=[here.slug, here.city().pk, 0, 0, 0])
    assert reader.get(other[:-9] + place).status_code == 404


def test_signing_out_ends_the_pass(reader, address) -> None:
    assert reader.get(address).status_code == 200
    reader.logout()
    assert reader.get(address).status_code == 302


def test_a_member_put_out_passes_no_longer_than_the_moment(reader, address, here) -> None:
    assert reader.get(address).status_code == 200
    Membership.objects.filter(user=here.person("reader")).delete()
    assert caches["moment"].default_timeout <= 10
    caches["moment"].clear()
    assert reader.get(address).status_code == 404
