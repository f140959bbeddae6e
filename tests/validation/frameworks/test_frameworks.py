"""
Every shipped framework, completed end to end, against results worked out by hand.

Source: the tables ``<framework>.yaml`` beside this module; `how` says how a figure was worked out.
Tolerance: 0.01 of a figure (they are written with two decimals), else none.
"""

import pytest
from framework_cases import Case, specifications

from parvis.assessment import check_answer, evaluate, item_key, items
from parvis.assessment.results import (
    BorichResult,
    DutyResult,
    Figure,
    FindingResult,
    GateResult,
    LadderResult,
    MatrixResult,
    Result,
    ScoreResult,
    SpreadResult,
    TreeResult,
    Withheld,
)
from parvis.packs.frameworks import framework_names, load_framework

SPECIFICATIONS = specifications()
CASES = [
    pytest.param(case, id=f"{framework}: {case.name}")
    for framework, cases in SPECIFICATIONS.items()
    for case in cases
]


@pytest.mark.parametrize("case", CASES)
def test_answers_lead_to_what_was_worked_out_by_hand(case: Case):
    assessment = case.assessment()
    known = {item.key: item for item in items(case.loaded(), assessment.subject, assessment.lists)}
    for given in assessment.answers:
        if known[given.item].question.kind != "photo":
            check_answer(case.loaded(), known[given.item], given)

    result = evaluate(assessment, on=case.on)

    got, expected = told(result, case), flat(case)
    differing = {key: got.get(key) for key, value in expected.items() if got.get(key) != value}
    assert differing == {key: expected[key] for key in differing}


@pytest.mark.parametrize("framework", sorted(SPECIFICATIONS))
def test_every_finding_outcome_class_and_gate_is_reached_by_some_case(framework):
    pack = load_framework(framework)
    reached: set[str] = set()
    for case in SPECIFICATIONS[framework]:
        reached |= {key.partition("@")[0] for key in case.expected.get("findings", ())}
        for key, value in case.expected.get("scores", {}).items():
            reached |= {f"{key.partition('@')[0]}: {part}" for part in parts(plain(value))}
    wanted = {finding.key for finding in pack.findings}
    for score in pack.scores:
        match score.method:
            case "matrix":
                wanted |= {f"{score.key}: {known.key}" for known in score.classes}
            case "tree":
                wanted |= {f"{score.key}: {known.key}" for known in score.outcomes}
            case "ladder":
                wanted |= {f"{score.key}: {known.key}" for known in score.rungs}
            case "gate":
                wanted |= {f"{score.key}: {known}" for known in ("passed", "failed")}
    assert wanted - reached == set()


def test_every_shipped_framework_has_its_table():
    assert set(framework_names()) == set(SPECIFICATIONS)


def flat(case: Case) -> dict[str, object]:
    """Return what is expected: scores and everything else under one name each."""
    expected = {key: value for key, value in case.expected.items() if key != "scores"}
    for name in ("findings", "undecided_findings", "undecided_duties", "gaps"):
        if name in expected:
            expected[name] = sorted(expected[name])
    scores = case.expected.get("scores", {})
    return expected | {f"score {key}": plain(value) for key, value in scores.items()}


def plain(value):
    """Return an expected value without the words on how it was worked out."""
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return pytest.approx(value, abs=0.01) if isinstance(value, float) else value


def parts(value):
    """Return the keys that an expected value names."""
    if isinstance(value, dict):
        return list(value.get("outcomes", ()))
    return value if isinstance(value, list) else [value]


def told(result: Result, case: Case) -> dict[str, object]:
    """Return a result in the words of the specifications."""
    scores = {}
    for key in case.expected.get("scores", {}):
        name, _, place = key.partition("@")
        score = result.score(name, tuple(place.split("/")) if place else ())
        scores[f"score {key}"] = score_told(score)
    return scores | {
        "findings": sorted(map(finding_told, result.findings)),
        "undecided_findings": sorted(map(finding_told, result.undecided_findings)),
        "duties": {duty.key: duty_told(duty) for duty in result.duties},
        "undecided_duties": sorted(duty.key for duty in result.undecided_duties),
        "gaps": sorted(gap.item for gap in result.gaps if gap.kind == "unknown"),
        "progress": [result.progress.n_done, result.progress.n_asked],
    }


def finding_told(finding: FindingResult) -> str:
    """Return a finding's key with its slice."""
    return item_key(finding.key, finding.at)


def duty_told(duty: DutyResult) -> str:
    """Return the status of a duty in one word, or with its day."""
    return f"from {duty.start}" if duty.status == "from" else duty.status


def score_told(score: ScoreResult) -> object:
    """Return a score as one word, one number or a range."""
    match score:
        case Withheld():
            return "withheld"
        case SpreadResult(rows=rows, weakest=weakest):
            spread = {
                row.of: "hidden" if row.is_hidden else [row.median, row.low, row.high]
                for row in rows
            }
            return {"weakest": list(weakest), **spread}
        case BorichResult(rows=rows):
            return {row.item: "hidden" if row.is_hidden else row.mwds for row in rows}
        case Figure(is_shown=False):
            return "not-shown"
        case Figure(low=low, high=high):
            return low if low == high else [low, high]
        case GateResult(outcome=outcome):
            return outcome
        case LadderResult(low=low, high=high):
            return low if low == high else [low, high]
        case MatrixResult(classes=classes):
            return classes[0] if len(classes) == 1 else list(classes)
        case TreeResult(outcomes=outcomes, stops_at=None):
            return list(outcomes)
        case TreeResult(outcomes=outcomes, stops_at=step):
            return {"outcomes": list(outcomes), "stopped_at": step}
    raise NotImplementedError(type(score).__name__)
