"""Reading, explaining and matching ratings."""

import math
from dataclasses import replace

import pytest

from parvis.approach.ratings import (
    RatingLevelError,
    RatingSyntaxError,
    RatingValueError,
    Verdict,
    explain,
    manual_rating,
    match_rating,
    parse_rating,
    required_rating,
)
from parvis.approach.vehicles import VehicleClass, load_vehicle_classes
from parvis.packs import load_rating_systems
from parvis.report.messages import describe
from parvis.terms import KMH_PER_MPS


@pytest.mark.parametrize(
    "text",
    [
        "V/7200[N3C]/80/90:1.1",
        "v/7200[n3c]/80/90:1.1",
        " V / 7200 [N3C] / 80 / 90 : 1.1 ",
        "V/7200(N3C)/80/90:1.1",
        "V/7,200[N3C]/80/90:1,1",
        "V/7200[N3C]/80/90°:1.1",
        "V/7200kg[N3C]/80/90:1.1",
        "V∕7200[N3C]/80/90:1.1".replace("∕", "/"),
        "7200[N3C]/80/90.0/1.1",
        "Wedge Barrier V/7200[N3C]/80/90:1.1",
    ],
)
def test_spellings_of_one_rating_read_the_same(text: str) -> None:
    rating = parse_rating(text)
    assert (rating.system, rating.mass, rating.vehicle_class) == ("iso-22343-1", 7200.0, "N3C")
    assert rating.speed == pytest.approx(80 / 3.6)
    assert (rating.angle, rating.penetration) == (math.pi / 2, 1.1)


@pytest.mark.parametrize(
    ("text", "system", "edition"),
    [
        ("ISO 22343-1:2023 V/7200[N3C]/80/90:1.1", "iso-22343-1", "2023"),
        ("BS ISO 22343-1 V/7200[N3C]/80/90:1.1", "iso-22343-1", ""),
        ("IWA14-1 V/7200[N3C]/80/90:1.1", "iwa-14-1", ""),
        ("PAS 68:2013, V/7500[N3]/80/90:0.0/0.0", "pas-68", "2013"),
        ("BSI PAS 68 - 7500(N3)/64/90:0.0/0.0", "pas-68", ""),
        ("ASTM F2656/F2656M-20 M50 P1", "astm-f2656", "20"),
        ("F2656-15 M50-P1", "astm-f2656", "15"),
        ("ASTM M50/P1", "astm-f2656", ""),
        ("SD-STD-02.01 Rev A K12", "sd-std-02-01", "A"),
        ("DOS K12/L3", "sd-std-02-01", ""),
    ],
)
def test_a_named_standard_is_kept_with_its_edition(text: str, system: str, edition: str) -> None:
    rating = parse_rating(text)
    assert (rating.system, rating.edition, rating.is_system_stated) == (system, edition, True)


def test_the_mass_is_what_the_text_says_and_not_what_the_class_suggests() -> None:
    assert parse_rating("V/6800[N2A]/64/90:1").mass == 6800.0
    assert parse_rating("V/9999[N2A]/64/90:1").mass == 9999.0


def test_a_text_that_two_standards_write_alike_names_neither() -> None:
    rating = parse_rating("V/1500[M1]/48/90:0.5")
    assert (rating.system, rating.datum) == ("", "unstated")
    assert explain(rating).endswith("the standard is not stated.")


def test_a_requirement_needs_no_penetration() -> None:
    rating = parse_rating("V/7200[N2B]/64/90")
    assert math.isnan(rating.penetration)
    assert explain(rating, required=True) == (
        "Required is a barrier that stops a vehicle of 7200 kg (class N2B) at 64 km/h and 90°; "
        "written as in ISO 22343-1, the standard itself is not stated."
    )


@pytest.mark.parametrize("text", ["", "hello", "7200", "V/7200/80/90", "M5", "N2B", "K", "x" * 500])
def test_what_is_no_rating_is_refused_with_examples(text: str) -> None:
    with pytest.raises(RatingSyntaxError) as caught:
        parse_rating(text)
    sentence = describe(caught.value)
    assert "M50/P1" in sentence
    assert len(sentence) < 250


@pytest.mark.parametrize("text", ["K5", "M50/P4", "K12/L7"])
def test_an_unknown_level_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(RatingLevelError) as caught:
        parse_rating(text)
    assert "it knows" in describe(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "ISO 22343-1 V/7200[N2B]/64/90:25.1",
        "V/7200[N2B]/64/0:1",
        "V/7200[N2B]/64/91:1",
        "V/7200[N2B]/00/90:1",
        "V/000[N2B]/64/90:1",
    ],
)
def test_figures_that_no_test_has_are_refused(text: str) -> None:
    with pytest.raises(RatingValueError) as caught:
        parse_rating(text)
    assert "accepted is" in describe(caught.value)


def test_penetration_up_to_25_m_is_in_the_scope_of_the_standard() -> None:
    assert parse_rating("ISO 22343-1 V/7200[N2B]/64/90:25").penetration == 25.0


def test_every_sentence_exists_in_both_languages_and_fills() -> None:
    sentences = load_rating_systems().sentences
    assert sentences["en"].keys() == sentences["fr"].keys() == sentences["pl"].keys()
    french = explain(parse_rating("PAS 68 7500[N3]/80/90:2.3/4.0"), language="fr")
    assert "2,3 m" in french
    assert explain(parse_rating("M50"), language="xx") == explain(parse_rating("M50"))


def test_a_certificate_is_entered_by_somebody() -> None:
    rating = manual_rating(
        mass=7500.0,
        speed=50 / KMH_PER_MPS,
        penetration=4.2,
        entered_by="A. Assessor",
        ground="asphalt",
        array_length=6.0,
        scheme="DIN SPEC 91414-1",
    )
    sentence = explain(rating)
    for part in ("7500 kg", "50 km/h", "4.2 m", "asphalt", "6 m", "DIN SPEC", "A. Assessor"):
        assert part in sentence
    found = match_rating(parse_rating("V/7200[N2B]/48/90"), rating)
    assert found.verdict is Verdict.DOMINATES
    assert not found.is_acceptable
    assert "entered_by_hand" in [remark.code for remark in found.conditions]


def test_all_wrong_figures_of_a_certificate_are_listed_at_once() -> None:
    with pytest.raises(RatingValueError) as caught:
        manual_rating(
            mass=-1.0, speed=math.nan, penetration=-2.0, entered_by=" ", angle=0.0, datum="roof"
        )
    sentence = describe(caught.value)
    for name in ("mass", "speed", "penetration", "entered_by", "angle", "datum"):
        assert name in sentence


REQUIRED = parse_rating("V/7200[N2B]/64/90:3")


@pytest.mark.parametrize(
    ("offered", "verdict", "reason"),
    [
        ("V/7200[N2B]/64/90:3", Verdict.EXACT, "same_class"),
        ("IWA 14-1 V/7200[N2B]/80/90:1.1", Verdict.EXACT, "same_class"),
        ("V/7200[N3C]/64/90:1.1", Verdict.DOMINATES, "heavier_vehicle"),
        ("V/30000[N3G]/64/90:1.0", Verdict.DOMINATES, "heavier_vehicle"),
        ("7500[N3]/80/90:2.3/2.0", Verdict.DOMINATES, "heavier_vehicle"),
        ("ASTM F2656-15 M50/P1", Verdict.KE_INDICATIVE, "energy_only"),
        ("V/2500[N1G]/112/90:1.0", Verdict.KE_INDICATIVE, "energy_only"),
        ("V/30000[N3G]/48/90:1.0", Verdict.KE_INDICATIVE, "energy_only"),
        ("V/7200[N2B]/48/90:1.1", Verdict.FAIL, "energy_below"),
        ("M40/P1", Verdict.FAIL, "energy_below"),
        ("V/7200[N2B]/80/45:1.1", Verdict.FAIL, "angle_below"),
        ("V/7200[N2B]/80/90:3.1", Verdict.FAIL, "penetration_exceeds"),
        ("V/7200[N2B]/80/90", Verdict.FAIL, "penetration_not_shown"),
        ("M50/P2", Verdict.FAIL, "penetration_exceeds"),
        ("K12", Verdict.FAIL, "penetration_not_shown"),
    ],
)
def test_verdicts(offered: str, verdict: Verdict, reason: str) -> None:
    found = match_rating(REQUIRED, parse_rating(offered))
    assert (found.verdict, found.reason.code) == (verdict, reason)
    for remark in (found.reason, *found.conditions, *found.checks):
        for language in ("en", "fr"):
            assert "{" not in remark.sentence(language)


def test_a_class_the_adviser_accepted_leaves_no_condition() -> None:
    offered = parse_rating("V/7200[N3C]/64/90:1.1")
    assert not match_rating(REQUIRED, offered).is_acceptable
    assert match_rating(REQUIRED, offered, accepted_classes=["N3C"]).is_acceptable


def test_energy_alone_is_never_acceptable() -> None:
    offered = parse_rating("V/30000[N3G]/48/90:1.0")
    found = match_rating(REQUIRED, offered, accepted_classes=["N3G"])
    assert found.verdict is Verdict.KE_INDICATIVE
    assert not found.is_acceptable


def test_standards_and_their_datums_are_not_compared_blindly() -> None:
    found = match_rating(REQUIRED, parse_rating("PAS 68 7500[N3]/80/90:2.3/4.0"))
    codes = [remark.code for remark in found.conditions]
    assert codes == ["front_geometry", "standards_differ", "datum_differs", "debris_exceeds"]


def test_one_code_in_two_standards_is_not_one_class() -> None:
    required = parse_rating("ISO 22343-1 V/1500[M1]/48/90")
    found = match_rating(required, parse_rating("PAS 68 1500[M1]/64/90:0.5/1.0"))
    assert (found.verdict, found.reason.code) == (Verdict.DOMINATES, "same_code")


def test_an_offer_without_a_standard_waits_for_its_certificate() -> None:
    found = match_rating(parse_rating("V/1500[M1]/48/90"), parse_rating("V/1500[M1]/64/90:0.5"))
    assert found.verdict is Verdict.EXACT
    assert [remark.code for remark in found.conditions] == ["standard_not_stated"]


def test_another_method_than_a_vehicle_test_is_a_condition() -> None:
    offered = replace(parse_rating("V/7200[N2B]/64/90:1"), method="D")
    assert match_rating(REQUIRED, offered).conditions[0].code == "method_not_vehicle_test"
    assert "(method D)" in explain(offered)


def test_the_place_can_limit_penetration() -> None:
    offered = parse_rating("V/7200[N2B]/64/90:2.9")
    assert match_rating(REQUIRED, offered, penetration_limit=3.0).verdict is Verdict.EXACT
    assert match_rating(REQUIRED, offered, penetration_limit=2.0).verdict is Verdict.FAIL
    with pytest.raises(RatingValueError):
        match_rating(REQUIRED, offered, penetration_limit=-0.1)


@pytest.mark.parametrize(
    ("key", "kmh", "notation"),
    [
        ("M1", 0.0, "V/1500[M1]/16/90"),
        ("M1", 64.0, "V/1500[M1]/64/90"),
        ("M1", 64.01, "V/1500[M1]/80/90"),
        ("N2B", 112.0, "V/7200[N2B]/112/90"),
        ("N3D", 20.0, "V/12000[N3D]/32/90"),
        ("N3G", 33.0, "V/30000[N3G]/48/90"),
    ],
)
def test_the_required_rating_is_the_next_that_is_tested(
    key: str, kmh: float, notation: str
) -> None:
    vehicle = load_vehicle_classes([key])[0]
    found = required_rating(vehicle, kmh / KMH_PER_MPS)
    assert found == (notation, "next_tested_speed")
    assert parse_rating(notation).mass >= vehicle.mass


def test_above_the_tested_speeds_there_is_no_rating() -> None:
    vehicle = load_vehicle_classes(["M1"])[0]
    assert required_rating(vehicle, 112.1 / KMH_PER_MPS) == ("", "above_tested_speeds")


def test_the_mass_decides_and_not_the_class_code() -> None:
    vehicle = load_vehicle_classes(["N2B"])[0]
    heavy = replace(vehicle, mass=10_000.0)
    assert required_rating(heavy, 40 / KMH_PER_MPS)[0] == "V/12000[N3D]/48/90"
    light: VehicleClass = replace(vehicle, key="L7", mass=600.0)
    assert required_rating(light, 40 / KMH_PER_MPS)[0] == "V/1500[M1]/48/90"
    assert required_rating(replace(vehicle, mass=44_000.0), 5.0) == ("", "no_tested_mass")


def test_the_test_angle_can_be_set() -> None:
    vehicle = load_vehicle_classes(["M1"])[0]
    assert required_rating(vehicle, 10.0, angle=math.pi / 4)[0] == "V/1500[M1]/48/45"
    for speed, angle in ((math.nan, 1.0), (-1.0, 1.0), (10.0, 0.0), (10.0, 90.0)):
        with pytest.raises(RatingValueError):
            required_rating(vehicle, speed, angle=angle)
