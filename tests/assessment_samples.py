"""A small framework that uses all that frameworks can, and short ways to answer it."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from parvis.assessment import Answer, Assessment, Interval, ListEntry, Subject, evaluate
from parvis.assessment.results import Result
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import read_framework

TODAY = date(2026, 11, 21)

TEXT = Path(__file__).with_name("assessment_sample.yaml").read_text(encoding="utf-8")


@cache
def sample() -> Framework:
    return read_framework(TEXT, name="sample.yaml")


def said(item: str, value: object = None, assessor: str = "a", note: str = "") -> Answer:
    """Answer ``question@entry/entry``; `value` may be a state."""
    question, _, at = item.partition("@")
    place = tuple(at.split("/")) if at else ()
    if value in ("unknown", "not-applicable"):
        return Answer(question, place, value, assessor=assessor, note=note)
    if isinstance(value, list):
        value = Interval(*value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return Answer(question, place, "answered", value, assessor, note)


def assessed(framework: Framework | None = None, /, *more: Answer, **answers: object) -> Assessment:
    """An assessment of the sample by one assessor; ``__`` in a name stands for @."""
    given = tuple(said(key.replace("__", "@"), value) for key, value in answers.items())
    framework = framework or sample()
    subject = Subject(framework.subject, "A square", {"capacity": 500.0, "country": "FR"})
    return Assessment(framework, subject, {}, (*given, *more))


def crowded(assessment: Assessment) -> Assessment:
    """The same where many people come."""
    return replace(assessment, subject=replace(assessment.subject, attributes={"capacity": 900.0}))


def with_stage(assessment: Assessment) -> Assessment:
    """The same with a zone that the assessors added."""
    return replace(assessment, lists={"zones": (ListEntry("stage", "Stage"),)})


def result(*more: Answer, **answers: object) -> Result:
    return evaluate(assessed(None, *more, **answers), on=TODAY)
