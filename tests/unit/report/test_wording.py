"""The catalogues hold the same texts in every language, and none is left in Python."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from parvis.errors import InternalError
from parvis.report.wording import LANGUAGES, Wording, catalogue


def leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for name, value in node.items():
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
            assert not re.search(r"\b(safe|sûre?s?|sécurisée?s?)\b", text.lower()), key


def test_french_counts_zero_as_singular():
    wording = Wording("fr")
    one = wording("access_points_found", count=0, number=1, speed=5, vehicle="x")
    assert one.startswith("Un point")


def test_numbers_follow_the_language():
    assert Wording("fr").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert Wording("en").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234.5"


def test_dates_follow_the_language():
    assert Wording("en").date("2026-11-20T09:30:00+00:00") == "20 November 2026"
    assert Wording("fr").date("2026-11-20") == "20 novembre 2026"
    assert Wording("en").date("unknown") == "unknown"


def test_a_missing_text_is_a_bug_with_its_key():
    with pytest.raises(InternalError, match="nowhere"):
        Wording("en")("nowhere.to.be.found")
