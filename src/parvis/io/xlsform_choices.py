"""Which choices does a form have, and on which answers does it depend whether one is offered."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from parvis.io.xlsform_sheets import FormRefusedError, FormRow, FormSheet
from parvis.io.xlsform_texts import FormTexts
from parvis.io.xlsform_xpath import Known, any_holds, offered_where
from parvis.packs.conditions import Condition

_STATES = frozenset({"unknown", "not-applicable"})
_CHOICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_MEDIA = ("image", "audio", "video")
OTHER = "other"
OURS = "_ours"
"""Marks words that are not the form's; they are the same in all languages."""

Refuse = Callable[..., FormRefusedError]


class FormChoices:
    """
    The sheet of choices.

    Parameters
    ----------
    sheet : FormSheet, optional
    texts : FormTexts
    refuse : callable
        Gives the error for a row, a column and what is wrong with it.
    may_repeat : bool
        The form says that a choice may stand twice in a list, each for another answer before.
    """

    def __init__(
        self, sheet: FormSheet | None, texts: FormTexts, refuse: Refuse, *, may_repeat: bool
    ) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.left_out: dict[str, list[int]] = {}
        self._texts, self._refuse, self._may_repeat = texts, refuse, may_repeat
        self._rows: dict[tuple[str, str], list[FormRow]] = {}
        self._columns = {name for name, _ in sheet.headers} if sheet else set()
        for row in sheet.rows if sheet else ():
            self._read(row)

    def _read(self, row: FormRow) -> None:
        name, key = row.get("list_name"), row.get("name")
        if not name and not key:
            return
        if not name:
            raise self._refuse(row, "list_name", "it is empty", sheet="choices")
        if not _CHOICE_KEY.fullmatch(key):
            problem = "choices are called with letters, digits, - and _"
            raise self._refuse(row, "name", problem, sheet="choices")
        options = self.lists.setdefault(name, [])
        if key in _STATES:
            # Every question of a framework can be answered so; it is no choice of its own.
            self.left_out.setdefault(f"choice {key}", []).append(row.number)
            return
        entry = {"key": key, **self._texts.named(row, key)}
        entry.pop("guidance", None)
        there = next((option for option in options if option["key"] == key), None)
        if there is None:
            options.append(entry)
        elif not self._may_repeat or there != entry:
            problem = "a list cannot have the same choice twice"
            raise self._refuse(row, "name", problem, sheet="choices")
        self._rows.setdefault((name, key), []).append(row)
        for column in _MEDIA:
            if row.get(column):
                self.left_out.setdefault(column, []).append(row.number)

    def keys(self, name: str) -> tuple[str, ...]:
        """Return what the choices of a list are called."""
        return tuple(option["key"] for option in self.lists.get(name, ()))

    def add_other(self, name: str) -> None:
        """Add the choice "other" to a list that has none."""
        if name in self.lists and OTHER not in self.keys(name):
            self.lists[name].append({"key": OTHER, "name": "Other", OURS: True})

    def options(
        self, row: FormRow, name: str, known: Callable[[str], Known]
    ) -> list[dict[str, Any]]:
        """
        Return the choices of a question, with the conditions that its filter sets.

        Raises
        ------
        FormRefusedError
            If there is no such list, or the filter leaves none of it.
        XpathError
            If the filter says what no condition can say.
        """
        if not self.lists.get(name):
            raise self._refuse(row, "type", "the sheet choices has no such list")
        options = deepcopy(self.lists[name])
        text = row.get("choice_filter")
        if not text:
            return options
        kept = []
        for option in options:
            where = self._where(text, name, option["key"], known)
            if where is False:
                self.left_out.setdefault(f"choice {option['key']}", []).append(row.number)
                continue
            kept.append(option if where is True else {**option, "when": str(where)})
        if not kept:
            raise self._refuse(row, "choice_filter", "it offers none of the choices, ever")
        return kept

    def _where(
        self, text: str, name: str, key: str, known: Callable[[str], Known]
    ) -> Condition | bool:
        rows = self._rows.get((name, key), [FormRow(0, {("name", ""): key})])
        return any_holds(
            offered_where(text, known, {column: row.get(column) for column in self._columns})
            for row in rows
        )
