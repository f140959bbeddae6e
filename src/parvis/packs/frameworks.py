"""Which frameworks there are, shipped and of the authority."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.packs.errors import (
    FrameworkPlaceError,
    PackError,
    PackNotFoundError,
    PackUnreadableError,
    UnknownFrameworkError,
)
from parvis.packs.loader import pack_directory, validated

if TYPE_CHECKING:
    from parvis.packs.base import Pack
    from parvis.packs.framework_models import Framework

FOLDER = "frameworks"
FORMER = "former"
RELEASED = "released.yaml"
URN = "urn:parvis:framework:"


@dataclass(frozen=True, slots=True)
class FrameworkSummary:
    """
    What identifies a framework.

    Attributes
    ----------
    id, short_id : str
    version : int
    status : str
    name, description : str
    subject, marking : str
    texts : str
        ``complete``, or ``template``: its texts are to be loaded by the authority.
    n_questions : int
    is_own : bool
        Whether it is the authority's own file.
    """

    id: str
    short_id: str
    version: int
    status: str
    name: str
    description: str
    subject: str
    marking: str
    texts: str
    n_questions: int
    is_own: bool


def read_framework(text: str, *, name: str) -> "Framework":
    """
    Read a framework from the content of its file.

    Parameters
    ----------
    text : str
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or breaks the rules of frameworks; names every line and key.
    """
    from parvis.packs.framework_models import Framework

    return validated(text, Framework, name)


def load_framework(
    name_or_id: str, *, home: Path | None = None, version: int | None = None
) -> "Framework":
    """
    Return a framework by its short name or its id.

    Parameters
    ----------
    name_or_id : str
        E.g. ``site-vulnerability`` or ``urn:parvis:framework:site-vulnerability``.
    home : Path, optional
        Library home whose folder ``frameworks`` is looked into as well.
    version : int, optional
        A former version; the latest where None.

    Raises
    ------
    UnknownFrameworkError
        If there is none of that name and version.
    PackUnreadableError, PackInvalidError, FrameworkPlaceError
        If its file cannot be used.
    """
    place, is_own, short = _found(name_or_id, home)
    framework = _load(place, short, is_own=is_own)
    if version in (None, framework.version):
        return framework
    former = place / FORMER / f"{short}-{version}.yaml"
    if not former.is_file():
        known = ", ".join(framework_names(home))
        raise UnknownFrameworkError(name=f"{name_or_id}, version {version}", known=known)
    return read_framework(_text(former), name=str(former))


def framework_text(name_or_id: str, *, home: Path | None = None) -> str:
    """
    Return the content of a framework's file.

    Raises
    ------
    UnknownFrameworkError
        If there is none of that name.
    """
    place, _, short = _found(name_or_id, home)
    return _text(place / f"{short}.yaml")


def framework_names(home: Path | None = None) -> tuple[str, ...]:
    """Return the short names of all frameworks, those still without texts too, in order."""
    return tuple(sorted({name for place, _ in _places(home) for name in _names(place)}))


def frameworks(
    home: Path | None = None, *, with_templates: bool = False
) -> tuple[FrameworkSummary, ...]:
    """
    Return what identifies each framework, the authority's own first, then by short name.

    Own files that cannot be used are left out; `broken_frameworks` tells why.

    Parameters
    ----------
    home : Path, optional
        Library home whose folder ``frameworks`` is looked into as well.
    with_templates : bool, default False
        Whether to give those too whose texts are still to be loaded.
    """
    found: dict[str, FrameworkSummary] = {}
    for place, is_own in _places(home):
        for name in _names(place):
            if name in found:
                continue
            try:
                found[name] = _summary(_load(place, name, is_own=is_own), is_own=is_own)
            except PackError:
                if not is_own:
                    raise
    listed = sorted(found.values(), key=lambda each: (not each.is_own, each.short_id))
    return tuple(each for each in listed if with_templates or each.texts == "complete")


def broken_frameworks(home: Path) -> tuple[PackError, ...]:
    """Return why the authority's own files cannot be used, in order of their names."""
    found = []
    for place, is_own in _places(home):
        for name in _names(place) if is_own else ():
            try:
                _load(place, name, is_own=True)
            except PackError as error:
                found.append(error)
    return tuple(found)


def framework_digest(framework: "Pack") -> str:
    """
    Return the SHA-256 of what a framework or catalogue says, whatever its layout and status.

    Parameters
    ----------
    framework : Framework or Indicators
    """
    content = framework.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"status"}
    )
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _places(home: Path | None) -> list[tuple[Traversable, bool]]:
    """Return the folders of frameworks and whether each is the authority's own, own first."""
    shipped: list[tuple[Traversable, bool]] = [(pack_directory() / FOLDER, False)]
    return shipped if home is None else [(Path(home) / FOLDER, True), *shipped]


def _found(name_or_id: str, home: Path | None) -> tuple[Traversable, bool, str]:
    short = name_or_id.removeprefix(URN)
    for place, is_own in _places(home):
        if short in _names(place):
            return place, is_own, short
    known = ", ".join(framework_names(home)) or "none"
    raise UnknownFrameworkError(name=name_or_id, known=known)


def _names(place: Traversable) -> tuple[str, ...]:
    if not place.is_dir():
        return ()
    names = (file.name for file in place.iterdir() if file.is_file())
    return tuple(sorted(n[:-5] for n in names if n.endswith(".yaml") and n != RELEASED))


def _load(place: Traversable, short: str, *, is_own: bool) -> "Framework":
    if not is_own:
        return _shipped(short)
    file = Path(str(place)) / f"{short}.yaml"
    facts = file.stat()
    framework = _own(file, facts.st_mtime_ns, facts.st_size)
    if short in _names(pack_directory() / FOLDER) and _shipped(short).texts == "complete":
        why = f"the name {short} belongs to a framework of Parvis; choose another id and file name"
        raise FrameworkPlaceError(file=str(file), problem=why)
    return framework


@cache
def _shipped(short: str) -> "Framework":
    return _placed(pack_directory() / FOLDER / f"{short}.yaml")


@lru_cache(maxsize=64)
def _own(file: Path, changed: int, size: int) -> "Framework":  # noqa: ARG001 - part of the key
    return _placed(file)


def _placed(file: Traversable) -> "Framework":
    framework = read_framework(_text(file), name=str(file))
    if file.name != f"{framework.short_id}.yaml":
        problem = f"its id ends with {framework.short_id}: name it {framework.short_id}.yaml"
        raise FrameworkPlaceError(file=str(file), problem=problem)
    return framework


def _text(file: Traversable) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise PackNotFoundError(file=str(file)) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackUnreadableError(file=str(file), line=line, why="it is not UTF-8 text") from None


def _summary(framework: "Framework", *, is_own: bool) -> FrameworkSummary:
    return FrameworkSummary(
        id=framework.id,
        short_id=framework.short_id,
        version=framework.version,
        status=framework.status,
        name=framework.name,
        description=framework.description,
        subject=framework.subject,
        marking=framework.marking,
        texts=framework.texts,
        n_questions=len(framework.questions),
        is_own=is_own,
    )
