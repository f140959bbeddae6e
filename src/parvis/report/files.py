"""How a report reaches the disk without ever leaving half a file behind."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from parvis.errors import InputError


class OutputNotWritableError(InputError):
    """A file of the report cannot be written where it was asked for."""

    code: ClassVar[str] = "output_not_writable"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """
    Give a temporary path beside `path`; it takes the place of `path` only when all went well.

    Parameters
    ----------
    path : Path
        Where the finished file shall lie; its directory is made if it is missing.

    Yields
    ------
    Path
        A file name that does not exist yet, with the same suffix, in the same directory.

    Raises
    ------
    OutputNotWritableError
        If the directory or the file cannot be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".parvis-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            yield draft
            draft.replace(path)
    except OSError as error:
        if error.errno is None:
            raise
        raise OutputNotWritableError(
            path=str(path), reason=os.strerror(error.errno).lower(), errno=errno_name(error.errno)
        ) from error


def check_folder(path: Path) -> None:
    """
    Raise where `path` cannot be a folder to write to, before anything is computed.

    Raises
    ------
    OutputNotWritableError
        If `path`, or what it would lie in, is a file.
    """
    there = next(place for place in (path, *path.parents) if place.exists())
    if not there.is_dir():
        raise OutputNotWritableError(
            path=str(path), reason=f"{there} is a file, and a folder is needed", errno="ENOTDIR"
        )


def check_file(path: Path) -> None:
    """
    Raise where `path` cannot be a file to write, before anything is computed.

    Raises
    ------
    OutputNotWritableError
        If `path` is a folder, or what it would lie in is a file.
    """
    if path.is_dir():
        raise OutputNotWritableError(
            path=str(path), reason="it is a folder, and a file name is needed", errno="EISDIR"
        )
    check_folder(path.parent)


def errno_name(number: int) -> str:
    """Return the symbol of an operating system error, e.g. ``"ENOSPC"``."""
    return errno.errorcode.get(number, str(number))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write `content` to `path` whole or not at all, and return `path`."""
    with written_whole(path) as draft:
        draft.write_bytes(content)
    return path
