"""The rating parser under random text, and the match rule under random ratings."""

import math

from hypothesis import example, given
from hypothesis import strategies as st

from parvis.approach.ratings import (
    RatingError,
    Verdict,
    explain,
    match_rating,
    parse_rating,
    required_rating,
)
from parvis.approach.vehicles import load_vehicle_classes, vehicle_class_keys
from parvis.report.messages import describe
from parvis.terms import KMH_PER_MPS

alphabet = st.sampled_from("VMNKPCHFSU0123456789[]()/:.,- °ABDGISOWTkg\n\t")
classes = st.sampled_from(["M1", "N1", "N1G", "N2", "N2B", "N3", "N3C", "N3D", "N3G"])
masses = st.integers(500, 40_000)
kmh = st.integers(10, 199)
angles = st.sampled_from(["90", "45", "20", "90.0"])
metres = st.integers(0, 250).map(lambda n: f"{n / 10:g}")
metric = st.builds(
    lambda v, m, c, s, a, p, d: f"{v}{m}[{c}]/{s}/{a}:{p}" + (f"/{d}" if d else ""),
    st.sampled_from(["", "V/"]), masses, classes, kmh, angles, metres,
    st.one_of(st.just(""), metres),
)  # fmt: skip
coded = st.builds(
    lambda c, v, p: f"{c}{v}{p}",
    st.sampled_from(["C", "FS", "PU", "M", "C7", "H"]),
    st.sampled_from([30, 40, 50, 60]),
    st.sampled_from(["", "/P1", "-P2", " P3"]),
)
dos = st.builds(
    lambda k, lvl: k + lvl, st.sampled_from(["K4", "K8", "K12"]), st.sampled_from(["", "/L1", "L3"])
)
ratings = st.one_of(metric, coded, dos)


@given(st.one_of(st.text(max_size=250), st.text(alphabet, max_size=60)))
@example("A" * 199)
@example("A " * 99 + "[")
@example("٣/٧٢٠٠[N3C]/80/90")
@example("V/7200[N3C]/80/90:1.1" + " " * 500)
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        rating = parse_rating(text)
    except RatingError as error:
        assert describe(error).endswith(".")
        return
    assert rating.mass > 0.0
    assert rating.speed > 0.0
    assert 0.0 < rating.angle <= math.pi / 2
    assert explain(rating).endswith(".")


@given(ratings)
def test_a_rating_in_a_notation_is_read(text: str) -> None:
    rating = parse_rating(text)
    assert rating.energy > 0.0
    assert "{" not in explain(rating) + explain(rating, language="fr")


@given(metric)
def test_case_and_spaces_do_not_matter(text: str) -> None:
    spaced = text.lower().replace("/", " / ").replace("[", " [ ")
    first, second = parse_rating(text), parse_rating(spaced)
    assert (first.mass, first.speed, first.angle) == (second.mass, second.speed, second.angle)
    assert first.penetration == second.penetration


@given(ratings, ratings, st.one_of(st.none(), st.floats(0.0, 40.0)))
def test_the_verdict_follows_mass_speed_angle_energy_and_penetration(
    required_text: str, offered_text: str, limit: float | None
) -> None:
    required, offered = parse_rating(required_text), parse_rating(offered_text)
    found = match_rating(required, offered, penetration_limit=limit)
    allowed = required.penetration if limit is None else limit
    if found.verdict is Verdict.FAIL:
        assert (
            offered.angle < required.angle
            or offered.energy < required.energy
            or math.isnan(offered.penetration)
            or offered.penetration > allowed
        )
        return
    slack = 1 + 1e-6
    assert offered.angle * slack >= required.angle
    assert offered.energy * slack >= required.energy
    assert math.isnan(allowed) or offered.penetration <= allowed
    dominates = offered.mass * slack >= required.mass and offered.speed * slack >= required.speed
    assert (found.verdict is not Verdict.KE_INDICATIVE) == dominates
    if found.verdict is Verdict.EXACT:
        assert offered.vehicle_class == required.vehicle_class
    assert not (found.is_acceptable and found.verdict is Verdict.KE_INDICATIVE)


@given(st.sampled_from(vehicle_class_keys()), st.floats(0.0, 40.0), st.floats(0.0, 40.0))
def test_a_required_rating_is_at_or_above_the_vehicle_and_rises_with_speed(
    key: str, first: float, second: float
) -> None:
    vehicle = load_vehicle_classes([key])[0]
    slow, fast = sorted((first, second))
    low, high = required_rating(vehicle, slow), required_rating(vehicle, fast)
    if low[1] == "above_tested_speeds":
        assert slow * KMH_PER_MPS > 112.0 - 1e-6
        assert high[1] == low[1]
        return
    rating = parse_rating(low[0])
    assert rating.speed >= slow * (1 - 1e-6)
    assert rating.mass >= vehicle.mass
    assert rating.vehicle_class == key
    if high[0]:
        assert parse_rating(high[0]).speed >= rating.speed
        assert match_rating(rating, parse_rating(high[0])).verdict is Verdict.EXACT
