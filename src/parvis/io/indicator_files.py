"""Where catalogues of indicators are opened, checked beside former versions and released."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.io.framework_files import releases_beside
from parvis.io.home import home_directory
from parvis.io.packs import pack_file_text
from parvis.packs.base import Located
from parvis.packs.errors import PackInvalidError
from parvis.packs.framework_versions import Release, release_problems, written_releases
from parvis.packs.frameworks import FORMER, RELEASED, framework_digest
from parvis.packs.indicators import Catalogue, catalogue, read_indicator_pack
from parvis.packs.loader import compose, line_of, problems_text

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicators

OWN = "indicators.yaml"
"""An authority's own catalogue in its home."""


def own_catalogue(home: Path | None = None) -> "Indicators | None":
    """
    Return what the authority switches off, overrides and adds; None where it has no file.

    Raises
    ------
    PackUnreadableError, PackInvalidError
    """
    path = home_directory(home) / OWN
    return read_indicator_file(path) if path.is_file() else None


def own_text(home: Path | None = None) -> str:
    """Return the text of the authority's own catalogue."""
    return pack_file_text(home_directory(home) / OWN)


def catalogue_of(home: Path | None = None) -> Catalogue:
    """
    Return the indicators that hold for the authority of a home.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If its own catalogue cannot be used.
    """
    return catalogue(own_catalogue(home))


def read_indicator_file(path: Path) -> "Indicators":
    """
    Read a catalogue's file and check it beside its former versions.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, cannot be read, breaks the rules of catalogues, changes what is
        released, or changes a definition without a new version of it.
    """
    from parvis.packs.indicator_checks import version_problems

    text = pack_file_text(path)
    pack = read_indicator_pack(text, name=str(path))
    _refuse(path, text, release_problems(pack, releases_beside(path)))
    former = _former(path, pack.version - 1)
    if former.is_file():
        before = read_indicator_pack(pack_file_text(former), name=str(former))
        _refuse(path, text, version_problems(pack, before))
    return pack


def is_indicator_file(path: Path) -> bool:
    """Return whether a pack's file says that it is a catalogue of indicators."""
    text = pack_file_text(path)
    return bool(re.search(r"^pack:\s*indicators\s*(#.*)?$", text, re.MULTILINE))


def release_catalogue(path: Path) -> Release:
    """
    Freeze a catalogue: list its version and digest in the folder's ``released.yaml``.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file cannot be used, or its status is not ``current``.
    """
    pack = read_indicator_file(path)
    if pack.status != "current":
        what = f"is {pack.status}; only a catalogue whose status is current can be released"
        _refuse(path, pack_file_text(path), [(("status",), what)])
    made = Release(pack.id, pack.version, framework_digest(pack))
    releases = releases_beside(path)
    if made not in releases:
        text = written_releases([*releases, made])
        (path.parent / RELEASED).write_text(text, encoding="utf-8")
    return made


def next_catalogue(path: Path) -> Path:
    """
    Begin the next version of a released catalogue; returns where the former one is kept.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file cannot be used, or its version is not released.
    """
    pack = read_indicator_file(path)
    text = pack_file_text(path)
    if pack.version not in {each.version for each in releases_beside(path) if each.id == pack.id}:
        what = "is not released: it can be changed as it is (`parvis packs release` freezes it)"
        _refuse(path, text, [(("version",), what)])
    former = _former(path, pack.version)
    former.parent.mkdir(exist_ok=True)
    former.write_text(text, encoding="utf-8")
    node = compose(text, str(path))
    lines = text.splitlines(keepends=True)
    for key, value in (("version", str(pack.version + 1)), ("status", "draft")):
        lines[line_of(node, (key,)) - 1] = f"{key}: {value}\n"
    path.write_text("".join(lines), encoding="utf-8")
    return former


def _former(path: Path, version: int) -> Path:
    return path.parent / FORMER / f"{path.stem}-{version}.yaml"


def _refuse(path: Path, text: str, problems: Iterable[Located]) -> None:
    found = list(problems)
    if found:
        node = compose(text, str(path))
        raise PackInvalidError(file=str(path), problems=problems_text(node, found))
