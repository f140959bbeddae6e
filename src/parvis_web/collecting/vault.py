"""
Where do protected data lie, and how are they unreadable in a copy of the disk?

Each set has a key of its own in the installation's folder of keys, which no backup holds. Once the
key is deleted, no copy of the content can be read any more, backups among them. The content is
AES-256-GCM in pieces; a piece is bound to its place and to being the last, so that nothing can be
moved or cut off unseen.
"""

import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from parvis.io.store import disk_errors
from parvis_web.collecting.errors import ProtectedGoneError
from parvis_web.config.data import authority_folder

_PIECE = 1 << 20
_TAG = 16


def lock_away(authority_id: UUID, item_id: UUID, chunks: Iterable[bytes]) -> None:
    """Keep content under a new key; nothing is left of it where that fails."""
    place, key_file = content_path(authority_id, item_id), _key_path(item_id)
    key = AESGCM.generate_key(256)
    try:
        with disk_errors(place):
            for file in (key_file, place):
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(key_file, [key])
            _write(place, _sealed(key, chunks))
    except BaseException:
        destroy(authority_id, item_id)
        raise


@contextmanager
def opened(authority_id: UUID, item_id: UUID, name: str) -> Iterator[Path]:
    """
    Give the content as a file for a moment, in a folder only this process's user reads.

    Raises
    ------
    ProtectedGoneError
        Where content or key are gone, or not those that were kept.
    """
    with tempfile.TemporaryDirectory(prefix="parvis-protected-") as folder:
        path = Path(folder) / name
        try:
            key = _key_path(item_id).read_bytes()
            with content_path(authority_id, item_id).open("rb") as stream:
                _write(path, _unsealed(key, stream))
        except (OSError, InvalidTag, ValueError):
            raise ProtectedGoneError(name=name) from None
        yield path


def destroy(authority_id: UUID, item_id: UUID) -> None:
    """Delete key and content."""
    for file in (_key_path(item_id), content_path(authority_id, item_id)):
        file.unlink(missing_ok=True)


def content_path(authority_id: UUID, item_id: UUID) -> Path:
    """Return where the sealed content lies."""
    return authority_folder(authority_id) / "protected" / str(item_id)


def _key_path(item_id: UUID) -> Path:
    return Path(settings.PARVIS_DATA) / "keys" / "protected" / str(item_id)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            for piece in pieces:
                target.write(piece)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _sealed(key: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    box, waiting, number = AESGCM(key), bytearray(), 0
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > _PIECE:
            yield box.encrypt(_nonce(number, is_last=False), bytes(waiting[:_PIECE]), None)
            del waiting[:_PIECE]
            number += 1
    yield box.encrypt(_nonce(number, is_last=True), bytes(waiting), None)


def _unsealed(key: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    box, number = AESGCM(key), 0
    read = stream.read
    piece = read(_PIECE + _TAG)
    while piece:
        following = read(_PIECE + _TAG)
        yield box.decrypt(_nonce(number, is_last=not following), piece, None)
        piece, number = following, number + 1
    if not number:
        raise ValueError("empty")
