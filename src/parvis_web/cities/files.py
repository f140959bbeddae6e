"""Where do the files lie that a city was made from, and how do they come there."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from parvis.io.osm_read import SUFFIXES as EXTRACT_ENDINGS
from parvis.io.store import disk_errors
from parvis_web.cities.errors import UploadContentError, UploadKindError, UploadTooLargeError
from parvis_web.config import env
from parvis_web.config.data import authority_folder

BOUNDARY_ENDINGS = (".geojson", ".json", ".gpkg", ".zip")
LAYER_ENDINGS = (".gpkg", ".geojson", ".json", ".zip", ".dxf", ".csv", ".xlsx")
TEXT_ENDINGS = (".yaml", ".yml", ".json", ".csv", ".txt")
SMALL = 100 * 2**20
"""Largest boundary or layer. [byte]"""
MOST_UNPACKED_SMALL = 500 * 2**20
"""Most that a packed boundary or layer may hold. [byte]"""
UNPACKED_FACTOR = 10
"""A packed extract may hold so many times what an extract may be large."""
HEAD = 256


@dataclass(frozen=True)
class KeptFile:
    """A file of the authority: the name its owner gave it, its digest, ending and size."""

    name: str
    digest: str
    ending: str
    size: int

    def path(self, authority_id: UUID) -> Path:
        """Return where it lies."""
        return kept_path(authority_id, self.digest, self.ending)


def kept_path(authority_id: UUID, digest: str, ending: str) -> Path:
    """Return where a file of that digest lies."""
    folder = authority_folder(authority_id) / "city-files"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{digest}{ending}"


def ending_of(name: str, accepted: tuple[str, ...], what: str) -> str:
    """Return the ending of a file's own name, longest first; raise where it is none of ours."""
    lower = name.lower()
    for ending in sorted(accepted, key=len, reverse=True):
        if lower.endswith(ending):
            return ".osm.pbf" if ending == ".pbf" else ending
    raise UploadKindError(file=name, what=what, accepted=", ".join(accepted))


def shown_name(name: str | None) -> str:
    """Return the last part of a file's own name, as data to show."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[:200] or "file"


def keep_upload(
    authority_id: UUID, upload: UploadedFile, *, accepted: tuple[str, ...], what: str, most: int
) -> KeptFile:
    """
    Put an upload where the authority's files lie, named by its digest.

    Raises
    ------
    UploadTooLargeError, UploadKindError, UploadContentError
    """
    name = shown_name(upload.name)
    if (upload.size or 0) > most:
        raise UploadTooLargeError(file=name, limit=most // 2**20)
    return _keep(authority_id, name, upload.chunks(), accepted, what)


def keep_server_file(authority_id: UUID, name: str) -> KeptFile:
    """Put a file of the import folder, named in its list, where the authority's files lie."""
    source = next((path for path in server_files() if path.name == name), None)
    if source is None:
        raise UploadKindError(file=name, what="file of the list", accepted="…")
    if source.stat().st_size > settings.PARVIS_UPLOAD_LIMIT:
        raise UploadTooLargeError(file=name, limit=settings.PARVIS_UPLOAD_LIMIT // 2**20)
    with source.open("rb") as stream:
        chunks = iter(lambda: stream.read(1 << 20), b"")
        return _keep(authority_id, name, chunks, EXTRACT_ENDINGS, EXTRACT)


EXTRACT = "OpenStreetMap extract"


def server_files() -> list[Path]:
    """Return the extracts that whoever runs the installation laid ready, by name."""
    folder = env.text("PARVIS_IMPORT_DIR")
    if not folder or not Path(folder).is_dir():
        return []
    found = [
        path
        for path in Path(folder).iterdir()
        if path.is_file() and not path.is_symlink() and path.name.lower().endswith(EXTRACT_ENDINGS)
    ]
    return sorted(found, key=lambda path: path.name)


def _keep(
    authority_id: UUID, name: str, chunks: Iterable[bytes], accepted: tuple[str, ...], what: str
) -> KeptFile:
    ending = ending_of(name, accepted, what)
    digest, size, head = hashlib.sha256(), 0, b""
    fresh = kept_path(authority_id, f".{secrets.token_hex(8)}", ending)
    try:
        with disk_errors(fresh), fresh.open("xb") as target:
            fresh.chmod(0o600)
            for chunk in chunks:
                if len(head) < HEAD:
                    head = (head + chunk)[:HEAD]
                    if len(head) >= HEAD:
                        _check_head(name, ending, head, what)
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        _check_head(name, ending, head, what)
        kept = KeptFile(name, digest.hexdigest(), ending, size)
        fresh.replace(kept.path(authority_id))
    finally:
        fresh.unlink(missing_ok=True)
    return kept


def _check_head(name: str, ending: str, head: bytes, what: str) -> None:
    """Raise where a file's first bytes are not those of its ending."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_right = {
        ".osm.pbf": b"OSMHeader" in head[:64],
        ".osm": text.startswith((b"<?xml", b"<osm")),
        ".osm.gz": head.startswith(b"\x1f\x8b"),
        ".osm.bz2": head.startswith(b"BZh"),
        ".gpkg": head.startswith(b"SQLite format 3\x00"),
        ".zip": head.startswith(b"PK"),
        ".xlsx": head.startswith(b"PK"),
        ".geojson": text.startswith((b"{", b"[")),
        ".dxf": b"\x00" not in head or head.startswith(b"AutoCAD Binary DXF"),
    }.get(ending, b"\x00" not in head)
    if not is_right:
        raise UploadContentError(file=name, what=what)
