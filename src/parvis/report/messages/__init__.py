"""
Sentences for errors and notices, made from their stable codes.

Each area of the library has a module here with a dictionary `EN` from code to template; template
fields are the error's details. ``<language>.yaml`` holds the same templates in another language,
``phrases.yaml`` the English phrases that details bring along.
A contract test checks that every error class has its sentence, and every sentence its translations.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from string import Formatter
from types import MappingProxyType

from parvis.errors import ParvisError
from parvis.report.text_files import read_texts

TRANSLATIONS = ("fr", "pl")
PHRASED = frozenset({"what", "accepted", "problem", "reason", "why", "hint", "found"})
"""Details that the code fills with English phrases; others are names, numbers and a user's own."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

AREAS = (
    "common",
    "spaces",
    "outlines",
    "packs",
    "ratings",
    "street_field",
    "kinematics",
    "ground",
    "lattice",
    "report",
    "city_import",
    "town",
    "approach",
    "layouts",
    "closure",
    "closure_cut",
    "schedule",
    "openness",
    "screening",
    "stock",
    "variants",
    "what_if",
    "maps",
    "background",
    "city_uploads",
    "assessment",
    "exchange",
    "composite",
    "estimation",
    "surveys",
    "areas",
    "observations",
    "incidents",
    "disclosure",
    "dashboard",
    "geodata",
)


@cache
def sentences(language: str = "en") -> Mapping[str, str]:
    """Return all templates by code, English where `language` has none."""
    merged: dict[str, str] = {}
    for area in AREAS:
        merged |= import_module(f"{__name__}.{area}").EN
    if language in TRANSLATIONS:
        merged |= translations(language)
    return MappingProxyType(merged)


def translations(language: str) -> dict[str, str]:
    """Return the templates written in `language`, one of `TRANSLATIONS`, by code."""
    return read_texts(files(__name__) / f"{language}.yaml")


def describe(error: ParvisError, language: str = "en") -> str:
    """Return the sentence a person reads for `error`."""
    return fill(error.code, error.details, language)


def fill(code: str, details: Mapping[str, object], language: str = "en") -> str:
    """
    Return the sentence of `code` with `details` filled in.

    Examples
    --------
    >>> fill("vector_missing", {"file": "plan.dxf"}, "pl")
    'Nie ma pliku plan.dxf.'
    """
    template = sentences(language)[code]
    if language in TRANSLATIONS:
        details = {name: _said(name, value, language) for name, value in details.items()}
    missing = {name for _, name, _, _ in Formatter().parse(template) if name} - details.keys()
    return template.format(**details, **dict.fromkeys(missing, "?"))


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Return the translations of English phrases by language; ``#`` stands for a number."""
    return read_texts(files(__name__) / "phrases.yaml")


def _said(name: str, value: object, language: str) -> object:
    """Return a phrase of a detail in `language`; anything that is none as it is."""
    if name not in PHRASED or not isinstance(value, str):
        return value
    known = phrases().get(_NUMBER.sub("#", value), {}).get(language)
    if known is None:
        return value
    numbers = iter(_NUMBER.findall(value))
    return re.sub("#", lambda _: next(numbers), known)
