"""What the shell of a walk consists of: files that hold nothing of any authority."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from parvis import __version__
from parvis_web.walks.words import words

SCRIPT, STYLE, THEME, ICON = (
    f"parvis/{name}" for name in ("walk.js", "walk-style.css", "theme.js", "icon.svg")
)
WORKER = "parvis/walk-worker.js"
FONTS = "parvis/fonts"


def shell_files() -> list[str]:
    """Return the addresses of everything the shell needs, its page first."""
    names = [SCRIPT, STYLE, THEME, ICON, *_fonts()]
    return [
        reverse("walk:shell"),
        reverse("walk:manifest"),
        *(static(name) for name in names if found(name)),
    ]


def version() -> str:
    """Return what tells one shell from another; also of the language it speaks."""
    digest = hashlib.sha256(f"{__version__} {get_language()}".encode())
    digest.update(json.dumps(words(), sort_keys=True).encode())
    for name in (SCRIPT, STYLE, THEME, ICON, WORKER, *_fonts()):
        path = found(name)
        if path is not None:
            digest.update(_digest(str(path), path.stat().st_mtime_ns))
    return digest.hexdigest()[:16]


def shell_document() -> dict[str, Any]:
    """Return version and files of the shell."""
    return {"version": version(), "files": shell_files()}


def found(name: str) -> Path | None:
    """Return where a static file lies, None where it was not built."""
    path = finders.find(name)
    return Path(path) if isinstance(path, str) else None


def _fonts() -> list[str]:
    folder = found(FONTS)
    if folder is None:
        return []
    return [f"{FONTS}/{path.name}" for path in sorted(folder.glob("*.woff2"))]


@lru_cache(maxsize=256)
def _digest(path: str, changed: int) -> bytes:
    del changed
    return hashlib.sha256(Path(path).read_bytes()).digest()
