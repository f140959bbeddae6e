"""The packs about closing a place and keeping it open fit together and say what they rest on."""

from pathlib import Path

import pytest

from parvis.approach.ratings import highest_tested_speed, parse_rating
from parvis.io.packs import check_pack, read_barrier_products
from parvis.packs import (
    PackInvalidError,
    PackNotFoundError,
    check_pack_file,
    load_barrier_products,
    load_interim_measures,
    load_pack,
    load_residual_risks,
    load_streetscape_schemes,
    pack_text,
)
from parvis.packs.closure_models import CLOSURE_KINDS
from parvis.report.messages import describe


def test_the_seven_schemes_stand_in_the_published_order() -> None:
    assert [scheme.key for scheme in load_streetscape_schemes().entries] == [
        "total_traffic_exclusion", "controlled_inclusion", "footway_protection",
        "traffic_calming", "semi_permanent", "temporary", "do_nothing",
    ]  # fmt: skip


def test_packs_name_only_what_other_packs_have() -> None:
    schemes = {scheme.key for scheme in load_streetscape_schemes().entries}
    risks = {risk.key for risk in load_residual_risks().entries}
    families = {family.key for family in load_barrier_products().families}
    for family in load_barrier_products().families:
        assert family.scheme in schemes
    for scheme in load_streetscape_schemes().entries:
        assert set(scheme.residual_risks) <= risks
    for measure in load_interim_measures().entries:
        assert measure.product is None or measure.product in families


@pytest.mark.parametrize("language", ["fr", "pl"])
@pytest.mark.parametrize("kind", ["streetscape-schemes", "residual-risks", "barrier-products"])
def test_what_is_printed_is_translated(kind: str, language: str) -> None:
    for entry in load_pack(kind).entries:  # type: ignore[attr-defined]
        assert "name" in entry.i18n[language], entry.key
        if kind != "barrier-products":
            assert "description" in entry.i18n[language], entry.key


def test_every_price_size_and_rating_is_marked_as_a_planning_figure() -> None:
    pack = load_pack("barrier-products")
    planning = pack.evidence["planning"]  # type: ignore[attr-defined]
    assert (planning.confidence, planning.verified) == ("low", False)
    for entry in pack.entries:  # type: ignore[attr-defined]
        for level in entry.levels:
            assert level.cost_per_element.evidence == "planning"
            assert level.ratings_evidence == ("planning" if level.ratings else "unrated")


def test_every_rating_states_its_standard_and_can_be_read() -> None:
    for family, level in load_barrier_products().rated():
        for text in level.ratings:
            rating = parse_rating(text)
            assert rating.is_system_stated, (family.key, text)
            assert rating.speed <= highest_tested_speed() + 1e-9


def test_a_dearer_level_of_a_family_covers_more() -> None:
    for family in load_barrier_products().families:
        for light, heavy in zip(family.levels, family.levels[1:], strict=False):
            assert light.cost_low < heavy.cost_low
            assert light.cost_high < heavy.cost_high
            best = {r.vehicle_class: r.speed for r in map(parse_rating, heavy.ratings)}
            for rating in map(parse_rating, light.ratings):
                assert best[rating.vehicle_class] >= rating.speed


def test_unrated_mass_has_no_rating_and_interim_measures_say_what_they_do_not_do() -> None:
    products = load_barrier_products()
    for key in ("concrete-block", "water-filled-barrier", "staffed-heavy-vehicle"):
        assert not products.family(key).is_rated
    for measure in load_interim_measures().entries:
        assert measure.does_not
        for language in ("fr", "pl"):
            assert {"name", "description", "does_not"} <= set(measure.i18n[language])
    assert products.family("nothing") is None


def test_shipped_products_are_one_object_and_an_own_file_another(tmp_path: Path) -> None:
    assert load_barrier_products() is load_barrier_products()
    file = tmp_path / "prices.yaml"
    text = pack_text("barrier-products").replace("currency: EUR", "currency: SEK")
    text = text.replace("{low: 1800, high: 3500,", "{low: 18000.5, high: 35000,", 1)
    file.write_text(text, encoding="utf-8")
    own = read_barrier_products(file)
    assert own.currency == "SEK"
    assert own.families[0].levels[0].cost_low == 1_800_050
    assert load_barrier_products().families[0].levels[0].cost_low == 180_000


def test_ratings_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    text = pack_text("barrier-products")
    text = text.replace("ISO 22343-1 V/1500[M1]/64/90:1.0", "very strong", 1)
    text = text.replace("ISO 22343-1 V/1500[M1]/96/90:1.0", "M1 at 96", 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackInvalidError) as caught:
        read_barrier_products(file)
    sentence = describe(caught.value)
    for part in ("prices.yaml", "fixed-bollard-deep, level light", "'very strong'", "'M1 at 96'"):
        assert part in sentence
    with pytest.raises(PackInvalidError, match="very strong"):
        check_pack(file)
    with pytest.raises(PackNotFoundError):
        read_barrier_products(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        ("streetscape-schemes", "order: 2", "order: 3", "must be 2"),
        ("streetscape-schemes", "key: do_nothing", "key: temporary", "given twice"),
        ("barrier-products", "operable_with: rising-bollard", "operable_with: cake", "no entry"),
        ("barrier-products", "operable_with: rising-bollard", "operable_with: rated-wall",
         "is not operable"),
        ("barrier-products", "scheme: temporary", "scheme: do_nothing",
         "scheme: 'do_nothing' is not accepted"),
        ("barrier-products", "low: 1800, high: 3500", "low: 1800, high: 1700", "at least low"),
        ("barrier-products", "low: 1800, high: 3500", "low: -1, high: 3500", "greater than"),
        ("barrier-products", "least_length_m: 3.0", "least_length_m: 7.0", "at most length_m"),
        ("barrier-products", "width_m: 0.25", "width_m: 0.3", "must equal length_m"),
        ("barrier-products", "greatest_clear_gap_m: {value: 1.2", "greatest_clear_gap_m: {value: 0",
         "greater than 0"),
        ("barrier-products", "currency: EUR", "currency: euro",
         "currency: 'euro' is not three letters"),
        ("barrier-products", "key: medium", "key: light", "'light' is given twice"),
        ("barrier-products", "evidence: planning}", "evidence: rumour}", "'rumour'"),
        ("residual-risks", "condition: always", "condition: sometimes", "condition"),
        ("openness-requirements", "key: emergency_width", "key: other_width",
         "lacks the requirement 'emergency_width'"),
        ("openness-requirements", "value: 0.9", "value: -0.9", "greater than"),
        ("interim-measures", "    needs:\n      - A driver", "    need:\n      - A driver",
         "this key is missing"),
    ],
)  # fmt: skip
def test_rules_of_the_kinds(kind: str, old: str, new: str, expected: str) -> None:
    text = pack_text(kind)
    assert old in text
    with pytest.raises(PackInvalidError) as caught:
        check_pack_file(text.replace(old, new, 1), name="mine.yaml")
    sentence = describe(caught.value)
    assert expected in sentence
    assert "mine.yaml" in sentence
    assert "line " in sentence


def test_a_list_of_risks_without_one_that_always_stands_is_refused() -> None:
    text = pack_text("residual-risks").replace("condition: always", "condition: operable")
    with pytest.raises(PackInvalidError, match="always"):
        check_pack_file(text, name="mine.yaml")


def test_kinds_are_registered() -> None:
    for kind in CLOSURE_KINDS:
        assert load_pack(kind).pack == kind
