"""Where themes of indicators are opened, checked beside what is released, and released."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.io.framework_files import releases_beside
from parvis.io.home import home_directory
from parvis.io.packs import pack_file_text
from parvis.packs.base import Located
from parvis.packs.errors import PackInvalidError
from parvis.packs.framework_versions import Release, release_problems, written_releases
from parvis.packs.frameworks import RELEASED, framework_digest
from parvis.packs.loader import compose, problems_text
from parvis.packs.themes import read_themes, shipped_themes

if TYPE_CHECKING:
    from parvis.packs.theme_models import Themes

OWN = "themes.yaml"
"""An authority's own themes in its home; they take the place of the shipped ones."""


def themes_of(home: Path | None = None) -> "Themes":
    """
    Return the themes that hold for the authority of a home.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If its own themes cannot be used.
    """
    path = home_directory(home) / OWN
    return read_theme_file(path) if path.is_file() else shipped_themes()


def read_theme_file(path: Path) -> "Themes":
    """
    Read the file of themes and check it beside what is released.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, cannot be read, breaks the rules of themes, or changes what is
        released.
    """
    text = pack_file_text(path)
    pack = read_themes(text, name=str(path))
    _refuse(path, text, list(release_problems(pack, releases_beside(path))))
    return pack


def is_theme_file(path: Path) -> bool:
    """Return whether a pack's file says that it holds themes."""
    return bool(re.search(r"^pack:\s*themes\s*(#.*)?$", pack_file_text(path), re.MULTILINE))


def release_themes(path: Path) -> Release:
    """
    Freeze themes: list their version and digest in the folder's ``released.yaml``.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file cannot be used, or its status is not ``current``.
    """
    pack = read_theme_file(path)
    if pack.status != "current":
        what = f"is {pack.status}; only themes whose status is current can be released"
        _refuse(path, pack_file_text(path), [(("status",), what)])
    made = Release(pack.id, pack.version, framework_digest(pack))
    releases = releases_beside(path)
    if made not in releases:
        text = written_releases([*releases, made])
        (path.parent / RELEASED).write_text(text, encoding="utf-8")
    return made


def _refuse(path: Path, text: str, found: list[Located]) -> None:
    if found:
        node = compose(text, str(path))
        raise PackInvalidError(file=str(path), problems=problems_text(node, found))
