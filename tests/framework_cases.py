"""Executable specifications of the frameworks: from a case written by hand to an assessment."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from parvis.assessment import Answer, Assessment, Interval, Item, ListEntry, Subject, items, shown
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import load_framework

FOLDER = Path(__file__).parent / "validation" / "frameworks"
STATES = ("unknown", "not-applicable")
EVERYBODY = "assessor"


class PlainLoader(yaml.SafeLoader):
    """Reads yes, no, on and off as words, as YAML 1.2 does."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if first in "tf" or not tag.endswith(":bool")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Case:
    """One case of a framework's specification."""

    framework: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What the case is about."""
        return self.data["name"]

    @property
    def expected(self) -> Mapping[str, Any]:
        """What was worked out by hand."""
        return self.data["expected"]

    @property
    def on(self) -> datetime.date:
        """The day of the case."""
        return self.data["on"]

    def loaded(self) -> Framework:
        """Return the framework the case is about."""
        return load_framework(self.framework)

    def assessment(self) -> Assessment:
        """Return subject and answers as an assessment."""
        framework = self.loaded()
        subject = Subject(
            kind=framework.subject,
            name=self.data["subject"]["name"],
            attributes=self.data["subject"].get("attributes", {}),
        )
        added = {
            key: tuple(ListEntry(entry["key"], entry["name"]) for entry in entries)
            for key, entries in self.data.get("lists", {}).items()
        }
        known = items(framework, subject, added)
        by_person = dict(self.data.get("assessors", {})) or {EVERYBODY: {}}
        given: list[Answer] = []
        for person, own in by_person.items():
            said = {**self.data.get("answers", {}), **own}
            given += answered(known, said, person)
            plain = Assessment(framework, subject, added, tuple(given))
            given = list(filled(plain, self.data.get("fill", {}), person))
        return Assessment(framework, subject, added, tuple(given))


def specifications() -> dict[str, list[Case]]:
    """Return the cases of every framework that has some, by its short id."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        text = yaml.load(path.read_text(), PlainLoader)  # noqa: S506 - a safe loader
        found[path.stem] = [Case(text["framework"], case) for case in text["cases"]]
    return found


def answered(known: tuple[Item, ...], said: Mapping[str, Any], person: str) -> Iterator[Answer]:
    """
    Yield an answer for every item that a key means; exact keys win over wider ones.

    ``grid`` means all items of a question, ``grid@*/egress`` those of some slices.
    """
    chosen: dict[str, tuple[Item, Any]] = {}
    for key in sorted(said, key=lambda key: ("@" in key, -key.count("*"))):
        meant = [item for item in known if is_meant(item, key)]
        if not meant:
            raise KeyError(f"no item is meant by {key!r}")
        chosen.update({item.key: (item, said[key]) for item in meant})
    for item, value in chosen.values():
        yield answer(item, value, person)


def is_meant(item: Item, key: str) -> bool:
    """Whether a key of a specification means an item."""
    name, _, place = key.partition("@")
    if item.name != name:
        return False
    wanted = place.split("/") if place else ["*"] * len(item.at)
    return len(wanted) == len(item.at) and all(
        want in ("*", entry) for want, entry in zip(wanted, item.at, strict=True)
    )


def answer(item: Item, value: Any, person: str) -> Answer:
    """Return what the value in a specification says to an item."""
    state, note = value, ""
    if isinstance(value, dict):
        ((state, note),) = value.items()
    if state in STATES:
        return Answer(item.name, item.at, state, assessor=person, note=note)
    return Answer(item.name, item.at, "answered", as_value(item, value), assessor=person)


def as_value(item: Item, value: Any) -> Any:
    """Return a value of a specification as the engine takes it."""
    kind = item.question.kind
    if kind == "photo":
        return None
    if not isinstance(value, list):
        return float(value) if kind == "number" else value
    if kind in ("scale", "number"):
        low, high = value if kind == "scale" else map(float, value)
        return Interval(low, high)
    return tuple(value)


def filled(assessment: Assessment, fill: Mapping[str, Any], person: str) -> Iterator[Answer]:
    """Yield the answers, with items nobody answered filled by scale or by ``kind:text``."""
    while True:
        own = assessment.only(person)
        done = {given.item for given in own.answers}
        more = [
            answer(item, fill[key], person)
            for item in shown(assessment, assessor=person)
            if item.key not in done and item.question.required
            for key in (item.question.scale or f"kind:{item.question.kind}",)
            if key in fill
        ]
        if not more:
            break
        assessment = assessment.with_answers(more)
    yield from assessment.answers
