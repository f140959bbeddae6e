"""
What has the city itself translated, and what of it has nobody reviewed?

Below ``PARVIS_DATA/translations``, one folder a language: ``LC_MESSAGES/django.mo`` for the pages,
``council.yaml`` for the council paper, ``drafts.json`` with the number of unreviewed texts of each.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

DRAFTS = "drafts.json"
PAGES = "pages"
PAPER = "paper"


def folder_of(language: str) -> Path:
    """Return where the city's own translations of a language lie."""
    return Path(settings.PARVIS_DATA) / "translations" / language


@cache
def drafts_of(language: str) -> dict[str, int]:
    """Return how many texts of the pages and of the paper nobody has reviewed; read at start."""
    try:
        content = (folder_of(language) / DRAFTS).read_text(encoding="utf-8")
    except OSError:
        return {}
    return {str(part): int(number) for part, number in json.loads(content).items()}


def has_drafts(language: str) -> bool:
    """Tell whether the pages show machine translations that nobody has reviewed."""
    return drafts_of(language).get(PAGES, 0) > 0
