"""What follows from an assessment, in the reader's words: scores, findings, duties, gaps."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from parvis.assessment import Difference, Result
from parvis.assessment.results import DutyResult, FindingResult
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.held import Held
from parvis_web.assessments.models import FindingDecision, ReplyState
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.wording import said_words, word

SEVERITIES = {"high": "bad", "medium": "warn", "low": "accent", "information": ""}


@dataclass
class ShownFinding:
    """A finding with its place, its measures and what was decided."""

    key: str
    text: str
    severity: str
    tone: str
    place: str
    measures: list[Any] = field(default_factory=list)
    decision: FindingDecision | None = None

    @property
    def anchor(self) -> str:
        """Identity in the page."""
        return "f-" + "".join(sign if sign.isalnum() else "-" for sign in self.key)


def finding_key(found: FindingResult) -> str:
    """Return what decisions call a finding: its key, and its place where it has one."""
    return f"{found.key}@{'/'.join(found.at)}" if found.at else found.key


def result_context(actor: Actor, held: Held, *, on: datetime.date) -> dict[str, Any]:
    """Return what the page shows of the result as of a day."""
    del actor
    language = language_of_reader()
    result = held.result(on)
    decisions: dict[str, FindingDecision] = {}
    for row in FindingDecision.objects.filter(assessment=held.row).select_related("decided_by"):
        decisions.setdefault(row.finding, row)
    return {
        "result": result,
        "findings": [shown_finding(held, each, decisions, language) for each in result.findings],
        "undecided": [
            shown_finding(held, each, decisions, language) for each in result.undecided_findings
        ],
        "gaps": gap_words(held, result, language),
        "duties": duty_words(held, result, language),
        "differences": [difference_words(held, each, language) for each in result.differences],
    }


def shown_finding(
    held: Held, found: FindingResult, decisions: dict[str, FindingDecision], language: str
) -> ShownFinding:
    """Return a finding in the reader's words."""
    entry = next(known for known in held.framework.findings if known.key == found.key)
    measures = {known.key: known for known in held.framework.measures}
    place = place_words(held, tuple(entry.by), found.at, language)
    text = word(entry, language).replace("{at}", place)
    key = finding_key(found)
    return ShownFinding(
        key,
        text,
        found.severity,
        SEVERITIES[found.severity],
        place,
        [(measures[name], word(measures[name], language)) for name in found.measures],
        decisions.get(key),
    )


def place_words(held: Held, lists: tuple[str, ...], at: tuple[str, ...], language: str) -> str:
    """Return the names of a place's entries."""
    return " · ".join(
        entry_words(held, key, part, language) for key, part in zip(lists, at, strict=False)
    )


def entry_words(held: Held, list_key: str, key: str, language: str) -> str:
    """Return the name of one entry of a list."""
    for entry in held.framework.list_of(list_key).entries:
        if entry.key == key:
            return word(entry, language)
    return next((row.name for row in held.lists.get(list_key, ()) if row.key == key), key)


def gap_words(held: Held, result: Result, language: str) -> list[dict[str, Any]]:
    """Return what is not known, with where to answer it."""
    shown = []
    for gap in result.gaps:
        item = held.items.get(gap.item)
        if item is None:
            continue
        shown.append(
            {
                "name": word(item.question, language),
                "place": place_words(held, item.lists, item.at, language),
                "section": item.section,
                "kind": gap.kind,
                "notes": [note for note in gap.notes if note],
                "at": "/".join(item.at),
                "item": gap.item,
            }
        )
    return shown


def duty_words(held: Held, result: Result, language: str) -> list[dict[str, Any]]:
    """Return the duties as of the day."""
    entries = {known.key: known for known in held.framework.duties}
    listed: list[tuple[DutyResult, str]] = [(duty, duty.status) for duty in result.duties]
    listed += [(duty, "undecided") for duty in result.undecided_duties]
    return [
        {
            "name": word(entries[duty.key], language),
            "status": status,
            "start": duty.start,
            "until": duty.until,
            "reference": duty.reference,
            "is_verified": _is_verified(held, entries[duty.key].evidence),
        }
        for duty, status in listed
    ]


def _is_verified(held: Held, key: str | None) -> bool:
    return key is None or held.framework.evidence[key].verified


def difference_words(held: Held, found: Difference, language: str) -> dict[str, Any]:
    """Return an item on which assessors differ, with what each of them says."""
    item = held.items[found.item]
    return {
        "item": item.key,
        "name": word(item.question, language),
        "place": place_words(held, item.lists, item.at, language),
        "levels_apart": found.levels_apart,
        "is_settled": found.is_settled,
        "needs_rationale": found.needs_rationale,
        "section": item.section,
        "at": "/".join(item.at),
        "said": [
            (reply, said_words(held.framework, item, reply, language))
            for reply in held.replies
            if reply.item == item.key and reply.is_own_voice and reply.state != ReplyState.CLEARED
        ],
    }
