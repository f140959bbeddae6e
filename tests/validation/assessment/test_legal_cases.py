"""
Worked legal cases of surveillance technology, as of two days.

Source: the project's table of legal cases L1 to L13 (state of November 2026: high-risk duties of
the AI Act from 2 December 2027, prohibitions since 2 February 2025, transparency since 2 August
2026, data protection since May 2018). Expected are the outcomes of the gates and the duties each
case was written to show; tolerance: none.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest

from parvis.assessment import Answer, Assessment, Subject, evaluate, items, sensitivity, shown
from parvis.assessment.results import Result, TreeResult
from parvis.packs.frameworks import load_framework

NOW, LATER = date(2026, 11, 21), date(2027, 12, 2)
LAWFUL_AI = {f"q{n}": "no" for n in range(2, 7)} | {"q1": "yes"}
CONDITIONS = {f"q12{part}": "yes" for part in "abcdefgh"}
POST = {f"q15{part}": "yes" for part in "abcde"}
DEPLOYER = {f"q18{part}": "yes" for part in "abcdefghi"}
ASSESSED = {"q19a": "complete", "q19b": "registered"}
GDPR = {"q20": "yes", "q21": "no", "q22": "yes", "q23": "no", "q24": "no"}
LED = GDPR | {"q21": "yes"}
END = {"q25": "no", "q26": "no", "q27": "yes"}
TRIAL = END | {"q26": "yes"} | {f"q26{part}": "yes" for part in "abcdef"}
LIVE = {"q7": "yes", "q8": "yes"}
LIVE_POLICE = LAWFUL_AI | LIVE | {"q9": "yes", "q10": "suspect", "q11": "yes"} | CONDITIONS
EMOTION = {"q16": "yes"} | {key: yes for key, yes in DEPLOYER.items() if key != "q18c"}
NOT_REMOTE = LAWFUL_AI | {"q7": "no"}
ANONYMOUS = NOT_REMOTE | {"q16": "no", "q17": "no"} | GDPR | END


@dataclass(frozen=True)
class Case:
    """A case, the outcomes that it shows and those it must not, duties now and later."""

    name: str
    answers: dict[str, str]
    outcomes: set[str]
    never: set[str] = field(default_factory=set)
    now: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    recommended: set[str] = field(default_factory=set)


PROHIBITIONS = {"PROHIBITED", "PROHIBITED_NO_NATIONAL_LAW", "UNLAWFUL_UNTIL_COMPLETE"}
CASES = [
    Case(
        "L1 live search for a terror suspect, with law, order, assessment and registration",
        LIVE_POLICE | DEPLOYER | ASSESSED | LED | END,
        {"RT_RBI_CONDITIONAL", "LED", "DPIA_REQUIRED"},
        PROHIBITIONS | {"HR_BIO"},
        now={"rt_assessment", "rt_authorisation", "rt_notification", "led_basis", "dpia"},
        later={"deployer_a", "deployer_c", "deployer_f"},
    ),
    Case(
        "L2 the same without national law",
        LAWFUL_AI | LIVE | {"q9": "yes", "q10": "suspect", "q11": "no"},
        {"PROHIBITED_NO_NATIONAL_LAW"},
        {"RT_RBI_CONDITIONAL"},
        now={"prohibition"},
    ),
    Case(
        "L3 municipal police look for pickpockets, live",
        LAWFUL_AI | LIVE | {"q9": "yes", "q10": "other"},
        {"PROHIBITED"},
        {"RT_RBI_CONDITIONAL", "PROHIBITED_NO_NATIONAL_LAW"},
        now={"prohibition"},
    ),
    Case(
        "L4 one suspect on recordings after an assault",
        LAWFUL_AI
        | {"q7": "yes", "q8": "no", "q14": "yes"}
        | POST
        | DEPLOYER
        | ASSESSED
        | LED
        | END,
        {"HR_BIO", "LED"},
        PROHIBITIONS,
        now={"sensitive_led", "dpia"},
        later={"post_search", "fria", "registration"},
    ),
    Case(
        "L5 counting people without identification",
        ANONYMOUS,
        {"MINIMAL_OR_LIMITED", "GDPR", "DPIA_REQUIRED"},
        PROHIBITIONS | {"HR_BIO", "HIGH_RISK"},
        now={"dpia", "gdpr_notice"},
        recommended={"voluntary_register"},
    ),
    Case(
        "L6 an alert for abandoned objects",
        ANONYMOUS,
        {"MINIMAL_OR_LIMITED", "DPIA_REQUIRED"},
        PROHIBITIONS | {"HR_BIO", "HIGH_RISK"},
        now={"dpia"},
        recommended={"voluntary_register"},
    ),
    Case(
        "L8 aggression read from faces in a street",
        NOT_REMOTE | EMOTION | ASSESSED | GDPR | END | {"q25": "yes"},
        {"HR_BIO", "ART50_NOTICE"},
        PROHIBITIONS,
        now={"notice50", "dpia"},
        later={"deployer_h", "fria", "registration"},
    ),
    Case(
        "L9 aggression heard in sound, nobody's emotion inferred",
        ANONYMOUS,
        {"MINIMAL_OR_LIMITED", "GDPR", "DPIA_REQUIRED"},
        {"HR_BIO"},
        now={"dpia"},
    ),
    Case(
        "L9 aggression heard in sound, from the emotion of people's voices",
        NOT_REMOTE | EMOTION | ASSESSED | GDPR | END | {"q25": "yes"},
        {"HR_BIO", "ART50_NOTICE"},
        {"MINIMAL_OR_LIMITED"},
        now={"notice50", "dpia"},
    ),
    Case(
        "L11 a list of risky people solely from profiling",
        {"q1": "yes", "q2": "no", "q3": "yes"},
        {"PROHIBITED"},
        now={"prohibition"},
    ),
    Case(
        "L13 volunteers at a carnival, with consent, signs and a way round, as a trial",
        LAWFUL_AI | LIVE | {"q9": "no", "q13": "yes"} | DEPLOYER | ASSESSED | GDPR | TRIAL,
        {"HR_BIO", "ART60_TESTING", "DPIA_REQUIRED", "GDPR"},
        PROHIBITIONS | {"RT_RBI_CONDITIONAL", "LED"},
        now={"testing_plan", "testing_consent", "dpia"},
        later={"registration"},
    ),
]


def assessment(answers: dict[str, str]) -> Assessment:
    framework = load_framework("ai-technology")
    subject = Subject("technology", "A system", {"country": "FR", "deployer": "public"})
    names = {item.name for item in items(framework, subject)}
    assert answers.keys() <= names
    return Assessment(
        framework, subject, {}, tuple(Answer(q, (), value=v) for q, v in answers.items())
    )


def gates(result: Result) -> TreeResult:
    found = result.score("gates")
    assert isinstance(found, TreeResult)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_gates_end_as_the_law_says(case):
    found = gates(evaluate(assessment(case.answers), on=NOW))
    assert found.stops_at is None
    assert case.outcomes <= set(found.outcomes)
    assert not case.never & set(found.outcomes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_duties_are_told_as_of_a_day(case):
    told = {duty.key: duty for duty in evaluate(assessment(case.answers), on=NOW).duties}
    assert case.now <= {key for key, duty in told.items() if duty.status == "now"}
    assert case.later <= {
        key for key, duty in told.items() if (duty.status, duty.start) == ("from", LATER)
    }
    assert case.recommended <= {k for k, duty in told.items() if duty.status == "recommended"}
    then = {duty.key: duty.status for duty in evaluate(assessment(case.answers), on=LATER).duties}
    assert {then[key] for key in case.now | case.later} <= {"now"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whatever_the_gates_used_was_asked(case):
    asked = {item.key for item in shown(assessment(case.answers))}
    assert case.answers.keys() <= asked


@pytest.mark.parametrize("missing", sorted(CONDITIONS))
def test_live_search_is_unlawful_until_each_condition_is_met(missing):
    found = gates(evaluate(assessment(LIVE_POLICE | {missing: "no"}), on=NOW))
    assert found.outcomes == ("UNLAWFUL_UNTIL_COMPLETE",)


def test_the_gates_say_what_they_wait_for_and_where_either_answer_leads():
    found = gates(evaluate(assessment(LAWFUL_AI | LIVE), on=NOW))
    assert (found.stops_at, found.waits_for) == ("q9", ("q9",))
    assert {branch.value: branch.stops_at for branch in found.branches} == {
        "yes": "q10", "no": "q13",
    }  # fmt: skip
    assert {"PROHIBITED", "RT_RBI_CONDITIONAL", "HR_BIO"} <= set(found.reachable)


def test_an_unknown_answer_is_no_permission():
    result = evaluate(assessment(LAWFUL_AI | LIVE | {"q9": "yes", "q10": "suspect"}), on=NOW)
    assert gates(result).outcomes == ()
    assert "prohibition" in {duty.key for duty in result.undecided_duties}


def test_the_answer_on_which_a_permission_hangs_is_named():
    flips = sensitivity(assessment(CASES[0].answers), on=NOW)
    named = {
        (flip.item, flip.value)
        for flip in flips
        for change in flip.changes
        if change.kind == "score" and change.key == "gates"
    }
    assert {("q11", "no"), ("q10", "other"), ("q12e", "no")} <= named
