"""Does a framework keep what its released versions promise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from parvis.packs.base import Located, Pack
from parvis.packs.errors import PackInvalidError
from parvis.packs.framework_conditions import listed, unknown
from parvis.packs.framework_references import Names
from parvis.packs.frameworks import framework_digest

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework

RELEASED_HEAD = (
    "# Released frameworks: what they say is frozen. Written by `parvis packs release FILE`.\n"
)


@dataclass(frozen=True, slots=True)
class Release:
    """
    One released version of a framework.

    Attributes
    ----------
    id : str
    version : int
    sha256 : str
        Digest of what it says.
    """

    id: str
    version: int
    sha256: str


def read_releases(text: str, *, name: str) -> tuple[Release, ...]:
    """
    Read the list of released frameworks.

    Parameters
    ----------
    text : str
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackInvalidError
        If it is no such list.
    """
    accepted = "a list of entries with id, version and sha256 is accepted"
    try:
        rows: Any = yaml.safe_load(text) or []
        return tuple(
            Release(str(row["id"]), int(row["version"]), str(row["sha256"])) for row in rows
        )
    except (yaml.YAMLError, TypeError, KeyError, ValueError):
        raise PackInvalidError(file=name, problems=f"line 1: {accepted}") from None


def written_releases(releases: Sequence[Release]) -> str:
    """Return the list of released frameworks as its file holds it."""
    lines = [
        f"- {{id: {each.id}, version: {each.version}, sha256: {each.sha256}}}\n"
        for each in sorted(releases, key=lambda each: (each.id, each.version))
    ]
    return RELEASED_HEAD + "".join(lines)


def release_problems(framework: Pack, releases: Sequence[Release]) -> Iterator[Located]:
    """Yield what is wrong where a released framework or catalogue was changed."""
    known = {each.version: each for each in releases if each.id == framework.id}
    release = known.get(framework.version)
    if release is not None and release.sha256 != framework_digest(framework):
        yield (
            ("version",),
            f"version {framework.version} is released and frozen, but what it says was changed; "
            "undo the change, or begin the next version with `parvis packs next-version`",
        )
    if release is None and known and framework.version < max(known):
        yield ("version",), f"must be above {max(known)}, which is released"


def mapping_problems(framework: "Framework", former: "Framework") -> Iterator[Located]:
    """Yield what of the former version's answers the new version does not say how to move."""
    replaces = framework.replaces
    if replaces is None:
        return
    if replaces.version != former.version:
        yield ("replaces", "version"), f"must be {former.version}, the version before"
        return
    old, new = Names(former), Names(framework)
    for key in replaces.renamed:
        if key not in old.asked:
            yield ("replaces", "renamed", key), unknown("question before", key, old.asked)
    for row, key in enumerate(replaces.dropped):
        if key not in old.asked:
            yield ("replaces", "dropped", row), unknown("question before", key, old.asked)
    for name in old.asked:
        after = moved_name(name, replaces.renamed)
        if after in new.asked:
            yield from _kept_problems(name, after, old, new, replaces.levels)
        elif not {name, name.partition(".")[0]} & set(replaces.dropped):
            yield (
                ("replaces",),
                f"does not say what becomes of {name!r}: name it in renamed or dropped",
            )


def moved_name(name: str, renamed: Mapping[str, str]) -> str:
    """Return what a question or ``table.column`` is called after `renamed`."""
    if name in renamed:
        return renamed[name]
    table, dot, column = name.partition(".")
    return f"{renamed.get(table, table)}{dot}{column}"


def _kept_problems(
    name: str, after: str, old: Names, new: Names, levels: Mapping[str, Mapping[str, str]]
) -> Iterator[Located]:
    before_kind, kind = old.kind_of(name), new.kind_of(after)
    if before_kind != kind:
        yield (
            ("replaces",),
            f"{after!r} was of kind {before_kind} and is of kind {kind}: give it another key and "
            f"name {name!r} in dropped",
        )
    elif kind == "scale":
        _, question, column = old.asked[name]
        scale = (column or question).scale or ""
        operand = new.operand(after)
        known = operand.keys if operand is not None else ()
        before = old.operand(name)
        lost = [
            level
            for level in (before.keys if before is not None else ())
            if levels.get(scale, {}).get(level, level) not in known
        ]
        if lost:
            yield (
                ("replaces", "levels"),
                f"does not say what becomes of {listed(lost)} of the scale {scale!r} in {after!r}; "
                f"accepted are {listed(known)}",
            )
