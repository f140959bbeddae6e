"""What follows from what is held: is a condition true, is an item asked; worked out once."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from parvis.assessment.answers import check_answer
from parvis.assessment.held import (
    MISSING,
    NUMBERS,
    UNORDERED,
    Held,
    compared,
    held,
    number_or_day,
)
from parvis.assessment.model import SETTLED, Answer, Assessment, Item
from parvis.assessment.sheet import Place, Sheet, agrees
from parvis.packs.conditions import (
    And,
    Compare,
    Condition,
    Not,
    Or,
    Reached,
    State,
    comparisons,
)

T = TypeVar("T")
Node = tuple[Any, ...]
Truth = bool | None
AnswersByItem = Mapping[str, list[Answer]]
ANSWERED = ("answered", "unsettled")
"""States of items to which somebody has given a value."""


class Reading:
    """
    Conditions read over what is held of every item.

    Whatever is worked out remembers the items it looked at, so that after a change of one item
    only what looked at it is worked out anew.

    Parameters
    ----------
    sheet : Sheet
    known : mapping of str to Held
        By item; items that are left out are missing.
    answers : mapping of str to list of Answer, optional
        What each assessor said, by item.
    """

    def __init__(
        self, sheet: Sheet, known: Mapping[str, Held], answers: AnswersByItem | None = None
    ) -> None:
        self.sheet = sheet
        self.known = dict(known)
        self.answers: AnswersByItem = answers or {}
        self._done: dict[Node, tuple[Any, frozenset[str]]] = {}
        self._looking: list[set[str]] = []
        self._open: set[Node] = set()
        self._supposed = ""

    def once(self, node: Node, work: Callable[[], T], otherwise: T) -> T:
        """Return what `work` gives, done at most once; `otherwise` where it asks for itself."""
        if node in self._open:
            return otherwise
        if node not in self._done:
            self._open.add(node)
            self._looking.append(set())
            try:
                found = work()
            finally:
                looked = self._looking.pop()
                self._open.discard(node)
            self._done[node] = found, frozenset(looked)
        found, seen = self._done[node]
        if self._looking:
            self._looking[-1] |= seen
        return found

    def people(self, items: Iterable[Item] | None = None) -> int:
        """Return how many people answered any of `items`, or anything."""
        keys = self.answers if items is None else [item.key for item in items]
        return len(
            {
                answer.assessor
                for key in keys
                for answer in self.answers.get(key, ())
                if answer.state == "answered"
            }
            - {SETTLED}
        )

    def of_each_assessor(self) -> "dict[str, Reading]":
        """Return a reading of the answers of each assessor alone, without what was settled."""
        told = {answer.assessor for given in self.answers.values() for answer in given}
        return {
            assessor: read_answers(
                self.sheet,
                {
                    key: [answer for answer in given if answer.assessor == assessor]
                    for key, given in self.answers.items()
                },
            )
            for assessor in sorted(told - {SETTLED})
        }

    def rests_on(self, work: Callable[[], T]) -> tuple[T, tuple[str, ...]]:
        """Return what `work` gives and the items it looked at, in the framework's order."""
        self._looking.append(set())
        try:
            found = work()
        finally:
            looked = self._looking.pop()
        if self._looking:
            self._looking[-1] |= looked
        return found, tuple(item.key for item in self.sheet.items if item.key in looked)

    def looked_at(self, node: Node) -> frozenset[str]:
        """Return the items that something worked out has looked at."""
        return self._done[node][1]

    def without(self, item: str) -> "Reading":
        """Return a reading that has yet to work out whatever looked at `item`."""
        other = Reading(self.sheet, self.known, self.answers)
        other._done = {node: done for node, done in self._done.items() if item not in done[1]}
        return other

    def but(self, item: str, known: Held) -> "Reading":
        """Return a reading of the same, but for one item; of one made by `without`."""
        other = Reading(self.sheet, {**self.known, item: known}, self.answers)
        other._done = dict(self._done)
        other._supposed = item
        return other

    def holds_of(self, item: Item) -> Held:
        """
        Return what is held of an item, whether or not it is shown.

        Answers that chose what is not offered as things stand do not count.
        """
        from parvis.assessment.offers import counted

        if self._looking:
            self._looking[-1].add(item.key)
        known = self.known.get(item.key, MISSING)
        if not known.is_known or not self.sheet.offers_of(item):
            return known
        return counted(self, item, known, is_supposed=item.key == self._supposed)

    def is_offered(self, item: Item, key: str) -> Truth:
        """Return whether an option or level may be chosen; None while that is undecided."""
        condition = self.sheet.offers_of(item).get(key)
        if condition is None:
            return True
        place = item.place
        node = ("offered", item.key, key)
        return self.once(node, lambda: self.truth(condition, place), None)

    def is_shown(self, item: Item) -> Truth:
        """Return whether an item is asked; None while that is undecided."""
        conditions = self.sheet.conditions_of(item)
        if not conditions:
            return True
        place = item.place
        return self.once(
            ("shown", item.key), lambda: both(self.truth(c, place) for c in conditions), None
        )

    def truth(self, condition: Condition, place: Place) -> Truth:
        """
        Return whether a condition holds at a place; None while it is undecided.

        A comparison with a question that is asked at several items of the place holds when it
        holds of at least one. Of what is not shown nothing holds.
        """
        match condition:
            case And(parts):
                return both(self.truth(part, place) for part in parts)
            case Or(parts):
                return either(self.truth(part, place) for part in parts)
            case Not(part):
                inner = self.truth(part, place)
                return None if inner is None else not inner
            case Reached(outcome):
                return self._reached(outcome, place)
            case State(name, state):
                return self._state(name, state, place)
            case Compare(name):
                return self._compare(name, condition, place)

    def _compare(self, name: str, condition: Compare, place: Place) -> Truth:
        head, dot, key = name.partition(".")
        if dot and head == "attribute":
            return self._attribute(key, condition)
        if dot and head == "score":
            return self._score(key, condition, place)
        return either(self._item(item, condition) for item in self.items_at(name, place))

    def waits_for(self, condition: Condition, place: Place) -> tuple[str, ...]:
        """Return the items that keep a condition undecided, in the order it names them."""
        found: dict[str, None] = {}
        for asked in comparisons(condition):
            if isinstance(asked, Compare | State):
                for item in self.items_at(asked.name, place):
                    found |= dict.fromkeys(self._open_of(item, asked))
        return tuple(found)

    def _open_of(self, item: Item, asked: Compare | State) -> Iterable[str]:
        """Return an undecided item, or what decides whether it is asked."""
        if self.is_shown(item) is None:
            conditions = self.sheet.conditions_of(item)
            return (key for c in conditions for key in self.waits_for(c, item.place))
        is_open = isinstance(asked, Compare) and self._item(item, asked) is None
        return [item.key] if is_open else []

    def items_at(self, name: str, place: Place) -> list[Item]:
        """Return the items that a name means at a place."""
        return [item for item in self.sheet.by_name.get(name, ()) if agrees(item, place)]

    def _item(self, item: Item, condition: Compare) -> Truth:
        is_shown = self.is_shown(item)
        if is_shown is False:
            return False
        known = self.holds_of(item)
        return compared(known, condition, self.sheet.line_of(item)) if is_shown else None

    def _state(self, name: str, state: str, place: Place) -> Truth:
        told = ("unknown",) if state == "unknown" else ANSWERED
        return either(
            both((self.is_shown(item), self.holds_of(item).state in told))
            for item in self.items_at(name, place)
        )

    def _attribute(self, key: str, condition: Compare) -> Truth:
        value = self.sheet.subject.attributes.get(key)
        if value is None or value == "":
            return None
        kind = self.sheet.names.attributes[key].kind
        if isinstance(value, tuple | list):
            keys = frozenset(map(str, value))
            return compared(Held("answered", sure=keys, maybe=keys), condition, UNORDERED)
        if kind in ("number", "date"):
            at = (
                value.toordinal() if isinstance(value, datetime.date) else number_or_day(str(value))
            )
            return None if at is None else compared(Held("answered", at, at), condition, NUMBERS)
        return compared(Held("answered", maybe=frozenset({str(value)})), condition, UNORDERED)

    def _score(self, key: str, condition: Compare, place: Place) -> Truth:
        from parvis.assessment.scores import compared_score, score_at

        score = self.sheet.names.scores[key]
        return either(
            compared_score(score, score_at(self, score, at), condition)
            for at in self.sheet.slices_at(score.by, place)
        )

    def _reached(self, outcome: str, place: Place) -> Truth:
        from parvis.assessment.scores import score_at
        from parvis.assessment.trees import has_reached

        return either(
            has_reached(score_at(self, score, at), outcome)
            for score in self.sheet.trees_with(outcome)
            for at in self.sheet.slices_at(score.by, place)
        )


def read(assessment: Assessment, *, assessor: str | None = None) -> Reading:
    """
    Return a reading of all answers together, or of those of one assessor.

    Raises
    ------
    AnswerError
        If an answer is to no item of the assessment, or is none that its question takes.
    """
    sheet = Sheet(assessment)
    given = assessment if assessor is None else assessment.only(assessor)
    by_item = sheet.answers_by_item(given.answers)
    for key, answers in by_item.items():
        for answer in answers:
            check_answer(sheet.framework, sheet.by_key[key], answer)
    return read_answers(sheet, by_item)


def read_answers(sheet: Sheet, by_item: AnswersByItem) -> Reading:
    """Return a reading of answers that have been checked."""
    known = {
        key: held(sheet.framework, sheet.by_key[key], answers) for key, answers in by_item.items()
    }
    return Reading(sheet, known, by_item)


def both(parts: Iterable[Truth]) -> Truth:
    """
    Return whether all hold: one that does not decides it, whatever is undecided.

    Examples
    --------
    >>> both([True, None]), both([None, False]), both([])
    (None, False, True)
    """
    found: Truth = True
    for part in parts:
        if part is False:
            return False
        found = found if part else None
    return found


def either(parts: Iterable[Truth]) -> Truth:
    """
    Return whether one holds: one that does decides it, whatever is undecided.

    Examples
    --------
    >>> either([False, None]), either([None, True]), either([])
    (None, True, False)
    """
    found: Truth = False
    for part in parts:
        if part:
            return True
        found = None if part is None else found
    return found
