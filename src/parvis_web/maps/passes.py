"""
Who was let through to a base map a moment ago?

A map asks for a dozen tiles at once. The first is checked in full; for the next few seconds the
same session passes to the same base map without being looked up again. A base map holds the
extract's content alone: what an authority adds to it is an overlay, checked at every request.
"""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


def known_path(request: HttpRequest, slug: str, city_id: UUID) -> Path | None:
    """Return the base map that this session was let through to a moment ago, or None."""
    key = _key(request, slug, city_id)
    path = caches["moment"].get(key) if key else None
    return Path(path) if path else None


def let_through(request: HttpRequest, slug: str, city_id: UUID, path: Path) -> None:
    """Remember for a moment that this session may see a base map."""
    if key := _key(request, slug, city_id):
        caches["moment"].set(key, str(path))


def _key(request: HttpRequest, slug: str, city_id: UUID) -> str:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not session:
        return ""
    return sha256(f"{session}\0{slug}\0{city_id}".encode()).hexdigest()
