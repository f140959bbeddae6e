"""
What has the city itself translated, and what of it has nobody reviewed?

Below ``PARVIS_DATA/translations``, one folder a language: ``LC_MESSAGES/django.mo`` for the pages,
``council.yaml`` for the council paper, ``translations.json`` with every text and how far it is.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from parvis.report.wording import LANGUAGES, own_texts
from parvis_web.config.languages import NAMES

KEPT = "translations.json"
PAGES = "pages"
PAPER = "paper"


def folder_of(language: str) -> Path:
    """Return where the city's own translations of a language lie."""
    return Path(settings.PARVIS_DATA) / "translations" / language


@cache
def drafts_of(language: str) -> dict[str, int]:
    """Return how many texts of the pages and of the paper nobody has reviewed; read at start."""
    try:
        content = (folder_of(language) / KEPT).read_text(encoding="utf-8")
    except OSError:
        return {}
    drafts = json.loads(content)["drafts"]
    return {str(part): int(number) for part, number in drafts.items()}


def has_drafts(language: str) -> bool:
    """Tell whether the pages show machine translations that nobody has reviewed."""
    return drafts_of(language).get(PAGES, 0) > 0


def paper_languages() -> list[str]:
    """Return the languages of the council paper: the library's and those the city added."""
    return [code for code in NAMES if code in LANGUAGES or own_texts(folder_of(code))]
