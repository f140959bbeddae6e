"""Does a framework say everything in each language it claims."""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any

from parvis.packs.base import Located
from parvis.packs.framework_conditions import Path, listed

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework

NEEDED = ("name", "description", "guidance", "text")
"""Texts that a language must have wherever the original has them."""
OPTIONAL = ("unit", "reference")
PLACE = "at"
LONGEST = 10_000
_CONTROL = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_"
)
"""Signs that XML 1.0 cannot hold, and what workbooks take for one."""


def text_problems(framework: "Framework") -> Iterator[Located]:
    """Yield translations that are missing or stand where there is nothing to translate."""
    from parvis.packs.framework_checks import all_entries

    yield from _signs(framework.model_dump(by_alias=True, exclude_defaults=True), ())
    for key in ("title", "publisher", "licence"):
        if not getattr(framework.source, key).strip():
            yield ("source", key), f"is empty; the {key} must be given"
    for key, evidence in framework.evidence.items():
        if not evidence.source.strip():
            yield ("evidence", key, "source"), "is empty; say what it rests on"
    languages = tuple(framework.translations)
    yield from _languages(framework, (), framework.i18n, languages)
    for path, entry in all_entries(framework):
        yield from _languages(entry, path, entry.i18n, languages)
    for row, finding in enumerate(framework.findings):
        told = {"": finding.name}
        told |= {code: texts["name"] for code, texts in finding.i18n.items() if "name" in texts}
        for code, text in told.items():
            where: Path = ("i18n", code, "name") if code else ("name",)
            if what := _braces(text, has_place=bool(finding.by)):
                yield ("findings", row, *where), what


def _signs(value: Any, path: Path) -> Iterator[Located]:
    """Yield texts that are too long, or have signs that cannot be printed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _signs(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for row, inner in enumerate(value):
            yield from _signs(inner, (*path, row))
    elif isinstance(value, str) and (found := _CONTROL.search(value)):
        yield path, f"holds the control sign U+{ord(found[0]):04X}; remove it"
    elif isinstance(value, str) and len(value) > LONGEST:
        yield path, f"has {len(value)} signs; at most {LONGEST} are accepted"


def _languages(
    entry: object, path: Path, i18n: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]
) -> Iterator[Located]:
    originals = {key: getattr(entry, key, "") for key in (*NEEDED, *OPTIONAL)}
    has = [key for key, text in originals.items() if text]
    for key in has:
        if not originals[key].strip():
            yield (*path, key), "is empty; give the text"
    for code, texts in i18n.items():
        if code not in languages:
            what = (
                f"'translations' does not name the language {code!r}; it names {listed(languages)}"
            )
            yield (*path, "i18n", code), what
        if not texts:
            yield (*path, "i18n", code), "says nothing; give texts or leave the language out"
        for key, text in texts.items():
            if key not in has:
                what = f"there is no {key} to translate here; there are {listed(has)}"
                yield (*path, "i18n", code, key), what
            elif not text.strip():
                yield (*path, "i18n", code, key), "is empty; give the text or leave the key out"
    for code in languages:
        missing = [key for key in NEEDED if originals[key] and key not in i18n.get(code, {})]
        if missing:
            original = str(originals[missing[0]])
            short = original if len(original) <= 40 else f"{original[:40]}…"
            yield (
                path,
                f"lacks {listed(missing)} in {code!r}, which 'translations' names ({short!r})",
            )


def _braces(text: str, *, has_place: bool) -> str:
    """Return what is wrong with the fields of a finding's text, "" for nothing."""
    try:
        fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError:
        return "has a single { or }; accepted is {at}, write {{ and }} for braces"
    if others := sorted(fields - {PLACE}):
        return f"may use {{at}} only, not {listed('{' + each + '}' for each in others)}"
    if PLACE in fields and not has_place:
        return "uses {at}, but the finding has no `by`: there is no place to name"
    return ""
