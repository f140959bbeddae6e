"""The marking form suggests legal bases of the authority's country, visibly not checked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis_web.accounts.forms import MarkingForm
from parvis_web.accounts.vocabulary import Marking


def page(town, **fields):
    space = town.space(**fields)
    return town.client("owner").get(f"/a/{town.slug}/spaces/{space.pk}/").content.decode()


def test_the_countrys_provisions_are_offered_and_marked_as_not_checked(make_town):
    text = page(make_town("marche-ville"))
    assert 'list="id_legal_basis_options"' in text
    assert '<datalist id="id_legal_basis_options">' in text
    assert '<option value="Informationsfreiheitsgesetz des Bundes, § 3' in text
    assert "Code des relations" not in text
    assert "not checked against the original" in text


@pytest.mark.parametrize("country", ["", "CH"])
def test_without_provisions_the_field_stands_alone(make_town, country):
    town = make_town("alone")
    town.authority.country = country
    town.authority.save()
    text = page(town)
    assert 'name="legal_basis"' in text
    assert "<datalist" not in text and "not checked" not in text


@pytest.mark.parametrize("basis", ["Wet open overheid, art. 5.1", "Our own statute, section 4"])
def test_any_basis_may_be_typed(here, basis):
    space = here.space()
    sent = {
        "marking": "AMBER+STRICT",
        "reason": "detail",
        "legal_basis": basis,
        "review_on": timezone.localdate() + timedelta(days=9),
    }
    address = f"/a/{here.slug}/marking/spaces.space/{space.pk}/"
    assert here.client("owner").post(address, sent).status_code == 302
    space.refresh_from_db()
    assert (space.marking, space.legal_basis) == (Marking.STRICT, basis)


def test_every_suggestion_fits_the_field(here):
    form = MarkingForm(here.space())
    assert form.legal_bases
    assert all(len(basis.citation) <= 200 for basis in form.legal_bases)
