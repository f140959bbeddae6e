"""Where an authority's files lie."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


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
