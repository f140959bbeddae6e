"""Does a catalogue of indicators hold together, and does a city's own fit the shipped one."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from parvis.packs.base import Entry, Located, repeated_keys
from parvis.packs.framework_conditions import listed

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator, Indicators, Override

MEANING = (
    "unit", "numerator", "denominator", "multiplier", "formula", "direction", "absolute",
    "target", "error_model", "can_repeat",
)  # fmt: skip
"""What a definition says; a change of it is a new version and a break of the series."""


def indicator_problems(pack: "Indicators") -> Iterator[Located]:
    """Yield what the types cannot say, the fit with the shipped catalogue included."""
    yield from repeated_keys(pack.entries)
    yield from pack.unlisted_evidence()
    for name, entries in (("blocks", pack.blocks), ("units", pack.units)):
        for path, what in repeated_keys(entries):
            yield (name, *path[1:]), what
    languages = tuple(pack.translations)
    for name, named in (("blocks", pack.blocks), ("units", pack.units), ("entries", pack.entries)):
        for row, entry in enumerate(named):
            yield from _untranslated(entry, (name, row), languages)
    units = {unit.key for unit in pack.units}
    if pack.extends is None:
        yield from _alone(pack)
    else:
        from parvis.packs.indicators import shipped_catalogue

        base = shipped_catalogue()
        units |= {unit.key for unit in base.units}
        yield from _extending(pack, base)
    for row, entry in enumerate(pack.entries):
        if entry.unit not in units:
            yield ("entries", row, "unit"), f"{entry.unit!r} is not listed under 'units'"
        yield from definition_problems(entry, ("entries", row))


def definition_problems(entry: "Indicator", path: tuple[str | int, ...]) -> Iterator[Located]:
    """Yield contradictions within one definition."""
    bounds = entry.bounds
    if bounds.low is not None and bounds.high is not None and bounds.low >= bounds.high:
        yield (*path, "bounds"), f"low {bounds.low:g} is not below high {bounds.high:g}"
    if entry.direction == "target" and entry.target is None:
        yield (*path, "target"), "is missing, but the direction is target"
    if entry.direction != "target" and entry.target is not None:
        yield (*path, "target"), "is given, but the direction is not target"
    for key in ("numerator", "denominator"):
        if entry.is_ratio and not getattr(entry, key).strip():
            yield (*path, key), "is missing, but there is a multiplier"
    for key in ("min_n", "icc"):
        if getattr(entry, key) and getattr(entry, f"{key}_evidence") is None:
            yield (*path, key), f"says nothing it rests on; give {key}_evidence"
    for key in ("disaggregations", "sources", "icc", "question_ids"):
        values = getattr(entry, key)
        for row, value in enumerate(values):
            if value in values[:row]:
                yield (*path, key, row), f"{value!r} is given twice"


def version_problems(pack: "Indicators", former: "Indicators") -> Iterator[Located]:
    """Yield definitions that were changed since the version before without a new version."""
    for row, entry in enumerate(pack.entries):
        before = former.by_code.get(entry.key)
        if before is None:
            continue
        changed = changed_meaning(before, entry)
        if changed and entry.version <= before.version:
            yield (
                ("entries", row, "version"),
                f"must be above {before.version}: {listed(changed)} of {entry.key} was changed, "
                "which breaks the series",
            )


def changed_meaning(before: "Indicator", after: "Indicator") -> tuple[str, ...]:
    """Return which keys of a definition's meaning differ."""
    return tuple(key for key in MEANING if getattr(before, key) != getattr(after, key))


def _alone(pack: "Indicators") -> Iterator[Located]:
    from parvis.packs.indicator_models import CATALOGUE

    if pack.id != CATALOGUE:
        yield ("extends",), f"is missing; a catalogue of your own extends {CATALOGUE}"
    for key in ("without", "overrides"):
        if getattr(pack, key):
            yield (key,), "stands in a catalogue that extends another only"
    blocks = {block.key for block in pack.blocks}
    for row, entry in enumerate(pack.entries):
        if entry.block not in blocks:
            yield ("entries", row, "block"), f"{entry.block!r} is not listed under 'blocks'"


def _extending(pack: "Indicators", base: "Indicators") -> Iterator[Located]:
    if pack.id == base.id:
        yield ("id",), "belongs to the catalogue of Parvis; choose another"
    if pack.blocks:
        yield ("blocks",), "cannot be changed by a catalogue that extends another"
    known = base.by_code
    for row, code in enumerate(pack.without):
        if code not in known:
            yield ("without", row), _unknown(code)
        elif code in pack.without[:row]:
            yield ("without", row), f"{code!r} is given twice"
    seen: set[str] = set()
    for row, change in enumerate(pack.overrides):
        path = ("overrides", row)
        if change.key not in known:
            yield (*path, "key"), _unknown(change.key)
            continue
        if change.key in seen:
            yield (*path, "key"), f"{change.key!r} is given twice"
        seen.add(change.key)
        if change.key in pack.without:
            yield (*path, "key"), f"{change.key} is switched off as well"
        yield from _override(change, known[change.key], path)
    for row, entry in enumerate(pack.entries):
        if entry.key in known:
            what = f"{entry.key} is in the catalogue of Parvis; change it under 'overrides'"
            yield ("entries", row, "key"), what


def _override(
    change: "Override", entry: "Indicator", path: tuple[str | int, ...]
) -> Iterator[Located]:
    from parvis.packs.indicators import overridden

    after = overridden(entry, change)
    changed = changed_meaning(entry, after)
    if changed and after.version <= entry.version:
        yield (
            (*path, "version"),
            f"must be given and above {entry.version}: {listed(changed)} is changed, which breaks "
            "the series",
        )
    if changed and change.valid_from is None:
        yield (*path, "valid_from"), "is missing; say from when the changed definition holds"
    yield from definition_problems(after, path)


def _untranslated(
    entry: Entry, path: tuple[str | int, ...], languages: Iterable[str]
) -> Iterator[Located]:
    for language in languages:
        texts = entry.i18n.get(language, {})
        for key in ("name", "description"):
            if getattr(entry, key) and not texts.get(key, "").strip():
                yield (*path, "i18n", language), f"{key!r} is missing"


def _unknown(code: str) -> str:
    return f"{code!r} is not in the catalogue of Parvis"
