"""What do a form's texts say, in which languages."""

import re
from functools import cache
from typing import Any

from babel import Locale

from parvis.io.xlsform_sheets import FormRow, FormSheet

Said = dict[str, str]
"""A text by the code of its language."""


class FormTexts:
    """
    The texts of a form.

    Parameters
    ----------
    survey : FormSheet
    default : str
        What the form calls its default language, "" where it does not say.
    language : str
        Language of labels that name none.
    """

    def __init__(self, survey: FormSheet, default: str, language: str) -> None:
        self.language = self._primary(survey, default, language)
        self.unknown: dict[str, list[int]] = {}
        self.pending: list[Said] = []

    @staticmethod
    def _primary(survey: FormSheet, default: str, language: str) -> str:
        if said := language_code(default):
            return said
        labels = [where for name, where in survey.headers if name == "label"]
        if not labels or "" in labels:
            return language
        return next((code for where in labels if (code := language_code(where))), language)

    def words(self, row: FormRow, column: str) -> Said:
        """Return the texts of a cell by language code; those of unknown languages left out."""
        found: Said = {}
        for where, text in row.by_language(column).items():
            code = language_code(where) if where else self.language
            if code and (where or code not in found):
                found[code] = " ".join(_plain(text).split())
            elif not code:
                self.unknown.setdefault(f"{column}::{where}", []).append(row.number)
        return {code: text for code, text in found.items() if text}

    def named(self, row: FormRow, fallback: str) -> dict[str, Any]:
        """Return name and guidance with their translations; notes before it are guidance too."""
        labels = self.words(row, "label")
        hints = [*self.pending, *(self.words(row, column) for column in ("hint", "guidance_hint"))]
        self.pending.clear()
        own = labels.get(self.language) or next(iter(labels.values()), fallback)
        entry: dict[str, Any] = {"name": own}
        guidance = _joined(hints, self.language) or _joined(hints, next(iter(labels), ""))
        if guidance:
            entry["guidance"] = guidance
        others = {code for words in (labels, *hints) for code in words} - {self.language}
        i18n = {}
        for code in sorted(others):
            said = {"name": labels.get(code, ""), "guidance": _joined(hints, code)}
            i18n[code] = {key: text for key, text in said.items() if text}
        if i18n:
            entry["i18n"] = i18n
        return entry


@cache
def _codes() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, name in Locale("en").languages.items():
        if len(code) == 2:
            names[name.casefold()] = code
    for code in ("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it",
                 "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "uk"):  # fmt: skip
        names[(Locale(code).get_language_name(code) or code).casefold()] = code
    return names


def language_code(text: str) -> str:
    """
    Return the two letters of a language as forms name it, "" where it is not known.

    Examples
    --------
    >>> language_code("Polski (pl)"), language_code("english"), language_code("EN")
    ('pl', 'en', 'en')
    """
    plain = " ".join(text.split())
    found = re.fullmatch(r".*\(([A-Za-z]{2})(?:-[A-Za-z]+)?\)|([A-Za-z]{2})", plain)
    if found:
        return (found[1] or found[2]).lower()
    return _codes().get(plain.casefold(), "")


def _plain(text: str) -> str:
    """Return a text without references to answers and without the name of a loop's entry."""
    return re.sub(r"\$\{[^}]*\}|%\(\w+\)s", "…", text)


def _joined(words: list[dict[str, str]], code: str) -> str:
    return " ".join(said[code] for said in words if said.get(code))
