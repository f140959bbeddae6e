"""A tar file whose every member is vouched for by a sealed list at its end."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from parvis_web.audit.chain import canonical, keyed_digest

MANIFEST = "manifest.json"
FORMAT = 1
_ENDINGS = (".tar", ".tar.gz", ".tgz")
_PIECE = 2**20


class BackupError(Exception):
    """A backup cannot be written or put back; carries the sentence the administrator reads."""


class ArchiveWriter:
    """
    Writes the members, then the manifest, under a name of its own; renamed when complete.

    Parameters
    ----------
    target : Path
        ``….tar``, ``….tar.gz`` or ``….tgz``; must not exist yet.
    """

    def __init__(self, target: Path) -> None:
        if not target.name.endswith(_ENDINGS):
            raise BackupError(
                _("%(file)s: the name of a backup ends in .tar, .tar.gz or .tgz.")
                % {"file": target}
            )
        if target.exists():
            raise BackupError(_("%(file)s exists already; choose another name.") % {"file": target})
        if not target.parent.is_dir():
            raise BackupError(
                _("%(folder)s is not a folder; make it first.") % {"folder": target.parent}
            )
        self.members: dict[str, dict[str, Any]] = {}
        self._target = target
        self._part = target.with_name(f".{target.name}.part")
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._raw = os.fdopen(descriptor, "wb")
        self._out: Any = self._raw
        if target.suffix != ".tar":
            self._out = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=3)
        self._tar = tarfile.TarFile(fileobj=self._out, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, file: Path, name: str) -> None:
        """
        Add one file.

        Raises
        ------
        FileNotFoundError
            Where it is no longer there.
        BackupError
            Where it became shorter while it was read.
        """
        with file.open("rb") as content:
            about = os.fstat(content.fileno())
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = about.st_size, int(about.st_mtime), 0o600
            reader = _Digesting(content)
            try:
                self._tar.addfile(info, reader)
            except OSError as problem:
                if problem.errno is not None:
                    raise
                raise BackupError(
                    _("%(file)s changed while it was copied; start the backup again.")
                    % {"file": file}
                ) from None
        self.members[name] = {"size": info.size, "sha256": reader.digest.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> str:
        """Add the sealed manifest, give the file its name, return the seal."""
        manifest = {"format": FORMAT, **facts, "members": self.members}
        seal = keyed_digest(canonical(manifest))
        text = json.dumps(manifest | {"seal": seal}, indent=1, ensure_ascii=False).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self._tar.addfile(info, io.BytesIO(text))
        self._tar.close()
        if self._out is not self._raw:
            self._out.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        self._part.rename(self._target)
        return seal

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._raw.close()
        self._part.unlink(missing_ok=True)


@dataclass
class Unpacked:
    """What an archive held, unpacked and checked."""

    folder: Path
    manifest: dict[str, Any] = field(default_factory=dict)


def unpack(source: Path, folder: Path, *, is_expected: Callable[[str], bool]) -> Unpacked:
    """
    Unpack an archive into an empty folder and check every byte of it.

    Raises
    ------
    BackupError
        Where a member is missing, altered, unexpected, or the seal is not this installation's.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r:*") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or member.name in found or manifest:
                    raise _damaged(source, member.name)
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                elif is_expected(member.name) and _is_inside(member.name):
                    found[member.name] = _write(content, folder / member.name)
                else:
                    raise _damaged(source, member.name)
    except (tarfile.TarError, EOFError, OSError, ValueError) as problem:
        raise BackupError(
            _("%(file)s is not a complete backup: %(problem)s")
            % {"file": source, "problem": problem}
        ) from problem
    _check(source, manifest, found)
    return Unpacked(folder, manifest)


def _check(source: Path, manifest: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    if not manifest:
        raise BackupError(
            _("%(file)s is not a complete backup: it has no manifest.") % {"file": source}
        )
    if manifest.get("format") != FORMAT:
        raise BackupError(
            _("%(file)s has format %(found)s; this version reads format %(known)s.")
            % {"file": source, "found": manifest.get("format"), "known": FORMAT}
        )
    sealed = {name: value for name, value in manifest.items() if name != "seal"}
    if manifest.get("seal") != keyed_digest(canonical(sealed)):
        raise BackupError(
            _(
                "%(file)s was sealed with another audit key, or altered. "
                "Set PARVIS_AUDIT_KEY to the key of the installation that wrote it."
            )
            % {"file": source}
        )
    listed = manifest["members"]
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) != found.get(name):
            raise _damaged(source, name)


def _damaged(source: Path, name: str) -> BackupError:
    return BackupError(
        _("%(file)s: %(member)s is missing, altered or does not belong there.")
        % {"file": source, "member": name}
    )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _write(content: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader = _Digesting(content)
    size = 0
    with target.open("xb") as out:
        while piece := reader.read(_PIECE):
            size += out.write(piece)
    target.chmod(0o600)
    return {"size": size, "sha256": reader.digest.hexdigest()}


class _Digesting:
    """Passes on what is read and digests it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._content = content

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece
