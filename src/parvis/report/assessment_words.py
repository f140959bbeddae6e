"""How a framework's things and what was answered are called in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from parvis.assessment import Answer, Assessment, Interval, Item, items
from parvis.packs.base import Entry
from parvis.packs.framework_models import Framework
from parvis.report.wording import Wording


class AssessmentWords:
    """
    Names of everything an assessment's report speaks of.

    Parameters
    ----------
    assessment : Assessment
    wording : Wording
        Of the reader's language; what the framework does not say in it, is said in its own.
    """

    def __init__(self, assessment: Assessment, wording: Wording) -> None:
        self.framework: Framework = assessment.framework
        self.wording = wording
        self._answers = assessment.answers
        listed = items(self.framework, assessment.subject, assessment.lists)
        self.items: dict[str, Item] = {item.key: item for item in listed}
        self._entries = {
            (known.key, entry.key): self.name(entry)
            for known in self.framework.lists
            for entry in known.entries
        } | {
            (key, entry.key): entry.name
            for key, added in assessment.lists.items()
            for entry in added
        }

    def name(self, entry: Entry | Framework, field: str = "name") -> str:
        """Return a text of an entry in the reader's language, in its own where there is none."""
        own = entry.i18n.get(self.wording.language, {}).get(field)
        return own or str(getattr(entry, field, "") or "")

    def named(self, entries: Iterable[Any], key: str) -> str:
        """Return the name of the entry with a key; the key where there is none."""
        return next((self.name(entry) for entry in entries if entry.key == key), key)

    def place(self, lists: Sequence[str], at: Sequence[str]) -> str:
        """Return the names of a place's entries."""
        return " · ".join(self._entries.get(pair, pair[1]) for pair in zip(lists, at, strict=False))

    def entries(self, at: Sequence[str]) -> str:
        """Return the names of entries, whatever lists they are of."""
        known = {entry: name for (_, entry), name in self._entries.items()}
        return ", ".join(known.get(key, key) for key in at)

    def item(self, key: str) -> str:
        """Return the text of an item with its place."""
        if key.startswith("attribute."):
            return self.named(self.framework.attributes, key.removeprefix("attribute."))
        if key not in self.items:
            return key
        item = self.items[key]
        table = f"{self.name(item.table)}: " if item.table else ""
        where = self.place(item.lists, item.at)
        return f"{table}{self.name(item.question)}{f' ({where})' if where else ''}"

    def reference(self, of: str) -> str:
        """Return what a reference means: a section, a score or a question."""
        kind, sign, key = of.partition(":")
        if kind == "section":
            return self.named(self.framework.sections, key)
        if kind == "score":
            return self.named(self.framework.scores, key)
        return key if sign else self.item(of)

    def said(self, name: str) -> str:
        """Return in words everything that was answered to a question, wherever it is asked."""
        values = [
            self.value(self.items[answer.item], answer)
            for answer in self._answers
            if answer.question == name and answer.item in self.items
        ]
        return "; ".join(dict.fromkeys(values))

    def value(self, item: Item, answer: Answer) -> str:
        """Return what an answer says."""
        if answer.state != "answered":
            return self.wording(f"assessment.states.{answer.state}")
        value = answer.value
        match value:
            case Interval(low, high):
                return self.wording(
                    "assessment.range", low=self._one(item, low), high=self._one(item, high)
                )
            case (float() | int() as longitude, float() | int() as latitude):
                return f"{latitude:.5f}, {longitude:.5f}"
            case tuple():
                chosen = [self._one(item, part) for part in value]
                return ", ".join(chosen) or self.wording("assessment.none")
            case None:
                return self.wording("assessment.photos", count=len(answer.evidence))
            case _:
                return self._one(item, value)

    def _one(self, item: Item, value: object) -> str:
        question = item.question
        if question.scale:
            return self.named(self.framework.scale(question.scale).levels, str(value))
        if isinstance(value, int | float):
            digits = 0 if float(value).is_integer() else 2
            unit = question.i18n.get(self.wording.language, {}).get("unit") or question.unit
            return f"{self.wording.number(value, digits)} {unit}".strip()
        if isinstance(value, dt.date):
            return self.wording.date(value.isoformat())
        return self.named(question.options, str(value))
