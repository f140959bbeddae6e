"""
One file from which an installation can be put back as it was at one moment.

The rows are read from one snapshot of the database while people go on working; the files are
copied after it, since they are never changed once written. Keys are not in the backup.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from parvis import __version__
from parvis_web.audit.anchors import locked_anchors, write_anchors
from parvis_web.operation.archive import ArchiveWriter
from parvis_web.operation.rows import kept_models, rows_of, snapshot
from parvis_web.operation.services import record_backup
from parvis_web.runs.models import AnalysisRun, RunState

DATABASE = "database/"
FILES = "files/"
ANCHORS = "files/anchors/anchors.jsonl"
KEPT_FOLDERS = ("authorities", "translations")
"""Folders of the data directory that only people's work can fill; the anchors travel apart."""

LEFT_OUT = frozenset({"keys", "static", "mail", "metrics", "heartbeats"})
"""Folders that are secret, made anew by a command, or true of one moment only."""

_UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True)
class Written:
    """What a backup holds."""

    file: Path
    n_rows: int
    n_files: int
    n_vanished: int
    size: int
    seal: str


def write_backup(target: Path, actor: Any) -> Written:
    """
    Write a backup of everything to `target` and record that there is one.

    Raises
    ------
    parvis_web.operation.archive.BackupError
        With the sentence to show.
    """
    writer = ArchiveWriter(target)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".parvis-rows-") as folder:
            counts, unfinished = _dump(Path(folder), actor)
            for file in sorted(Path(folder).iterdir()):
                name = ANCHORS if file.name == "anchors.jsonl" else f"{DATABASE}{file.name}"
                writer.add(file, name)
        n_files, n_vanished = _copy_files(writer, _data_files(unfinished))
        seal = writer.finish(_facts(counts))
    except BaseException:
        writer.abandon()
        raise
    written = Written(
        target, sum(counts.values()), n_files, n_vanished, target.stat().st_size, seal
    )
    record_backup(actor, seal=seal, n_rows=written.n_rows, n_files=n_files)
    return written


def applied_migrations() -> dict[str, list[str]]:
    """Return the names of the migrations that this database has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def dump_rows(folder: Path) -> dict[str, int]:
    """Write one file per model into `folder`; return the number of rows by model."""
    counts = {}
    for model in kept_models():
        label = model._meta.label_lower
        with (folder / f"{label}.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            counts[label] = sum(bool(out.write(line)) for line in rows_of(model)) - 1
    return counts


def _dump(folder: Path, actor: Any) -> tuple[dict[str, int], set[Path]]:
    """
    Dump the rows and the anchors, the anchors first.

    Nobody adds anchors until the snapshot stands: it must not know of anchors that are not there.
    """
    write_anchors(actor)
    with ExitStack() as stack:
        with locked_anchors() as anchors:
            if anchors.exists():
                (folder / "anchors.jsonl").write_bytes(anchors.read_bytes())
            stack.enter_context(snapshot())
        return dump_rows(folder), set(_unfinished_run_folders())


def _unfinished_run_folders() -> Iterator[Path]:
    """Yield the folders in which runs are still writing; such a run begins anew."""
    unfinished = AnalysisRun.objects.filter(state__in=[RunState.QUEUED, RunState.RUNNING])
    for authority_id, run_id in unfinished.values_list("authority_id", "pk"):
        yield _authorities() / str(authority_id) / "runs" / str(run_id)


def _authorities() -> Path:
    return Path(settings.PARVIS_DATA) / "authorities"


def _data_files(left_out: set[Path]) -> Iterator[Path]:
    for kept in KEPT_FOLDERS:
        yield from _files_in(Path(settings.PARVIS_DATA) / kept, left_out)


def _files_in(top: Path, left_out: set[Path]) -> Iterator[Path]:
    for path, folders, names in os.walk(top):
        folder = Path(path)
        folders[:] = sorted(name for name in folders if folder / name not in left_out)
        for name in sorted(names):
            file = folder / name
            is_finished = not name.startswith(".") and file.suffix not in _UNFINISHED
            if is_finished and not file.is_symlink():
                yield file


def _copy_files(writer: ArchiveWriter, files: Iterable[Path]) -> tuple[int, int]:
    n_files = n_vanished = 0
    for file in files:
        name = file.relative_to(settings.PARVIS_DATA).as_posix()
        try:
            writer.add(file, f"{FILES}{name}")
            n_files += 1
        except FileNotFoundError:
            n_vanished += 1
    return n_files, n_vanished


def _facts(counts: dict[str, int]) -> dict[str, Any]:
    return {
        "parvis": __version__,
        "made": timezone.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": applied_migrations(),
        "rows": counts,
    }
