"""What stands in the report of an assessment: the same chapters for every framework."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from parvis import __version__
from parvis.assessment import Assessment, Result
from parvis.assessment.priorities import priorities
from parvis.assessment.results import DutyResult
from parvis.packs.frameworks import framework_digest
from parvis.report.assessment_scores import score_parts
from parvis.report.assessment_words import AssessmentWords
from parvis.report.parts import Chapter, Facts, Heading, Part, Sentence, Sentences, Table
from parvis.report.wording import Wording

CHAPTERS = ("summary", "profile", "findings", "plan", "evidence", "gaps", "agreement", "method")

MOST_PLACES = 3
"""Places of one open finding that are told one by one."""


@dataclass(frozen=True)
class FindingDecision:
    """
    What was decided about a finding.

    Attributes
    ----------
    choice, reason, who : str
        In the reader's language, as people wrote them.
    day : date
    """

    choice: str
    reason: str
    who: str
    day: dt.date


@dataclass(frozen=True)
class ReportFacts:
    """
    What a report says of itself beside the assessment.

    Attributes
    ----------
    marking : str
        ``TLP:…``.
    authority, author, state : str
    signatures : sequence of str
    created : str
        ISO date-time.
    decisions : mapping of str to FindingDecision
        By the finding's key, with ``@`` and its place where it has one.
    """

    marking: str
    created: str
    authority: str = ""
    author: str = ""
    state: str = ""
    signatures: Sequence[str] = ()
    decisions: Mapping[str, FindingDecision] = field(default_factory=dict)


def assessment_pdf(
    assessment: Assessment, result: Result, facts: ReportFacts, language: str = "en"
) -> bytes:
    """
    Return the report as PDF/UA-1; every text is data to the typesetter and never code.

    Parameters
    ----------
    assessment : Assessment
    result : Result
        Of `parvis.assessment.evaluate`.
    facts : ReportFacts
    language : {"en", "fr", "pl"}
    """
    from parvis.report.documents import compile_document

    wording = Wording(language)
    title, chapters = report_chapters(assessment, result, facts, language)
    return compile_document(
        "assessment.typ",
        {
            "title": title,
            "title_size": 18 if len(title) <= 70 else 14,
            "description": wording("assessment.footer"),
            "author": facts.author or f"Parvis {__version__}",
            "lang": language,
            "region": "GB" if language == "en" else language.upper(),
            "marking": facts.marking,
            "subject": assessment.subject.name,
            "footer": wording("assessment.footer"),
            "page": wording.node("assessment.page"),
            "chapters": [chapter.document() for chapter in chapters],
            "created": facts.created,
        },
        {},
    )


def assessment_html(
    assessment: Assessment, result: Result, facts: ReportFacts, language: str = "en"
) -> str:
    """Return the report as one page of HTML without scripts, styles or other hosts."""
    title, chapters = report_chapters(assessment, result, facts, language)
    return page_html(title, facts.marking, chapters, language)


def page_html(
    title: str, marking: str, chapters: Sequence[Chapter], language: str, *, note: str = ""
) -> str:
    """Return chapters as one page of HTML, its marking first and a note at its end."""
    body = "\n".join(chapter.html() for chapter in chapters)
    end = f"<footer><p>{escape(note)}</p></footer>\n" if note else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<p>{escape(marking)}</p>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n{end}</body>\n</html>\n"
    )


def report_chapters(
    assessment: Assessment, result: Result, facts: ReportFacts, language: str = "en"
) -> tuple[str, list[Chapter]]:
    """Return title and chapters of the report, in the order the framework asks for."""
    wording = Wording(language)
    words = AssessmentWords(assessment, wording)
    plan = assessment.framework.report
    wanted = CHAPTERS if plan is None else plan.chapters
    made = _Chapters(assessment, result, facts, words)
    title = wording(
        "assessment.title", framework=words.name(words.framework), subject=assessment.subject.name
    )
    return title, [
        Chapter(wording(f"assessment.chapters.{key}"), list(getattr(made, key)())) for key in wanted
    ]


def chapter_parts(
    assessment: Assessment, result: Result, facts: ReportFacts, words: AssessmentWords, key: str
) -> list[Part]:
    """Return what stands in one of the `CHAPTERS`."""
    return list(getattr(_Chapters(assessment, result, facts, words), key)())


def finding_key(key: str, at: Sequence[str]) -> str:
    """Return what decisions call a finding: its key, and its place where it has one."""
    return f"{key}@{'/'.join(at)}" if at else key


def _status(duty: DutyResult) -> str:
    return "recommended_until" if duty.is_recommended and duty.status == "from" else duty.status


class _Chapters:
    """One method a chapter."""

    def __init__(
        self, assessment: Assessment, result: Result, facts: ReportFacts, words: AssessmentWords
    ) -> None:
        self.assessment, self.result, self.facts, self.words = assessment, result, facts, words
        self.framework = assessment.framework

    def say(self, key: str, **fields: Any) -> str:
        return self.words.wording(f"assessment.{key}", **fields)

    def head(self, key: str) -> list[str]:
        return list(self.words.wording.node(f"assessment.{key}"))

    def summary(self) -> Iterator[Part]:
        progress, facts = self.result.progress, self.facts
        unknown = sum(section.n_unknown for section in progress.sections)
        version = self.say("facts.version", version=self.framework.version)
        rows = [
            [self.say("facts.framework"), f"{self.words.name(self.framework)}, {version}"],
            [self.say("facts.subject"), self.assessment.subject.name],
            *self._attributes(),
            [self.say("facts.date"), self.words.wording.date(self.result.on.isoformat())],
            [self.say("facts.authority"), facts.authority],
            [self.say("facts.author"), facts.author],
            [self.say("facts.state"), facts.state],
            *([self.say("facts.signature"), said] for said in facts.signatures),
            [
                self.say("facts.answered"),
                self.say(
                    "facts.answered_value",
                    done=progress.n_done,
                    all=progress.n_asked,
                    unknown=unknown,
                    open=progress.n_open,
                ),
            ],
            [self.say("facts.assessors"), str(len(self.assessment.assessors) or 1)],
        ]
        yield Facts(self.head("facts.head"), [row for row in rows if row[1]])
        yield Sentences(list(self._in_short()))

    def _attributes(self) -> Iterator[list[str]]:
        stated = self.assessment.subject.attributes
        for attribute in self.framework.attributes:
            value = stated.get(attribute.key)
            match value:
                case None:
                    said = self.say("facts.not_stated")
                case tuple():
                    said = ", ".join(
                        self.words.named(attribute.options, str(part)) for part in value
                    )
                case float() | int():
                    digits = 0 if float(value).is_integer() else 2
                    number = self.words.wording.number(value, digits)
                    said = f"{number} {attribute.unit}".strip()
                case dt.date():
                    said = self.words.wording.date(value.isoformat())
                case _:
                    said = self.words.named(attribute.options, str(value))
            yield [self.words.name(attribute), said]

    def _in_short(self) -> Iterator[str]:
        severities = [found.severity for found in self.result.findings]
        for severity in ("high", "medium", "low", "information"):
            if count := severities.count(severity):
                said = self.say(f"severities.{severity}")
                yield self.say("summary.findings", count=count, severity=said)
        if not severities:
            yield self.say("summary.no_findings")
        if waiting := len(self.result.undecided_findings):
            yield self.say("summary.undecided", count=waiting)
        if due := sum(duty.status == "now" for duty in self.result.duties):
            yield self.say("summary.duties", count=due)
        if not self.result.progress.is_complete:
            yield self.say("summary.incomplete")
        if not self.framework.is_verified:
            yield self.say("summary.unverified")

    def profile(self) -> Iterator[Part]:
        yield from score_parts(self.result.scores, self.words)

    def findings(self) -> Iterator[Part]:
        rows = [
            [
                self.say(f"severities.{found.severity}"),
                self.words_of_finding(found.key, found.at),
                self._decision(finding_key(found.key, found.at)),
            ]
            for found in self.result.findings
        ]
        if rows:
            yield Table(self.head("findings.table"), rows, ("auto", "rest", "rest"))
        else:
            yield Sentence(self.say("findings.none"))
        if self.result.undecided_findings:
            yield Heading(self.say("findings.waits"))
            yield Sentences(list(self._waiting()))
        if self.result.duties or self.result.undecided_duties:
            day = self.words.wording.date(self.result.on.isoformat())
            yield Heading(self.say("findings.duties", day=day))
            yield Table(
                self.head("findings.duties_table"),
                [
                    *(self._duty(duty) for duty in self.result.duties),
                    *(self._duty(duty, "undecided") for duty in self.result.undecided_duties),
                ],
                ("rest", "auto", "auto"),
            )

    def _waiting(self) -> Iterator[str]:
        """Yield the findings that wait for answers; many places of one are counted."""
        by_key: dict[str, list[Sequence[str]]] = {}
        for found in self.result.undecided_findings:
            by_key.setdefault(found.key, []).append(found.at)
        for key, places in by_key.items():
            if len(places) <= MOST_PLACES:
                yield from (self.words_of_finding(key, at) for at in places)
                continue
            entry = next(known for known in self.framework.findings if known.key == key)
            count = self.say("findings.places", count=len(places))
            text = self.words.name(entry)
            yield text.replace("{at}", count) if "{at}" in text else f"{text} ({count})"

    def words_of_finding(self, key: str, at: Sequence[str]) -> str:
        entry = next(known for known in self.framework.findings if known.key == key)
        place = self.words.place(entry.by, at)
        text = self.words.name(entry)
        if "{at}" in text:
            return text.replace("{at}", place)
        return f"{text} ({place})" if place else text

    def _decision(self, key: str) -> str:
        decision = self.facts.decisions.get(key)
        if decision is None:
            return self.say("findings.undecided_by")
        return self.say(
            "findings.decision",
            choice=decision.choice,
            reason=decision.reason or "–",
            who=decision.who,
            day=self.words.wording.date(decision.day.isoformat()),
        )

    def _duty(self, duty: DutyResult, status: str = "") -> list[str]:
        start = self.words.wording.date(duty.start.isoformat()) if duty.start else "–"
        return [
            self.words.named(self.framework.duties, duty.key),
            self.say(f"statuses.{status or _status(duty)}", start=start),
            duty.reference,
        ]

    def plan(self) -> Iterator[Part]:
        found = priorities(self.framework, self.result.findings)
        if not found:
            yield Sentence(self.say("plan.none"))
            return
        yield Sentence(self.say("plan.intro"))
        measures = {known.key: known for known in self.framework.measures}
        rows = [
            [
                self.say("plan.first")
                if each.front == 1
                else self.say("plan.later", front=each.front),
                self.words.name(measures[each.measure]),
                self.say("plan.answers", count=len(each.findings)),
                self._cost(measures[each.measure].cost),
                self.say(f"grades.{measures[each.measure].effect_evidence}"),
            ]
            for each in found
        ]
        yield Table(self.head("plan.table"), rows, ("auto", "rest", "auto", "auto", "auto"))

    def _cost(self, cost: Any) -> str:
        if cost is None:
            return "–"
        number = self.words.wording.number
        return self.say(
            "plan.cost",
            low=number(cost.low),
            high=number(cost.high),
            currency=cost.currency,
            unit=cost.unit,
            year=cost.year,
        )

    def evidence(self) -> Iterator[Part]:
        files: dict[tuple[str, str], list[str]] = {}
        for answer in self.assessment.answers:
            for file in answer.evidence:
                files.setdefault((file.name, file.sha256), []).append(self.words.item(answer.item))
        if not files:
            yield Sentence(self.say("evidence.none"))
            return
        rows = [
            [name or "–", digest[:16], "; ".join(dict.fromkeys(said))]
            for (name, digest), said in files.items()
        ]
        yield Table(self.head("evidence.table"), rows, ("auto", "auto", "rest"))

    def gaps(self) -> Iterator[Part]:
        rows = [
            [self._gap(gap.item), self.say(f"gaps.kinds.{gap.kind}"), "; ".join(gap.notes) or "–"]
            for gap in self.result.gaps
        ]
        if rows:
            yield Table(self.head("gaps.table"), rows, ("rest", "auto", "rest"))
        else:
            yield Sentence(self.say("gaps.none"))

    def _gap(self, item: str) -> str:
        if item.startswith("finding:"):
            key, *at = item.removeprefix("finding:").split("/")
            return self.words_of_finding(key, at)
        return self.words.item(item)

    def agreement(self) -> Iterator[Part]:
        if len(self.assessment.assessors) < 2:
            yield Sentence(self.say("agreement.one"))
            return
        count, compared = len(self.result.differences), self.result.n_compared
        key = "agreement.differ" if count else "agreement.agree"
        yield Sentence(self.say(key, count=count, all=compared))
        shown = [each for each in self.result.agreement if each.is_shown and each.alpha]
        if shown:
            rows = [self._coefficient(each) for each in shown]
            yield Table(self.head("agreement.table"), rows, ("rest", "auto", "auto", "auto"))
        else:
            yield Sentence(self.say("agreement.few"))

    def _coefficient(self, each: Any) -> list[str]:
        scales = {known.key: self.words.name(known) for known in self.framework.scales}
        alpha = each.alpha
        ends = [self._two(end) for end in (alpha.low, alpha.high)]
        interval = "–" if None in (alpha.low, alpha.high) else self._range(ends)
        return [
            scales.get(each.of, each.of.replace("|", ", ")),
            f"α = {self._two(alpha.value)}",
            interval,
            str(each.n_rated),
        ]

    def _range(self, ends: Sequence[str]) -> str:
        return self.say("range", low=ends[0], high=ends[1])

    def _two(self, value: float | None) -> str:
        return "–" if value is None else self.words.wording.number(value, 2)

    def method(self) -> Iterator[Part]:
        source = self.framework.source
        lines = [
            self.say("method.source", title=source.title, publisher=source.publisher),
            *([self.say("method.edition", edition=source.edition)] if source.edition else []),
            self.say("method.licence", licence=source.licence),
        ]
        yield Sentence(f"{', '.join(lines)}.")
        rows = [
            [
                known.source,
                self.say(f"method.confidences.{known.confidence}"),
                self.say("method.verified" if known.verified else "method.unverified"),
            ]
            for known in self.framework.evidence.values()
        ]
        yield Table(self.head("method.evidence"), rows, ("rest", "auto", "auto"))
        yield Sentence(self.say("method.rules"))
        language = self.words.wording.language
        if self.framework.translations.get(language, "reviewed") != "reviewed":
            yield Sentence(self.say("method.translation"))
        yield Sentence(
            self.say(
                "method.made",
                version=__version__,
                id=self.framework.id,
                number=self.framework.version,
                digest=framework_digest(self.framework)[:16],
            )
        )
