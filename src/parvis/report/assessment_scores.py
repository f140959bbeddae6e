"""How the scores of an assessment are told: each method in its own way, never as one grade."""

from collections.abc import Iterable, Iterator
from typing import Any

from parvis.assessment.results import (
    BorichResult,
    Figure,
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
from parvis.report.parts import Heading, Part, Sentence, Table

Single = Figure | GateResult | LadderResult | MatrixResult | Withheld
"""Scores that are one row of a table."""


def score_parts(scores: Iterable[ScoreResult], words: AssessmentWords) -> Iterator[Part]:
    """Return what is told of all scores: a table of single results, then the larger ones."""
    told = list(scores)
    in_profiles = {
        (part.key, part.at)
        for score in told
        if isinstance(score, ProfileResult)
        for part in score.scores
    }
    said = _Scores(words)
    single = [
        score
        for score in told
        if isinstance(score, Single) and (score.key, score.at) not in in_profiles
    ]
    known = [score for score in single if _is_known(score)]
    if known:
        rows = [said.row(each) for each in known]
        yield Table(said.head("scores"), rows, ("rest", "rest", "auto"))
    if left_out := len(single) - len(known):
        yield Sentence(said.say("profile.left_out", count=left_out))
    for each in single:
        yield from said.details(each)
    for score in told:
        match score:
            case ProfileResult():
                yield from said.profile(score)
            case TreeResult():
                yield from said.tree(score)
            case SpreadResult():
                yield from said.spread(score)
            case BorichResult():
                yield from said.borich(score)


def _is_known(score: Single) -> bool:
    """Return whether anything at all is known of a score."""
    match score:
        case Figure():
            return score.n_known > 0
        case MatrixResult():
            return bool(score.classes)
        case GateResult():
            return any(told.holds is not None for told in score.conditions)
        case _:
            return True


class _Scores:
    def __init__(self, words: AssessmentWords) -> None:
        self.words = words
        self.known = {score.key: score for score in words.framework.scores}

    def say(self, key: str, **fields: Any) -> str:
        return self.words.wording(f"assessment.{key}", **fields)

    def head(self, key: str) -> list[str]:
        return list(self.words.wording.node(f"assessment.profile.{key}"))

    def name(self, score: ScoreResult) -> str:
        known = self.known[score.key]
        place = self.words.place(known.by, score.at)
        return f"{self.words.name(known)} ({place})" if place else self.words.name(known)

    def row(self, score: Single) -> list[str]:
        match score:
            case Figure():
                n = score.n_known + score.n_unknown + score.n_missing
                known = self.say("known", known=score.n_known, all=n)
                return [self.name(score), self.figure(score), known]
            case GateResult():
                return [self.name(score), self.say(f"gates.{score.outcome}"), ""]
            case LadderResult():
                return [self.name(score), self.rungs(score), ""]
            case MatrixResult():
                return [self.name(score), self.classes(score), ""]
            case Withheld():
                return [self.name(score), self.say("profile.hidden"), ""]

    def figure(self, score: Figure) -> str:
        if not score.is_shown or score.low is None or score.high is None:
            n = score.n_known + score.n_unknown + score.n_missing
            return self.say("not_shown", known=score.n_known, all=n)
        is_share = score.method == "readiness" and score.unit != "percent"
        unit = " %" if score.method == "readiness" or score.unit == "percent" else ""

        def said(value: float | None) -> str:
            if value is None:
                return "…"
            shown = 100.0 * value if is_share else value
            return f"{self.words.wording.number(shown, 0 if unit else 1)}{unit}"

        low, high = said(score.low), said(score.high)
        text = low if low == high else self.say("range", low=low, high=high)
        ends = [said(end) for end in score.bounds]
        if ends == [low, high]:
            return text
        return self.say("could_be", said=text, low=ends[0], high=ends[1])

    def rungs(self, score: LadderResult) -> str:
        rungs = getattr(self.known[score.key], "rungs", ())
        low, high = (
            self.say("below") if key is None else self.words.named(rungs, key)
            for key in (score.low, score.high)
        )
        return low if low == high else self.say("range", low=low, high=high)

    def classes(self, score: MatrixResult) -> str:
        known = getattr(self.known[score.key], "classes", ())
        either = self.words.wording.node("assessment.profile.or")
        if score.classes:
            return str(either).join(self.words.named(known, key) for key in score.classes)
        if not score.possible:
            return self.say("profile.not_applicable")
        names = str(either).join(self.words.named(known, key) for key in score.possible)
        return self.say("profile.not_judged", classes=names)

    def details(self, score: ScoreResult) -> Iterator[Part]:
        if isinstance(score, Figure):
            for key in score.blocked_by:
                yield Sentence(self.say("profile.blocked", question=self.words.item(key)))
            for key in score.may_block:
                yield Sentence(self.say("profile.may_block", question=self.words.item(key)))

    def profile(self, score: ProfileResult) -> Iterator[Part]:
        yield Heading(self.name(score))
        rows = [self.row(part) for part in score.scores if isinstance(part, Single)]
        yield Table(self.head("profile"), rows, ("rest", "rest", "auto"))

    def tree(self, score: TreeResult) -> Iterator[Part]:
        known: Any = self.known[score.key]
        yield Heading(self.name(score))
        rows = [
            [
                self.words.item(step.question) if step.question else step.step,
                self.words.said(step.question) or "–" if step.question else "–",
                "; ".join(self.words.named(known.outcomes, key) for key in step.outcomes) or "–",
            ]
            for step in score.path
        ]
        if rows:
            yield Table(self.head("path"), rows, ("rest", "rest", "rest"))
        for key in score.outcomes:
            outcome = next(each for each in known.outcomes if each.key == key)
            text = self.words.name(outcome, "text")
            yield Sentence(f"{self.words.name(outcome)}{f': {text}' if text else ''}")
        if score.waits_for:
            question = self.words.item(score.waits_for[0])
            yield Sentence(self.say("profile.waits", question=question))

    def spread(self, score: SpreadResult) -> Iterator[Part]:
        yield Heading(self.name(score))
        number = self.words.wording.number
        rows = []
        for row in score.rows:
            name = self.words.reference(row.of)
            if row.is_hidden:
                rows.append([name, self.say("profile.hidden"), "", ""])
            elif row.median is None or row.low is None or row.high is None:
                rows.append([name, self.say("profile.undefined"), "", ""])
            else:
                span = self.say("range", low=number(row.low, 1), high=number(row.high, 1))
                rows.append([name, number(row.median, 1), span, str(row.n)])
        yield Table(self.head("spread"), rows, ("rest", "auto", "auto", "auto"))
        if score.weakest:
            names = ", ".join(self.words.reference(of) for of in score.weakest)
            yield Sentence(self.say("profile.weakest", names=names))

    def borich(self, score: BorichResult) -> Iterator[Part]:
        yield Heading(self.name(score))
        number = self.words.wording.number
        rows = []
        for row in score.rows:
            name = self.words.item(row.item)
            if row.is_hidden:
                rows.append([name, self.say("profile.hidden"), "", "", ""])
            elif row.mwds is None or row.importance is None or row.competence is None:
                rows.append([name, self.say("profile.undefined"), "", "", ""])
            else:
                figures = [number(each, 2) for each in (row.mwds, row.importance, row.competence)]
                rows.append([name, *figures, str(row.n)])
        yield Table(self.head("borich"), rows, ("rest", "auto", "auto", "auto", "auto"))
