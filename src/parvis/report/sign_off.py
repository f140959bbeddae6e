"""What does an adviser sign on paper: one version of a scenario, with the digest of all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.report.documents import compile_document


@dataclass(frozen=True)
class SheetTable:
    """
    A table of the sheet.

    Attributes
    ----------
    title, none : str
        Its heading, and what is said where it has no rows.
    head : sequence of str
    rows : sequence of sequence of str
    widths : sequence of {"auto", "rest"}
        One a column.
    """

    title: str
    none: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[str]


def sign_off_sheet(
    texts: Mapping[str, str],
    *,
    facts: Sequence[tuple[str, str]],
    tables: Sequence[SheetTable],
    fields: Sequence[str],
    digest: str,
    created: str,
    language: str,
) -> bytes:
    """
    Return the sheet as PDF/UA-1; every text is data to the typesetter and never code.

    Parameters
    ----------
    texts : mapping of str to str
        ``title``, ``author``, ``marking``, ``space``, ``intro``, ``footer``, ``page`` (with
        ``{number}`` and ``{total}``), ``fact``, ``value``,
        ``digest_title``, ``digest_meaning``, ``statement``.
    facts : sequence of (str, str)
    tables : sequence of SheetTable
    fields : sequence of str
        Labels of what is filled in by hand.
    digest : str
    created : str
        ISO date-time.
    language : str
        Two letters.
    """
    data: dict[str, Any] = {
        **{key: value for key, value in texts.items() if key not in ("fact", "value")},
        "description": texts["title"],
        "lang": language,
        "region": "GB" if language == "en" else language.upper(),
        "title_size": 18,
        "facts_head": [texts["fact"], texts["value"]],
        "facts": [list(pair) for pair in facts],
        "parts": [
            {
                "title": table.title,
                "none": table.none,
                "head": list(table.head),
                "rows": [list(row) for row in table.rows],
                "widths": list(table.widths),
            }
            for table in tables
        ],
        "fields": list(fields),
        "digest": " ".join(digest[start : start + 8] for start in range(0, len(digest), 8)),
        "created": created,
    }
    return compile_document("sign-off.typ", data, {})
