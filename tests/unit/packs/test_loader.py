"""Packs are found, checked, and every mistake names file, line and key."""

import dataclasses

import pytest

from parvis.errors import InputError
from parvis.packs import (
    PackInvalidError,
    PackUnreadableError,
    UnknownPackError,
    check_pack_file,
    example_text,
    find_pack,
    load_ground_rules,
    load_pack,
    load_parameter_draws,
    load_street_widths,
    load_surfaces,
    load_threat_statement,
    pack_summaries,
    pack_text,
)
from parvis.packs.models import KINDS, USER_KINDS
from parvis.report.messages import describe
from parvis.terms import Grade, Scenario

THREAT = """\
pack: threat-statement
authority: Police of the canton
reference: 2026-17
date: 2026-05-04
classes: [M1, N2B]
"""


def fails(text: str, error: type[InputError] = PackInvalidError) -> str:
    with pytest.raises(error) as caught:
        check_pack_file(text, name="mine.yaml")
    sentence = describe(caught.value)
    assert "mine.yaml" in sentence
    return sentence


@pytest.mark.parametrize("kind", KINDS)
def test_every_pack_of_parvis_is_in_order(kind: str) -> None:
    pack = load_pack(kind)
    assert check_pack_file(pack_text(kind), name=kind).id == pack.id
    assert pack.source.licence
    assert pack is load_pack(kind)


def test_packs_are_found_by_id_or_kind() -> None:
    for summary in pack_summaries():
        assert find_pack(summary.id) is find_pack(summary.kind)
    with pytest.raises(UnknownPackError) as caught:
        find_pack("nothing")
    assert "vehicle-classes" in describe(caught.value)
    with pytest.raises(UnknownPackError):
        load_pack("nothing")


def test_ids_are_unique() -> None:
    ids = [summary.id for summary in pack_summaries()]
    assert len(set(ids)) == len(ids)


def test_every_name_is_translated_where_the_pack_says_so() -> None:
    for kind in KINDS:
        pack = load_pack(kind)
        for entry in getattr(pack, "entries", ()):
            if kind in ("vehicle-classes", "ground-rules", "surfaces"):
                assert set(entry.i18n) == set(pack.translations)


def test_values_marked_unclear_are_never_verified() -> None:
    for kind in KINDS:
        for evidence in load_pack(kind).evidence.values():  # type: ignore[attr-defined]
            if evidence.confidence == "low":
                assert not evidence.verified


def test_all_problems_are_listed_with_line_and_key() -> None:
    text = pack_text("vehicle-classes")
    text = text.replace("value: 1500", "value: -1500", 1)
    text = text.replace("friction: {typical: 0.6,", "friction: {typcal: 0.6,", 1)
    lines = text.splitlines()
    negative = 1 + next(i for i, line in enumerate(lines) if "-1500" in line)
    misspelt = 1 + next(i for i, line in enumerate(lines) if "typcal" in line)
    sentence = fails(text)
    assert f"line {negative}, entries.0.mass_kg.value: Input should be greater than 0" in sentence
    assert f"line {misspelt}, entries.2.friction.typcal" in sentence
    assert "entries.2.friction.typical: this key is missing" in sentence


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        ("vehicle-classes", "key: N1G", "key: M1", "'M1' is given twice"),
        ("vehicle-classes", "typical: 4.0, limit: 6.0", "typical: 4.0, limit: 3.0", "at least"),
        ("vehicle-classes", "typical: 1.80, limit: 1.50", "typical: 1.80, limit: 2", "at most"),
        ("vehicle-classes", "1500, evidence: published", "1500, evidence: rumour", "'rumour'"),
        ("vehicle-classes", "version: 1", "version: 0", "version: Input should be greater"),
        ("vehicle-classes", "status: current", "status: good",
         "status: 'good' is not draft, current"),
        ("vehicle-classes", "licence: CC0-1.0", "licence2: CC0", "licence: this key is missing"),
        ("barrier-ratings", "key: iwa-14-1", "key: iso-22343-1", "given twice"),
        ("barrier-ratings", "speeds: [16, 32", "speeds: [64, 32", "ascending"),
        ("barrier-ratings", "prefix: 'IWA", "prefix: '(IWA", "regular expression"),
        ("barrier-ratings", "    class: \" (classe {class})\"\n", "", "lacks the sentence 'class'"),
        ("ground-rules", "kinds: [wall]", "kinds: [building]", "stands already in 'building'"),
        ("ground-rules", "key: other", "key: others", "lacks the rule 'other'"),
        ("ground-rules", "typical: blocks\n    limit: absent", "typical: absent\n    limit: blocks",
         "may not block"),
        ("parameter-draws", "A: 0.1, ", "", "lacks grade A"),
        ("parameter-draws", "upper_quantile: 0.99", "upper_quantile: 1.5", "less than 1"),
        ("street-widths", "highway: trunk,", "highway: motorway,", "'motorway' is given twice"),
        ("surfaces", "factor: 1.0", "factor: 1.5", "less than or equal to 1"),
    ],
)  # fmt: skip
def test_rules_of_the_kinds(kind: str, old: str, new: str, expected: str) -> None:
    text = pack_text(kind)
    assert old in text
    sentence = fails(text.replace(old, new, 1))
    assert expected in sentence
    assert "line " in sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "line 1, the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("pack: a\nb: [1, 2\n", "line 3"),
        ("pack: a\npack: b\n", "line 2, the key 'pack' is given twice"),
        ("a: &x [1]\nb: *x\n", "aliases (*name) are not allowed"),
        ("a: !!python/object:os.system {}\n", "line 1"),
        ("a: 2026-13-45\n", "line 1"),
        ("[" * 3000, "mine.yaml"),
        ("a: b: c\n", "line 1"),
        ("\x00", "line 1"),
        ("a: " + "x" * 2_000_001, "larger than 2 MB"),
        ("a: 1\n---\nb: 2\n", "line"),
    ],
)
def test_what_is_not_safe_yaml_is_refused_with_its_line(text: str, expected: str) -> None:
    assert expected in fails(text, PackUnreadableError)


@pytest.mark.parametrize("text", ["5", "[]", "pack: cake", "pack: [1]", "{}", "x: 1"])
def test_a_file_without_a_known_kind_is_refused_with_the_kinds(text: str) -> None:
    assert "threat-statement" in fails(text)


def test_a_threat_statement_names_authority_reference_date_and_classes() -> None:
    statement = load_threat_statement(THREAT, name="mine.yaml")
    assert statement.authority == "Police of the canton"
    assert statement.classes == ("M1", "N2B")
    assert statement.date.isoformat() == "2026-05-04"
    assert statement.marking == "TLP:AMBER"
    assert check_pack_file(THREAT, name="mine.yaml").kind == "threat-statement"


@pytest.mark.parametrize("kind", USER_KINDS)
def test_the_example_of_a_kind_that_users_write_is_in_order(kind: str) -> None:
    assert check_pack_file(example_text(kind), name=kind).kind == kind
    with pytest.raises(UnknownPackError):
        example_text("vehicle-classes")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("classes: [M1, N2B]", "classes: []", "line 5, classes: "),
        ("classes: [M1, N2B]", "classes: [M1, M1]", "line 5, classes.1: 'M1' is given twice"),
        ("date: 2026-05-04", "date: soon", "line 4, date: "),
        ("authority: Police of the canton", "authority: ''", "line 2, authority: "),
        ("reference: 2026-17\n", "", "reference: this key is missing"),
        ("reference:", "speed: 3\nreference:", "line 3, speed: there is no such key"),
        ("date: 2026-05-04", "date: 2026-05-04\nvalid_until: 2026-01-01", "before the date"),
    ],
)
def test_a_faulty_threat_statement_is_refused(old: str, new: str, expected: str) -> None:
    assert expected in fails(THREAT.replace(old, new))


def test_ground_rules_read_as_written() -> None:
    rules = load_ground_rules()
    typical, limit = Scenario.TYPICAL, Scenario.LIMIT
    for kind in ("building", "retaining_wall", "water", "cliff"):
        assert rules.rule(kind).blocks(typical)
        assert rules.rule(kind).blocks(limit)
    assert rules.rule("wall").blocks(typical)
    assert not rules.rule("wall").blocks(limit)
    assert rules.rule("wall").existing == "unrated"
    for kind in ("fence", "hedge", "chain", "gate", "lift_gate", "kerb", "bollard", "block", "???"):
        assert not rules.rule(kind).blocks(typical)
        assert not rules.rule(kind).blocks(limit)
        assert rules.rule(kind).existing == "unrated"
    steps = rules.rule("steps")
    assert steps.blocks(typical)
    assert steps.blocks(limit)
    assert not steps.blocks(limit, is_off_road=True)
    assert steps.is_flagged
    assert rules.rule("rated_closed").blocks(limit)
    assert not rules.rule("active_lowered").blocks(typical)
    assert rules.is_drivable("square", typical)
    assert not rules.is_drivable("unheard_of", limit)
    assert (rules.unknown_typical, rules.unknown_limit) == (False, True)
    assert (rules.closing_gap, rules.unknown_reach, rules.least_wall_height) == (4.0, 4.0, 0.5)
    assert (rules.greatest_slope, rules.coarse_elevation, rules.smoothing_cells) == (0.3, 10.0, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rules.closing_gap = 5.0  # type: ignore[misc]


def test_parameter_draws_are_marked_as_a_proposal() -> None:
    draws = load_parameter_draws()
    assert draws.width_sigma == {Grade.A: 0.1, Grade.B: 0.5, Grade.C: 1.5}
    assert (draws.upper_quantile, draws.cautious_quantile) == (0.99, 0.90)
    assert load_pack("parameter-draws").source.title.startswith("Proposal")


def test_street_widths_are_own_estimates_of_low_confidence() -> None:
    widths, fallback = load_street_widths()
    assert fallback > 0.0
    assert all(width >= 2.0 for width in widths.values())
    evidence = load_pack("street-widths").evidence["own"]  # type: ignore[attr-defined]
    assert (evidence.confidence, evidence.verified) == ("low", False)


def test_no_surface_is_credited_without_a_source() -> None:
    pack = load_surfaces()
    for entry in pack.entries:
        assert entry.factor == 1.0 or pack.evidence[entry.evidence].verified


def test_vehicle_classes_and_the_test_vehicles_of_the_standard_agree() -> None:
    tests = {
        code: (vehicle.mass_kg, set(vehicle.alternatives), vehicle.evidence)
        for vehicle in load_pack("barrier-ratings").entries[0].vehicles  # type: ignore[attr-defined]
        for code in vehicle.classes
    }
    for entry in load_pack("vehicle-classes").entries:  # type: ignore[attr-defined]
        mass = entry.mass_kg
        assert tests[entry.key] == (mass.value, set(mass.alternatives), mass.evidence)


def test_an_unclear_mass_is_the_heaviest_of_its_alternatives() -> None:
    for entry in load_pack("vehicle-classes").entries:  # type: ignore[attr-defined]
        assert entry.mass_kg.value == max((entry.mass_kg.value, *entry.mass_kg.alternatives))
