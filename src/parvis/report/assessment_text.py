"""What follows from an assessment, as lines that a person reads and as a document for machines."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parvis.assessment import Assessment, Item, Result, lapsed
from parvis.assessment.progress import Progress
from parvis.assessment.results import (
    BorichResult,
    DutyResult,
    Figure,
    FindingResult,
    Gap,
    GateResult,
    LadderResult,
    MatrixResult,
    ProfileResult,
    ScoreResult,
    SpreadResult,
    TreeResult,
    Withheld,
)
from parvis.report.assessment_words import AssessmentWords
from parvis.report.wording import Wording

N_SHOWN = 20
"""Longer lists are cut on the screen; the document has them whole."""
_DUTIES = {
    "now": "duty now",
    "from": "duty from {start}",
    "recommended": "recommended",
}


def _words(assessment: Assessment) -> AssessmentWords:
    return AssessmentWords(assessment, Wording("en"))


def _item(words: AssessmentWords, key: str) -> str:
    """Return key and text of an item."""
    return f"{key}  {words.item(key)}" if key in words.items else words.item(key)


def status_lines(assessment: Assessment, progress: Progress, shown: Sequence[Item]) -> list[str]:
    """Return how far an assessment is, and what is asked next."""
    words = _words(assessment)
    framework = assessment.framework
    lines = [
        _title(assessment),
        f"  {progress.n_done} of {progress.n_asked} questions answered, "
        f"{progress.n_open} required ones open"
        + (f", by {', '.join(assessment.assessors)}" if assessment.assessors else ""),
    ]
    lines += _unchecked(words)
    names = {section.key: section.name for section in framework.sections}
    for part in progress.sections:
        done = part.n_answered + part.n_unknown + part.n_not_applicable
        note = f", {part.n_unknown} cannot be said" if part.n_unknown else ""
        lines.append(f"  {done:>4} of {part.n_asked:<4} {names[part.section]}{note}")
    if gone := lapsed(assessment):
        lines.append("Answer anew, since earlier answers no longer offer what was chosen:")
        lines += [f"  {_item(words, a.item)}: {words.value(words.items[a.item], a)}" for a in gone]
    answered = {answer.item for answer in assessment.answers}
    following = [item for item in shown if item.key not in answered]
    if following:
        lines.append("Next:")
        lines += [f"  {_item(words, item.key)}" for item in following[:5]]
    return lines


def result_lines(assessment: Assessment, result: Result) -> list[str]:
    """Return what follows from an assessment, for a person."""
    words = _words(assessment)
    progress = result.progress
    lines = [
        f"{_title(assessment)}, as of {result.on.isoformat()}",
        f"  {progress.n_done} of {progress.n_asked} questions answered, "
        f"{progress.n_open} required ones open",
    ]
    lines += _unchecked(words)
    lines += _part("Scores", [line for score in result.scores for line in _score(words, score)])
    lines += _part("Findings", [_finding(words, each) for each in result.findings])
    undecided = [_finding(words, each, waits=True) for each in result.undecided_findings]
    lines += _part("Undecided findings", undecided)
    lines += _part(
        f"Duties as of {result.on.isoformat()}",
        [
            *(line for duty in result.duties for line in _duty(words, duty)),
            *(
                line
                for duty in result.undecided_duties
                for line in _duty(words, duty, is_undecided=True)
            ),
        ],
    )
    lines += _part("Gaps", _gaps(words, result.gaps))
    lines += _differences(words, result)
    return lines


def result_document(assessment: Assessment, result: Result) -> dict[str, Any]:
    """Return what follows from an assessment as JSON values, with the names of things."""
    words = _words(assessment)
    document: dict[str, Any] = _json(result)
    for score in document["scores"]:
        score["name"] = words.named(assessment.framework.scores, score["key"])
    for duty in (*document["duties"], *document["undecided_duties"]):
        duty["name"] = words.named(assessment.framework.duties, duty["key"])
    return {
        "framework": {
            "id": assessment.framework.id,
            "version": assessment.framework.version,
            "is_verified": assessment.framework.is_verified,
        },
        "subject": {"kind": assessment.subject.kind, "name": assessment.subject.name},
        **document,
    }


def _json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _json(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _unchecked(words: AssessmentWords) -> list[str]:
    """Return that part of the framework was not checked against the original, if so."""
    return [] if words.framework.is_verified else [f"  {unchecked_said()}"]


def unchecked_said() -> str:
    """Return in a sentence that part of a framework was not checked against the original."""
    return Wording("en")("assessment.terminal.unchecked")


def _title(assessment: Assessment) -> str:
    return f"{assessment.framework.name}: {assessment.subject.name}"


def _part(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)] if lines else []


def _score(words: AssessmentWords, score: ScoreResult) -> list[str]:
    known = next(each for each in words.framework.scores if each.key == score.key)
    at = f" ({words.entries(score.at)})" if score.at else ""
    head = f"{words.name(known)}{at}"
    match score:
        case Figure():
            return [f"{head}: {_figure(score)}", *_blocked(words, score)]
        case GateResult():
            return [f"{head}: {score.outcome}", *_told(score)]
        case LadderResult():
            names = {rung.key: rung.name for rung in getattr(known, "rungs", ())}
            low, high = (
                names.get(key or "", "below the first rung") for key in (score.low, score.high)
            )
            return [f"{head}: {low}" if low == high else f"{head}: {low} to {high}"]
        case MatrixResult():
            return [f"{head}: {_classes(known, score)}"]
        case TreeResult():
            return _tree(words, known, head, score)
        case ProfileResult():
            return [head, *(f"  {line}" for s in score.scores for line in _score(words, s))]
        case SpreadResult():
            return [head, *_spread(words, score)]
        case BorichResult():
            return [head, *_borich(words, score)]
        case Withheld():
            return [f"{head}: not shown, fewer than {score.least_group} people answered"]


def _figure(score: Figure) -> str:
    counted = score.n_known + score.n_unknown + score.n_missing
    share = f"{score.n_known} of {counted} known"
    if not score.is_shown or score.low is None or score.high is None:
        return f"not shown, too little is known ({share})"
    is_share = score.method == "readiness" and score.unit == "value"
    unit = " %" if is_share or score.unit == "percent" else ""
    factor = 100.0 if is_share else 1.0

    def said(value: float | None) -> str:
        return "…" if value is None else f"{value * factor:.3g}"

    text = (
        said(score.low) if score.low == score.high else f"{said(score.low)} to {said(score.high)}"
    )
    low, high = score.bounds
    if (low, high) != (score.low, score.high):
        text += f"{unit}, could be {said(low)} to {said(high)}"
    return f"{text}{unit} ({share})"


def _blocked(words: AssessmentWords, score: Figure) -> list[str]:
    lines = [f"  blocks: {_item(words, key)}" for key in score.blocked_by[:N_SHOWN]]
    return lines + [f"  may block: {_item(words, key)}" for key in score.may_block[:N_SHOWN]]


def _told(score: GateResult) -> list[str]:
    said = {True: "holds", False: "does not hold", None: "undecided"}
    return [f"  {said[each.holds]}: {each.text}" for each in score.conditions if not each.holds]


def _classes(known: Any, score: MatrixResult) -> str:
    names = {each.key: each.name for each in known.classes}
    if score.classes:
        return " or ".join(names[key] for key in score.classes)
    possible = " or ".join(names[key] for key in score.possible)
    return f"not judged yet; possible: {possible}" if possible else "does not apply"


def _tree(words: AssessmentWords, known: Any, head: str, score: TreeResult) -> list[str]:
    names = {each.key: each.name for each in known.outcomes}
    reached = "; ".join(f"{key} {names[key]}" for key in score.outcomes)
    lines = [f"{head}: {reached or 'nothing reached yet'}"]
    if score.waits_for:
        lines.append(f"  cannot go on until this is answered: {_item(words, score.waits_for[0])}")
        for branch in score.branches:
            ends = ", ".join(names.get(key, key) for key in branch.outcomes) or "goes on"
            lines.append(f"    {branch.value}: {ends}")
    return lines


def _spread(words: AssessmentWords, score: SpreadResult) -> list[str]:
    lines = []
    for row in score.rows:
        weakest = "  (weakest)" if row.of in score.weakest else ""
        if row.is_hidden:
            lines.append(f"  {words.reference(row.of)}: hidden, too few people")
        elif row.median is None:
            lines.append(f"  {words.reference(row.of)}: not defined")
        else:
            lines.append(
                f"  {words.reference(row.of)}: median {row.median:g}, "
                f"{row.low:g} to {row.high:g}, of {row.n}{weakest}"
            )
    return lines


def _borich(words: AssessmentWords, score: BorichResult) -> list[str]:
    lines = []
    for row in score.rows[:N_SHOWN]:
        name = words.entries(row.at) or _item(words, row.item)
        if row.is_hidden:
            lines.append(f"  {name}: hidden, too few people")
        elif row.mwds is None:
            lines.append(f"  {name}: not defined")
        else:
            lines.append(f"  {name}: need {row.mwds:.2f}, of {row.n}")
    return lines


def _finding(words: AssessmentWords, found: FindingResult, *, waits: bool = False) -> str:
    text = f"{found.severity:<12}{found.text}"
    if waits:
        return f"{text}  (waits for {', '.join(found.rests_on[:5])})"
    if found.measures:
        names = (words.named(words.framework.measures, key) for key in found.measures)
        text += f"  → {'; '.join(names)}"
    return text


def _duty(words: AssessmentWords, duty: DutyResult, *, is_undecided: bool = False) -> list[str]:
    start = duty.start.isoformat() if duty.start else "an open date"
    status = _DUTIES[duty.status].format(start=start)
    if is_undecided:
        status = "undecided"
    elif duty.is_recommended and duty.status == "from":
        status += ", recommended now"
    until = f", until {duty.until.isoformat()}" if duty.until else ""
    name = words.named(words.framework.duties, duty.key)
    lines = [f"{status:<22}{name} ({duty.reference}{until})"]
    if duty.rests_on:
        why = "waits for" if is_undecided else "because of"
        lines.append(f"{'':<22}{why} {', '.join(duty.rests_on[:8])}")
    return lines


def _gaps(words: AssessmentWords, gaps: Iterable[Gap]) -> list[str]:
    by_kind: dict[str, list[Gap]] = {}
    for gap in gaps:
        if gap.kind == "finding":  # told under "Undecided findings"
            continue
        by_kind.setdefault(gap.kind, []).append(gap)
    lines = []
    for kind, found in by_kind.items():
        title = words.wording(f"assessment.gaps.kinds.{kind}")
        lines.append(f"{title} ({len(found)})")
        for gap in found[:N_SHOWN]:
            notes = f": {'; '.join(gap.notes)}" if gap.notes else ""
            lines.append(f"  {_item(words, gap.item)}{notes}")
        if len(found) > N_SHOWN:
            lines.append(f"  … and {len(found) - N_SHOWN} more")
    return lines


def _differences(words: AssessmentWords, result: Result) -> list[str]:
    if not result.n_compared:
        return []
    open_ones = [each for each in result.differences if not each.is_settled]
    lines = [f"Assessors differ on {len(open_ones)} of {result.n_compared} questions"]
    for each in open_ones[:N_SHOWN]:
        item = words.items[each.item]
        said = "; ".join(f"{a.assessor}: {words.value(item, a)}" for a in each.answers)
        lines.append(f"  {_item(words, each.item)}")
        lines.append(f"    {said}{'  (give a reason)' if each.needs_rationale else ''}")
    for figure in result.agreement:
        if figure.is_shown and figure.alpha is not None and figure.alpha.value is not None:
            lines.append(f"  Krippendorff's alpha of {figure.of}: {figure.alpha.value:.2f}")
    return lines
