"""A framework laid out for one subject: its items by name and reference, conditions read once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from parvis.assessment.errors import AnswerItemError
from parvis.assessment.held import Line, line_of
from parvis.assessment.items import entries, items, places
from parvis.assessment.model import Answer, Assessment, Item, ListEntry
from parvis.packs.conditions import Condition, parse_condition
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Section
from parvis.packs.framework_references import Names
from parvis.packs.framework_scores import Duty, Finding, Tree

Place = Mapping[str, str]
_condition = lru_cache(maxsize=8192)(parse_condition)


class Sheet:
    """
    What can be looked up about an assessment, whatever was answered.

    Parameters
    ----------
    assessment : Assessment
    """

    def __init__(self, assessment: Assessment) -> None:
        self.framework = assessment.framework
        self.subject = assessment.subject
        self.entries: dict[str, tuple[ListEntry, ...]] = entries(self.framework, assessment.lists)
        self.items = items(self.framework, self.subject, assessment.lists)
        self.by_key: dict[str, Item] = {item.key: item for item in self.items}
        self.by_name: dict[str, list[Item]] = {}
        for item in self.items:
            self.by_name.setdefault(item.name, []).append(item)
        self.names = Names(self.framework)
        self.condition = _condition
        self._lines: dict[tuple[str, str], Line] = {}
        self._values: dict[str, tuple[float, ...]] = {}
        self._findings = {finding.key: finding for finding in self.framework.findings}
        self._duties = {duty.key: duty for duty in self.framework.duties}
        self._asked_when: dict[str, tuple[Condition, ...]] = {}
        self._offers: dict[str, dict[str, Condition]] = {}
        self._meant: dict[str, tuple[Item, ...]] = {}

    @cached_property
    def sections(self) -> dict[str, Section]:
        """Sections by key."""
        return {section.key: section for section in self.framework.sections}

    def valued(self, reference: str) -> tuple[Item, ...]:
        """Return the items with numbers that a reference means."""
        if reference not in self._meant:
            self._meant[reference] = tuple(
                item for name in self.names.valued(reference) for item in self.by_name.get(name, ())
            )
        return self._meant[reference]

    def line_of(self, item: Item) -> Line:
        """Return the line on which the values of an item lie."""
        kind, scale = item.question.kind, item.question.scale or ""
        if (kind, scale) not in self._lines:
            self._lines[kind, scale] = line_of(self.framework, item)
        return self._lines[kind, scale]

    def trees_with(self, outcome: str) -> tuple[Tree, ...]:
        """Return the decision trees that can end with an outcome."""
        return tuple(
            score
            for score in self.framework.scores
            if score.method == "tree" and outcome in {known.key for known in score.outcomes}
        )

    def slices_at(self, by: tuple[str, ...], place: Place) -> list[tuple[str, ...]]:
        """Return the slices over the lists `by` that a place allows."""
        return [
            at
            for at in self.slices(by)
            if all(place.get(key, entry) == entry for key, entry in zip(by, at, strict=True))
        ]

    def slices(self, by: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Return every slice over the lists `by`."""
        return places(self.entries, by)

    def conditions_of(self, item: Item) -> tuple[Condition, ...]:
        """Return what must hold for an item to be asked."""
        if item.key not in self._asked_when:
            section = self.sections[item.section]
            texts = (section.when, getattr(item.table or item.question, "when", None))
            self._asked_when[item.key] = tuple(self.condition(text) for text in texts if text)
        return self._asked_when[item.key]

    def offers_of(self, item: Item) -> Mapping[str, Condition]:
        """Return what must hold for options and levels of an item to be offered, by their key."""
        if item.name not in self._offers:
            self._offers[item.name] = {
                key: self.condition(text) for key, text in item.question.offered_when.items()
            }
        return self._offers[item.name]

    def conditions(self) -> tuple[Condition, ...]:
        """Return every condition of the framework."""
        return tuple(self.condition(text) for text in _texts(self.framework))

    def finding(self, key: str) -> Finding:
        """Return the finding `key`."""
        return self._findings[key]

    def duty(self, key: str) -> Duty:
        """Return the duty `key`."""
        return self._duties[key]

    def is_required(self, item: Item) -> bool:
        """Whether an item counts for completeness."""
        return item.question.required and (item.table is None or item.table.required)

    def answers_by_item(self, answers: Iterable[Answer]) -> dict[str, list[Answer]]:
        """
        Return the last answer of each assessor by item.

        Raises
        ------
        AnswerItemError
            If there is no such item.
        """
        last = {(a.item, a.assessor): a for a in answers}
        by_item: dict[str, list[Answer]] = {}
        for (key, _), answer in sorted(last.items()):
            if key not in self.by_key:
                raise AnswerItemError(question=key, framework=self.framework.name)
            by_item.setdefault(key, []).append(answer)
        return by_item

    def values_of(self, scale: str) -> tuple[float, ...]:
        """Return the values of a scale, lowest first."""
        if scale not in self._values:
            levels = self.names.scales[scale].levels
            self._values[scale] = tuple(level.value for level in levels)
        return self._values[scale]

    def slice_text(self, by: tuple[str, ...], at: tuple[str, ...]) -> str:
        """Return the names of a slice in the framework's language."""
        known = {key: {e.key: e.name for e in self.entries[key]} for key in by}
        return ", ".join(known[key][entry] for key, entry in zip(by, at, strict=True))


def agrees(item: Item, place: Place) -> bool:
    """Whether an item lies in a slice: lists it does not repeat over do not matter."""
    return all(
        place.get(key, entry) == entry for key, entry in zip(item.lists, item.at, strict=True)
    )


def _texts(framework: Framework) -> Iterator[str]:
    """Yield the texts of all conditions."""
    for section, question in framework.questions:
        yield from (text for text in (section.when, question.when) if text)
        for asked in (question, *question.columns):
            yield from asked.offered_when.values()
    for score in framework.scores:
        if score.method == "gate":
            yield from score.conditions
        elif score.method == "ladder":
            yield from (rung.when for rung in score.rungs if rung.when)
        elif score.method == "tree":
            yield from (case.when for step in score.steps for case in step.cases if case.when)
    yield from (finding.when for finding in framework.findings)
    yield from (duty.when for duty in framework.duties if duty.when)
