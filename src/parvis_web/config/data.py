"""Where do an authority's files lie, and who sends them?"""

import hashlib
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse


def sent_by_server(path: Path, media_type: str) -> HttpResponse | None:
    """
    Let the web server in front send a file of the data directory, ranges and all.

    Returns
    -------
    HttpResponse or None
        None where no server in front does that: the caller sends the file itself.
    """
    prefix = settings.PARVIS_ACCEL_PREFIX.rstrip("/")
    if not prefix:
        return None
    relative = path.relative_to(Path(settings.PARVIS_DATA)).as_posix()
    response = HttpResponse(content_type=media_type)
    response.headers["X-Accel-Redirect"] = f"{prefix}/{quote(relative)}"
    return response


def authority_folder(authority_id: UUID) -> Path:
    """Return the folder of everything an authority keeps in files, made if missing."""
    folder = Path(settings.PARVIS_DATA) / "authorities" / str(authority_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def library_home(authority_id: UUID) -> Path:
    """Return the library's data directory of an authority: its cities lie there."""
    return authority_folder(authority_id) / "home"


def run_folder(authority_id: UUID, run_id: UUID) -> Path:
    """Return the folder of a run's files, made if missing."""
    folder = authority_folder(authority_id) / "runs" / str(run_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def stored_file(authority_id: UUID, digest: str) -> Path:
    """
    Return where a file of an authority lies, by the SHA-256 of its content.

    Raises
    ------
    ValueError
        If `digest` is not the SHA-256 in hexadecimal.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError(digest)
    return authority_folder(authority_id) / "files" / digest[:2] / digest


def store_file(authority_id: UUID, content: bytes) -> str:
    """Keep `content` among an authority's files and return its SHA-256; the same is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    target = stored_file(authority_id, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=target.parent, delete=False) as draft:
            draft.write(content)
        Path(draft.name).replace(target)
    return digest
