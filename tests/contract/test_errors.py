"""Every error has one sentence, and every sentence belongs to something."""

import ast
import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import parvis
from parvis.errors import InputError, InternalError, LimitError, ParvisError
from parvis.report.messages import (
    AREAS,
    TRANSLATIONS,
    describe,
    fill,
    phrases,
    sentences,
    translations,
)

SOURCE = Path(parvis.__file__).parent
BASES = {ParvisError, InputError, LimitError, InternalError}


def error_classes() -> list[type[ParvisError]]:
    for module in pkgutil.walk_packages(parvis.__path__, "parvis."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[ParvisError]] = []
    waiting = [ParvisError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            waiting.append(child)
            if child.__module__.startswith("parvis") and child not in found:
                found.append(child)
    return sorted((c for c in found if c not in BASES), key=lambda c: c.__qualname__)


CLASSES = error_classes()


def fields(template: str) -> set[str]:
    return {
        name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(template) if name
    }


@pytest.mark.parametrize("error", CLASSES, ids=lambda e: e.__name__)
def test_error_has_its_own_code_and_sentence(error):
    if error.__subclasses__() and "code" not in vars(error):
        pytest.skip("a base of other errors")
    assert "code" in vars(error), f"{error.__qualname__} inherits the code of its base"
    assert error.code in sentences(), f"no sentence for {error.code}"


def test_codes_are_not_used_twice():
    codes = [error.code for error in CLASSES if "code" in vars(error)]
    assert sorted(codes) == sorted(set(codes))


def test_areas_do_not_overwrite_each_other():
    seen: dict[str, str] = {}
    for area in AREAS:
        for code in importlib.import_module(f"parvis.report.messages.{area}").EN:
            assert code not in seen, f"{code} stands in {seen.get(code)} and {area}"
            seen[code] = area


def raised() -> list[tuple[str, int, str, set[str], bool]]:
    """Where errors are raised: file, line, class name, keyword names, whether ** is used."""
    names = {error.__name__ for error in CLASSES}
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names:
                keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
                is_open = any(keyword.arg is None for keyword in node.keywords)
                found.append((str(path.relative_to(SOURCE)), node.lineno, name, keywords, is_open))
    return found


@pytest.mark.parametrize("case", raised(), ids=lambda c: f"{c[0]}:{c[1]}:{c[2]}")
def test_details_given_fill_the_sentence(case):
    _, _, name, keywords, is_open = case
    error = next(e for e in CLASSES if e.__name__ == name)
    if is_open or error.code not in sentences():
        return
    assert fields(sentences()[error.code]) <= keywords


@pytest.mark.parametrize("code", sorted(sentences()))
def test_sentence_is_one_clear_line(code):
    text = sentences()[code]
    assert text.strip() == text
    assert "\n" not in text.replace("\n{listed}", "")
    assert not re.search(r"\b(oops|sorry)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_sentence_has_its_translation(language):
    assert translations(language).keys() == sentences().keys()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_are_clear_lines_with_the_fields_of_the_english_ones(language):
    for code, text in translations(language).items():
        assert fields(text) == fields(sentences()[code]), code
        assert text.strip() == text, code
        assert "\n" not in text.replace("\n{listed}", ""), code
        assert ("\n{listed}" in text) == ("\n{listed}" in sentences()[code]), code


def test_an_error_is_described_in_the_language_asked_for():
    error = InputError(what="x")
    assert describe(error, "fr") == "La donnée fournie est inutilisable : x."
    assert describe(error, "pl") == "Podanych danych nie można użyć: x."
    assert describe(error, "de") == describe(error) == "The input cannot be used: x."


@pytest.mark.parametrize("language", ["en", *TRANSLATIONS])
def test_a_detail_that_an_older_record_lacks_shows_as_a_question_mark(language):
    assert "?" in fill("vector_missing", {}, language)


def test_phrases_inside_sentences_are_said_in_the_reader_s_language_with_their_numbers():
    details = {"number": 2, "what": "gap", "accepted": "0.3 to 20 metres"}
    assert fill("row_value", details, "pl") == (
        "Zmiana 2: rząd, prześwit; wymagane: od 0.3 do 20 m."
    )
    assert fill("row_value", details, "fr").endswith("il faut : 0.3 à 20 mètres.")


def test_a_name_that_a_user_gave_is_never_translated():
    assert "memory" in fill("vector_missing", {"file": "memory"}, "pl")


@cache
def code_said() -> str:
    """All code, its texts joined over line ends."""
    folders = (SOURCE, SOURCE.with_name("parvis_web"))
    code = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    return re.sub(r'"\s+f?"', "", code)


@pytest.mark.parametrize("phrase", sorted(phrases()))
def test_every_phrase_is_one_that_the_code_says_and_has_its_translations(phrase):
    assert phrases()[phrase].keys() == set(TRANSLATIONS)
    for said in phrases()[phrase].values():
        assert said.count("#") == phrase.count("#")
    assert all(part in code_said() for part in phrase.split("#"))
