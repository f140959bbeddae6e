"""
Sentences for errors and notices, made from their stable codes.

Each area of the library has a module here with a dictionary `EN` from code to template; template
fields are the error's details. A contract test checks that every error class has its sentence.
"""

from importlib import import_module
from string import Formatter

from parvis.errors import ParvisError

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
)


def sentences() -> dict[str, str]:
    """Return all templates by code."""
    merged: dict[str, str] = {}
    for area in AREAS:
        merged |= import_module(f"{__name__}.{area}").EN
    return merged


def describe(error: ParvisError) -> str:
    """Return the sentence a person reads for `error`."""
    return fill(error.code, error.details)


def fill(code: str, details: dict[str, object]) -> str:
    """Return the sentence of `code` with `details` filled in."""
    template = sentences()[code]
    missing = {name for _, name, _, _ in Formatter().parse(template) if name} - details.keys()
    return template.format(**details, **dict.fromkeys(missing, "?"))
