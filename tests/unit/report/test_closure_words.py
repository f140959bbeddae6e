"""Every code that a closure plan can carry has its words in every language."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import parvis.approach.ratings.matching as matching
from parvis.approach.ratings import Verdict
from parvis.closure import coverage, options
from parvis.closure.coverage import NONE_TESTED
from parvis.packs.closure_models import BarrierFamily, Permanence
from parvis.packs.loader import load_pack
from parvis.report.closure_speech import code_text, pack_text
from parvis.report.wording import LANGUAGES, Wording

SOURCE = Path(options.__file__).parents[1]
FOLDERS = ("closure", "openness")


def strings(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield node


def files() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((SOURCE / folder).glob("*.py"))]


def first_or(node: ast.Call, keyword: str) -> set[str]:
    given = [entry.value for entry in node.keywords if entry.arg == keyword]
    place = given[0] if given else (node.args[0] if node.args else None)
    if isinstance(place, ast.IfExp):
        return {*strings(place.body), *strings(place.orelse)}
    return {place.value} if isinstance(place, ast.Constant) else set()


def emitted_reasons() -> set[str]:
    found = set(options.UNSUITABLE)
    tree = ast.parse(Path(options.__file__).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "reasons":
            found |= set(strings(node.value))
        if isinstance(node, ast.Assign) and any(
            getattr(target, "id", "") in ("reason", "reasons") for target in node.targets
        ):
            value = node.value
            parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            if not isinstance(value, ast.Call):
                found |= {text for part in parts for text in strings(part)}
    for node in calls(Path(options.__file__), "append"):
        found |= first_or(node, "")
    return found


def emitted_coverage() -> set[str]:
    found = {"above_tested_speeds", "no_tested_mass"}
    for path in (matching.__file__, coverage.__file__):
        for node in calls(Path(path), "Remark"):
            found |= first_or(node, "code")
    for node in calls(Path(coverage.__file__), "Coverage"):
        if isinstance(node.args[-1], ast.Constant):
            found.add(node.args[-1].value)
    return found


def emitted_checks() -> set[str]:
    return {
        key
        for path in files()
        for node in calls(path, "Check", "_to_verify")
        for key in first_or(node, "key")
    }


def emitted_notices() -> set[str]:
    found = [*files(), *sorted((SOURCE / "io").glob("clos*.py"))]
    return {
        code for path in found for node in calls(path, "Notice") for code in first_or(node, "code")
    }


def emitted_cannot() -> set[str]:
    found = set()
    for path in files():
        for node in calls(path, "Closing", "ClosureResult"):
            given = [entry.value for entry in node.keywords if entry.arg == "cannot_close"]
            place = node.args[1] if len(node.args) > 1 else (given[0] if given else None)
            if isinstance(place, ast.Constant) and place.value:
                found.add(place.value)
    return found


CODES = {
    "option_reason": emitted_reasons(),
    "coverage_reason": emitted_coverage(),
    "check": emitted_checks(),
    "cannot": emitted_cannot(),
    "verdict": {*(item.value for item in Verdict), NONE_TESTED},
    "element": set(get_args(BarrierFamily.model_fields["kind"].annotation)),
    "permanence": set(get_args(Permanence)),
    "alternatives.plan": {"cheapest", "nearest", "furthest"},
}


def test_the_scan_finds_codes_that_are_known_to_be_emitted():
    assert {"unrated", "does_not_cover", "lowers_rating", "stays_open"} <= CODES["option_reason"]
    assert {"heavier_vehicle", "energy_only", "unrated"} <= CODES["coverage_reason"]
    assert {"accessible_width", "egress_flow", "utilities"} <= CODES["check"]
    assert "forbidden_ground_joins" in CODES["cannot"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", sorted(CODES))
def test_every_code_has_its_words(group, language):
    wording = Wording(language)
    assert {c for c in CODES[group] if not wording.has(f"closure.{group}.{c}")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_that_has_to_be_verified_says_what_to_look_at(language):
    wording = Wording(language)
    keys = emitted_checks()
    assert {key for key in keys if not wording.has(f"closure.look_at.{key}")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_its_sentence(language):
    wording = Wording(language)
    told_as = {"stock_plan_not_proved": "stock.not_proved"}
    assert {
        code
        for code in emitted_notices()
        if not any(
            wording.has(key)
            for key in (f"notice.{code}", f"stock.notice.{code}", told_as.get(code, "-"))
        )
    } == set()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("streetscape-schemes", ("name", "description")),
        ("residual-risks", ("name", "description")),
        ("barrier-products", ("name",)),
        ("openness-requirements", ("name",)),
    ],
)
def test_packs_are_read_in_the_language_of_the_reader(kind, fields):
    english = Wording("en")
    for entry in load_pack(kind).entries:
        for field in fields:
            assert pack_text(kind, entry.key, english, field) == getattr(entry, field)
            for language in ("fr", "pl"):
                said = pack_text(kind, entry.key, Wording(language), field)
                assert said == entry.i18n[language][field]


def test_an_unknown_code_is_shown_as_plain_words():
    wording = Wording("en")
    assert code_text("option_reason", "some_new_reason", wording) == "some new reason"
    assert pack_text("residual-risks", "some_new_risk", wording) == "some new risk"
    assert pack_text("residual-risks", "some_new_risk", wording, "description") == ""
