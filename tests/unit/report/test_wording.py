"""The catalogues hold the same texts in every language, and none is left in Python."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from babel import Locale

from parvis.errors import InternalError
from parvis.report.wording import LANGUAGES, LOCALES, Wording, catalogue, is_plural


def leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == "few" and is_plural(node):
                continue
            yield from leaves(value, f"{key}.{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, f"{key}[{index}]")
    else:
        yield key, node


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language):
    assert {key for key, _ in leaves(catalogue(language))} == {
        key for key, _ in leaves(catalogue("en"))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_text_and_not_empty(language):
    for key, text in leaves(catalogue(language)):
        assert isinstance(text, str), key
        assert text.strip(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_same_fields(language):
    english = dict(leaves(catalogue("en")))
    for key, text in leaves(catalogue(language)):
        if not key.startswith(".notice") and not key.endswith(".one"):
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_no_text_calls_a_place_safe():
    for language in LANGUAGES:
        for key, text in leaves(catalogue(language)):
            assert not re.search(r"\b(safe|sûre?s?|sécurisée?s?|bezpieczn\w+)\b", text.lower()), key


def test_french_counts_zero_as_singular():
    wording = Wording("fr")
    one = wording("access_points_found", count=0, number=1, speed=5, vehicle="x")
    assert one.startswith("Un point")


def plurals(node: Any, key: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    if is_plural(node):
        yield key, node
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from plurals(value, f"{key}.{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(language):
    rule = Locale.parse(LOCALES[language]).plural_form
    forms = {rule(count) for count in range(200)} - {"many"} | {"other"}
    for key, node in plurals(catalogue(language)):
        assert node.keys() == forms, key
        for form in forms - {"one", "other"}:
            assert set(re.findall(r"{\w+}", node[form])) == set(
                re.findall(r"{\w+}", node["other"])
            ), key


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 elementów"),
        (1, "1 element"),
        (2, "2 elementy"),
        (12, "12 elementów"),
        (22, "22 elementy"),
        (25, "25 elementów"),
    ],
)
def test_polish_tells_few_from_many(count, said):
    assert Wording("pl")("closure.elements", count=count) == said


def test_numbers_follow_the_language():
    assert Wording("fr").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert Wording("pl").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert Wording("en").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234.5"


def test_dates_follow_the_language():
    assert Wording("en").date("2026-11-20T09:30:00+00:00") == "20 November 2026"
    assert Wording("fr").date("2026-11-20") == "20 novembre 2026"
    assert Wording("pl").date("2026-11-20") == "20 listopada 2026"
    assert Wording("en").date("unknown") == "unknown"


def test_a_missing_text_is_a_bug_with_its_key():
    with pytest.raises(InternalError, match="nowhere"):
        Wording("en")("nowhere.to.be.found")
