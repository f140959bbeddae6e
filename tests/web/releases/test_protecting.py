"""Divisions that nest are protected together; of those that cut each other one is told."""

import pytest
from django.utils import timezone
from web.releases.service_examples import CITY, check, drafted, fresh, under_embargo

from parvis.indicators.values import Observation, observations_of
from parvis.packs.indicators import catalogue
from parvis_web.releases.models import ReleaseState
from parvis_web.releases.protecting import Ground, protected
from parvis_web.runs.regular import do_regular

COUNTS = {"city": 300, "d1": 120, "d2": 180, "w1": 3, "w2": 117, "w3": 80, "w4": 100}
LEVELS = {"districts": ("d1", "d2"), "wards": ("w1", "w2", "w3", "w4")}
WITHIN = {("wards", "districts"): {"w1": "d1", "w2": "d1", "w3": "d2", "w4": "d2"}}


def table():
    return observations_of(
        Observation(
            "SEC-02", "2025", area, 1.0, "per_100k_people", "poisson",
            numerator=float(n), denominator=50_000.0,
        )
        for area, n in COUNTS.items()
    )  # fmt: skip


def told(areas, within):
    ground = Ground(table(), catalogue(None), LEVELS, within, {}, (), "Tessenmark", "en")
    chosen = {("SEC-02", "2025", area, "") for area in areas}
    return protected(chosen, ground, city="city", reason="Residents vote.", base=None)


def test_what_nests_is_protected_across_divisions():
    found = told(COUNTS, WITHIN)
    assert {row["key"][2]: row["reason"] for row in found.rows} == {
        "w1": "few",
        "w2": "secondary",
    }
    assert not found.unprotected
    assert {figure.area for figure in found.figures} == {"city", "d1", "d2", "w3", "w4"}


def test_divisions_that_cut_each_other_are_not_both_told():
    found = told(COUNTS, {})
    assert found.overlaps == ["SEC-02"]
    assert not found.figures
    assert not told(["city", *LEVELS["wards"]], {}).overlaps


@pytest.mark.parametrize("is_nested", [True, False])
def test_one_division_alone_is_held_against_the_city(is_nested):
    found = told(["city", *LEVELS["wards"]], WITHIN if is_nested else {})
    hidden = {row["key"][2] for row in found.rows}
    assert "w1" in hidden
    assert len(hidden) == 2


@pytest.mark.django_db
def test_what_the_command_line_published_binds_too(here):
    from parvis.indicators.disclosure.publishing import draft
    from parvis.io.releases import save_release
    from parvis_web.config.data import library_home

    key = ("SEC-02", "2025", "city", "")
    made = draft(table(), catalogue(None).indicators, chosen=[key], city="city")
    release = made.release(day=timezone.localdate(), title="From the command line")
    home = library_home(here.authority.pk)
    save_release(release, home=home)
    assert check(here, drafted(here, keys=[CITY])).findings["n_earlier"] == 1


@pytest.mark.django_db
def test_a_worker_writes_down_the_end_of_an_embargo(here, monkeypatch):
    release = under_embargo(here, hours=1)
    do_regular()
    assert fresh(release).state == ReleaseState.EMBARGO
    end = release.embargo
    monkeypatch.setattr(timezone, "now", lambda: end)
    do_regular()
    assert fresh(release).state == ReleaseState.RELEASED
