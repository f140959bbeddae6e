"""Which findings and duties follow, and what is not known."""

import datetime
from collections.abc import Iterator

from parvis.assessment.offers import has_lapsed
from parvis.assessment.reading import Reading, Truth
from parvis.assessment.results import At, DutyResult, DutyStatus, FindingResult, Gap
from parvis.packs.conditions import Compare, comparisons
from parvis.packs.framework_scores import Duty, Finding

SEVERITIES = ("high", "medium", "low", "information")


def finding_holds(reading: Reading, finding: Finding, at: At) -> Truth:
    """Return whether a finding is told at a slice; None while that is undecided."""
    place = dict(zip(finding.by, at, strict=True))
    condition = reading.sheet.condition(finding.when)
    return reading.once(("finding", finding.key, at), lambda: reading.truth(condition, place), None)


def findings(reading: Reading, *, undecided: bool = False) -> tuple[FindingResult, ...]:
    """Return the findings that hold, or those that are undecided; high severity first."""
    wanted = None if undecided else True
    found = [
        _told(reading, finding, at)
        for finding in reading.sheet.framework.findings
        for at in reading.sheet.slices(finding.by)
        if finding_holds(reading, finding, at) is wanted
    ]
    return tuple(sorted(found, key=lambda each: SEVERITIES.index(each.severity)))


def _told(reading: Reading, finding: Finding, at: At) -> FindingResult:
    looked = reading.looked_at(("finding", finding.key, at))
    return FindingResult(
        key=finding.key,
        at=at,
        text=finding.name.replace("{at}", reading.sheet.slice_text(finding.by, at)),
        severity=finding.severity,
        measures=finding.measures,
        rests_on=tuple(item.key for item in reading.sheet.items if item.key in looked),
    )


def duty_holds(reading: Reading, duty: Duty) -> Truth:
    """Return whether a duty applies, whatever the day; None while that is undecided."""
    if duty.when is None:
        return True
    condition = reading.sheet.condition(duty.when)
    return reading.once(("duty", duty.key, ()), lambda: reading.truth(condition, {}), None)


def duties(
    reading: Reading, *, on: datetime.date, undecided: bool = False
) -> tuple[DutyResult, ...]:
    """Return the duties of a day and of days to come, or those that are undecided."""
    wanted = None if undecided else True
    return tuple(
        _duty(reading, duty, on)
        for duty in reading.sheet.framework.duties
        if (duty.until is None or on <= duty.until) and duty_holds(reading, duty) is wanted
    )


def _duty(reading: Reading, duty: Duty, on: datetime.date) -> DutyResult:
    looked = reading.looked_at(("duty", duty.key, ())) if duty.when else frozenset()
    is_begun = duty.from_ is not None and duty.from_ <= on
    is_recommended = duty.before == "recommended" and not is_begun
    status: DutyStatus = "now"
    if not is_begun and (duty.from_ is not None or is_recommended):
        status = "from" if duty.from_ is not None else "recommended"
    return DutyResult(
        key=duty.key,
        status=status,
        is_recommended=is_recommended,
        start=duty.from_,
        until=duty.until,
        reference=duty.reference,
        rests_on=tuple(item.key for item in reading.sheet.items if item.key in looked),
    )


def gaps(reading: Reading) -> tuple[Gap, ...]:
    """Return what is not known: items in order, then facts of the subject, then findings."""
    undecided = findings(reading, undecided=True)
    return (
        *_item_gaps(reading),
        *_attribute_gaps(reading),
        *(Gap("/".join((f"finding:{f.key}", *f.at)), "finding") for f in undecided),
    )


def _item_gaps(reading: Reading) -> Iterator[Gap]:
    for item in reading.sheet.items:
        is_shown = reading.is_shown(item)
        state = reading.holds_of(item).state
        if is_shown is None:
            asked = reading.looked_at(("shown", item.key))
            if any(reading.known[key].state == "unknown" for key in asked & reading.known.keys()):
                yield Gap(item.key, "open")
        elif is_shown and any(
            has_lapsed(reading, item, answer) for answer in reading.answers.get(item.key, ())
        ):
            yield Gap(item.key, "lapsed")
        elif is_shown and state == "unknown":
            notes = (answer.note for answer in reading.answers.get(item.key, []))
            yield Gap(item.key, "unknown", tuple(note for note in notes if note))
        elif is_shown and state == "unsettled":
            yield Gap(item.key, "unsettled")
        elif is_shown and state == "missing" and reading.sheet.is_required(item):
            yield Gap(item.key, "missing")


def _attribute_gaps(reading: Reading) -> Iterator[Gap]:
    used = {
        asked.name
        for condition in reading.sheet.conditions()
        for asked in comparisons(condition)
        if isinstance(asked, Compare)
    }
    for attribute in reading.sheet.framework.attributes:
        name = f"attribute.{attribute.key}"
        if name in used and reading.sheet.subject.attributes.get(attribute.key) in (None, "", ()):
            yield Gap(name, "attribute")
