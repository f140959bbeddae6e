"""
Where is kept what the public has been told: a register of releases that only grows.

``<home>/releases/0001.json`` and so on: each document holds the digest of the one before it
and its own, so that a changed or missing one is noticed. A withdrawal is a document too; what was
told stays known, and is taken into account by every release that follows.
"""

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from parvis.errors import InputError
from parvis.indicators.disclosure.release import Release, release_from
from parvis.io.home import home_directory
from parvis.io.store import disk_errors

FOLDER = "releases"
RELEASE, WITHDRAWAL = "release", "withdrawal"
_KEPT = {"number", "kind", "previous", "document", "digest"}


class RegisterBrokenError(InputError):
    """A document of the register is missing, damaged or changed; details: file, problem."""

    code = "release_register"


class RegisterMovedError(InputError):
    """Something was published since this was checked; details: release."""

    code = "release_moved"


class UnknownReleaseError(InputError):
    """There is no such release, or it is withdrawn already; details: name, known."""

    code = "unknown_release"


class WithdrawalReasonError(InputError):
    """A release is to be withdrawn without a reason; details: name."""

    code = "release_withdrawal_reason"


def releases(home: Path | None = None) -> tuple[Release, ...]:
    """
    Return all that was ever published, in order, withdrawn releases included.

    Raises
    ------
    RegisterBrokenError
    """
    return _releases(_documents(home))


def save_release(release: Release, *, home: Path | None = None) -> Release:
    """
    Publish: keep a release for good.

    Parameters
    ----------
    release : Release
        Its `previous` is the digest of the last release it was checked against.
    home : Path, optional

    Returns
    -------
    Release
        With its id and digest.

    Raises
    ------
    RegisterMovedError
        If there has been another release since; check again.
    RegisterBrokenError, DiskFullError, HomeNotWritableError
        Nothing is kept.
    """
    documents = _documents(home)
    there = _releases(documents)
    last = there[-1] if there else None
    if release.previous != (last.digest if last else ""):
        raise RegisterMovedError(release=last.id if last else "-")
    n = sum(each.day == release.day for each in there)
    named = replace(release, id=f"{release.day:%Y-%m-%d}-{n + 1}")
    kept = _add(documents, RELEASE, named.to_json(), home)
    return replace(named, previous=kept["previous"], digest=kept["digest"])


def withdraw_release(name: str, *, day: dt.date, reason: str, home: Path | None = None) -> Release:
    """
    Say that a release holds no longer; what it told stays known to everybody.

    Raises
    ------
    UnknownReleaseError, WithdrawalReasonError, RegisterBrokenError
    DiskFullError, HomeNotWritableError
    """
    documents = _documents(home)
    standing = {each.id: each for each in _releases(documents) if each.withdrawn is None}
    if name not in standing:
        raise UnknownReleaseError(name=name, known=", ".join(standing) or "-")
    if not reason.strip():
        raise WithdrawalReasonError(name=name)
    told = {"id": name, "day": day.isoformat(), "reason": reason.strip()}
    _add(documents, WITHDRAWAL, told, home)
    return replace(standing[name], withdrawn=day)


def head_digest(home: Path | None = None) -> str:
    """Return the digest of the register's last document, empty where there is none."""
    documents = _documents(home)
    return str(documents[-1]["digest"]) if documents else ""


def _releases(documents: Sequence[Mapping[str, Any]]) -> tuple[Release, ...]:
    found: dict[str, Release] = {}
    for each in documents:
        said = each["document"]
        try:
            if each["kind"] == WITHDRAWAL:
                day = dt.date.fromisoformat(said["day"])
                found[said["id"]] = replace(found[said["id"]], withdrawn=day)
            else:
                release = release_from(said)
                found[release.id] = replace(
                    release, previous=each["previous"], digest=each["digest"]
                )
        except (KeyError, TypeError, ValueError):
            raise RegisterBrokenError(file=_name(each), problem="cannot be read") from None
    return tuple(found.values())


def _documents(home: Path | None) -> list[dict[str, Any]]:
    """Return the documents in order, each checked to follow from the one before."""
    folder = home_directory(home) / FOLDER
    paths = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    found: list[dict[str, Any]] = []
    previous = ""
    for number, path in enumerate(paths, start=1):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise RegisterBrokenError(file=path.name, problem="cannot be read") from None
        if not isinstance(said, dict) or said.keys() != _KEPT:
            raise RegisterBrokenError(file=path.name, problem="cannot be read")
        if said["number"] != number:
            raise RegisterBrokenError(file=path.name, problem="follows a gap")
        if path.name != _name(said) or said["digest"] != _digest(said):
            raise RegisterBrokenError(file=path.name, problem="has been changed")
        if said["previous"] != previous:
            raise RegisterBrokenError(file=path.name, problem="does not follow the one before it")
        previous = said["digest"]
        found.append(said)
    return found


def _add(
    documents: Sequence[Mapping[str, Any]], kind: str, document: dict[str, Any], home: Path | None
) -> dict[str, Any]:
    """Write the next document; in one step, and never over another."""
    folder = home_directory(home) / FOLDER
    said: dict[str, Any] = {
        "number": len(documents) + 1,
        "kind": kind,
        "previous": documents[-1]["digest"] if documents else "",
        "document": document,
    }
    said["digest"] = _digest(said)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix=".", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(said, ensure_ascii=False, indent=1))
            try:
                os.link(fresh, folder / _name(said))
            except FileExistsError:
                raise RegisterMovedError(release=_name(said)) from None
        finally:
            with suppress(FileNotFoundError):
                Path(fresh).unlink()
    return said


def _name(said: Mapping[str, Any]) -> str:
    return f"{said['number']:04d}.json"


def _digest(said: Mapping[str, Any]) -> str:
    content = {key: said[key] for key in ("number", "kind", "previous", "document")}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
