"""Putting a backup back: first everything is checked, then everything is replaced or nothing."""

import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.objects import held_above
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.verification import Finding, verify_everything
from parvis_web.operation.archive import BackupError, unpack
from parvis_web.operation.backup import (
    ANCHORS,
    DATABASE,
    FILES,
    KEPT_FOLDERS,
    applied_migrations,
)
from parvis_web.operation.rows import (
    delete_rows,
    insert_rows,
    kept_models,
    renew_statistics,
    reset_sequences,
)
from parvis_web.operation.services import record_restore

_FOLDERS = (*KEPT_FOLDERS, "anchors")


@dataclass(frozen=True)
class Restored:
    """What was put back, what is wrong with its audit chains, where the old files are."""

    n_rows: int
    made: str
    findings: list[Finding]
    old_files: Path | None


def restore_backup(source: Path, actor: Any, *, replaces: bool = False) -> Restored:
    """
    Put back what `source` holds; web and worker are stopped meanwhile.

    Parameters
    ----------
    source : Path
        A file that `write_backup` wrote with the same audit key.
    actor : InstanceActor
    replaces : bool
        Whether an installation that is not empty is replaced; its files are kept aside.

    Raises
    ------
    parvis_web.operation.archive.BackupError
        With the sentence to show; then nothing has changed.
    """
    if not replaces and not _is_empty():
        raise BackupError(
            _(
                "This installation is not empty. Restore into a new one, or add --replace to "
                "replace everything in it; its files are then kept aside."
            )
        )
    data = Path(settings.PARVIS_DATA)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=data, prefix="restore-") as folder:
        unpacked = unpack(source, Path(folder), is_expected=_is_expected)
        _check_version(source, unpacked.manifest)
        n_rows = _put_rows_back(unpacked.folder / DATABASE)
        renew_statistics()
        old_files = _put_files_back(unpacked.folder / FILES)
    findings = verify_everything()
    record_restore(actor, seal=unpacked.manifest["seal"], n_rows=n_rows)
    return Restored(n_rows, unpacked.manifest["made"], findings, old_files)


def _is_empty() -> bool:
    if any(model.objects.exists() for model in (Authority, User, AuditEvent)):
        return False
    folder = Path(settings.PARVIS_DATA) / "authorities"
    return not folder.is_dir() or not any(folder.iterdir())


def _is_expected(name: str) -> bool:
    labels = {f"{DATABASE}{model._meta.label_lower}.jsonl" for model in kept_models()}
    folders = tuple(f"{FILES}{folder}/" for folder in KEPT_FOLDERS)
    return name in labels or name == ANCHORS or name.startswith(folders)


def _check_version(source: Path, manifest: dict[str, Any]) -> None:
    if manifest["migrations"] != applied_migrations():
        raise BackupError(
            _(
                "%(file)s was written by Parvis %(theirs)s, whose database has another form than "
                "that of Parvis %(ours)s here. Install Parvis %(theirs)s, restore, then upgrade."
            )
            % {"file": source, "theirs": manifest["parvis"], "ours": __version__}
        )


def _put_rows_back(folder: Path) -> int:
    n_rows = 0
    with transaction.atomic(durable=True):
        delete_rows()
        for model in kept_models():
            file = folder / f"{model._meta.label_lower}.jsonl"
            if file.exists():
                with file.open(encoding="utf-8", newline="\n") as lines:
                    n_rows += insert_rows(model, lines)
        if kinds := held_above():
            raise BackupError(
                _(
                    "This is the installation of a network: it holds TLP:CLEAR and TLP:GREEN only. "
                    "The backup holds objects marked higher: %(kinds)s."
                )
                % {"kinds": ", ".join(kinds)}
            )
        reset_sequences()
    return n_rows


def _put_files_back(folder: Path) -> Path | None:
    data = Path(settings.PARVIS_DATA)
    name = f"before-restore-{timezone.now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    old_files = data / name
    for kind in _FOLDERS:
        if (data / kind).exists():
            old_files.mkdir(exist_ok=True, mode=0o700)
            (data / kind).rename(old_files / kind)
        if (folder / kind).exists():
            shutil.move(folder / kind, data / kind)
    return old_files if old_files.exists() else None
