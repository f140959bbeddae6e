"""Where files of frameworks are checked beside their former versions, released and continued."""

import re
from collections.abc import Iterable
from pathlib import Path

from parvis.packs.base import Located
from parvis.packs.errors import PackInvalidError
from parvis.packs.framework_models import Framework
from parvis.packs.framework_versions import (
    Release,
    mapping_problems,
    read_releases,
    release_problems,
    written_releases,
)
from parvis.packs.frameworks import FORMER, RELEASED, framework_digest, read_framework
from parvis.packs.loader import compose, problems_text


def read_framework_file(path: Path) -> Framework:
    """
    Read a framework's file and check it beside its former versions.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file is missing, cannot be read, breaks the rules of frameworks, changes what is
        released, or does not say how answers of the version before move on.
    """
    from parvis.io.packs import pack_file_text

    text = pack_file_text(path)
    framework = read_framework(text, name=str(path))
    _refuse(path, text, release_problems(framework, releases_beside(path)))
    former = _former(path, framework)
    if former is not None:
        _refuse(path, text, mapping_problems(framework, former))
    return framework


def releases_beside(path: Path) -> tuple[Release, ...]:
    """Return the releases listed in a framework's folder."""
    listed = path.parent / RELEASED
    if not listed.is_file():
        return ()
    return read_releases(listed.read_text(encoding="utf-8"), name=str(listed))


def release(path: Path) -> Release:
    """
    Freeze a framework: list its version and digest in the folder's ``released.yaml``.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file cannot be used, or its status is not ``current``.
    """
    from parvis.io.packs import pack_file_text

    framework = read_framework_file(path)
    if framework.status != "current":
        what = f"is {framework.status}; only a framework whose status is current can be released"
        _refuse(path, pack_file_text(path), [(("status",), what)])
    made = Release(framework.id, framework.version, framework_digest(framework))
    releases = releases_beside(path)
    if made not in releases:
        text = written_releases([*releases, made])
        (path.parent / RELEASED).write_text(text, encoding="utf-8")
    return made


def next_version(path: Path) -> Path:
    """
    Begin the next version of a released framework; returns where the former one is kept.

    The file keeps its layout and comments: `version` rises, `status` becomes draft, and `replaces`
    names the version before.

    Raises
    ------
    PackNotFoundError, PackUnreadableError, PackInvalidError
        If the file cannot be used, or its version is not released.
    """
    from parvis.io.packs import pack_file_text

    framework = read_framework_file(path)
    text = pack_file_text(path)
    if framework.version not in {e.version for e in releases_beside(path) if e.id == framework.id}:
        what = "is not released: it can be changed as it is (`parvis packs release` freezes it)"
        _refuse(path, text, [(("version",), what)])
    former = path.parent / FORMER / f"{framework.short_id}-{framework.version}.yaml"
    former.parent.mkdir(exist_ok=True)
    former.write_text(text, encoding="utf-8")
    path.write_text(_continued(text, str(path), framework.version), encoding="utf-8")
    return former


def _continued(text: str, name: str, version: int) -> str:
    lines = text.splitlines(keepends=True)
    starts = {key.value: key.start_mark.line for key, _ in compose(text, name).value}
    after = sorted([*starts.values(), len(lines)])
    if "replaces" in starts:
        end = after[after.index(starts["replaces"]) + 1]
        lines[starts["replaces"] : end] = [""] * (end - starts["replaces"])
    at = starts["version"]
    lines[at] = re.sub(r"\d+", str(version + 1), lines[at], count=1)
    at = starts["status"]
    lines[at] = re.sub(r"status:\s*\S+", "status: draft", lines[at], count=1)
    lines[at] += f"replaces:\n  version: {version}\n"
    return "".join(lines)


def _former(path: Path, framework: Framework) -> Framework | None:
    if framework.replaces is None:
        return None
    name = f"{framework.short_id}-{framework.replaces.version}.yaml"
    former = path.parent / FORMER / name
    if not former.is_file():
        return None
    return read_framework(former.read_text(encoding="utf-8"), name=str(former))


def _refuse(path: Path, text: str, problems: Iterable[Located]) -> None:
    found = list(problems)
    if found:
        node = compose(text, str(path))
        raise PackInvalidError(file=str(path), problems=problems_text(node, found))
