"""One document of a space: how vehicles can arrive, what was found, decided and is to be done."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from parvis import __version__
from parvis.approach.results import ApproachResult
from parvis.assessment import Assessment, Result
from parvis.report.annex import annex_data
from parvis.report.assessment_report import (
    ReportFacts,
    chapter_parts,
    finding_key,
    page_html,
)
from parvis.report.assessment_words import AssessmentWords
from parvis.report.documents import compile_document
from parvis.report.layout_data import REGIONS, data_date
from parvis.report.parts import Chapter, Facts, Heading, Part, Sentence, Table
from parvis.report.wording import Wording

RUN_SHOWN = 12
COLUMNS = (0, 1, 3, 5, 6)
"""Of the annex's table of access points; its widths, stand-offs and reasons stand there."""


@dataclass(frozen=True)
class Assessed:
    """An assessment, what follows from it and what its report says of itself."""

    assessment: Assessment
    result: Result
    facts: ReportFacts


@dataclass(frozen=True)
class PlannedMeasure:
    """A measure, every field in the reader's language; empty where nobody said so."""

    name: str
    state: str
    owner: str = ""
    due: str = ""
    cost: str = ""


@dataclass(frozen=True)
class Dossier:
    """
    What a dossier joins.

    Attributes
    ----------
    space_name, kind : str
        Kind as `Wording.space_kind` knows it.
    area : float
        [m²]
    authority, marking : str
        ``TLP:…``.
    on : date
        As of when.
    created : str
        ISO date-time.
    is_restricted : bool
        With weaknesses, for named readers; otherwise an outline that names none.
    approach : ApproachResult or None
    assessments : sequence of Assessed
    measures : sequence of PlannedMeasure
    recipient : str
    copy, copies : int
        Which numbered copy this is, of how many; copies are told where it is restricted.
    """

    space_name: str
    kind: str
    area: float
    authority: str
    marking: str
    on: dt.date
    created: str
    is_restricted: bool
    approach: ApproachResult | None = None
    assessments: Sequence[Assessed] = ()
    measures: Sequence[PlannedMeasure] = ()
    recipient: str = ""
    copy: int = 1
    copies: int = 1


def dossier_pdf(dossier: Dossier, language: str = "en") -> bytes:
    """Return a dossier as PDF/UA-1 in one of the languages of `LANGUAGES`."""
    wording = Wording(language)
    title, footer = _title(dossier, wording), _footer(dossier, wording)
    return compile_document(
        "assessment.typ",
        {
            "title": title,
            "title_size": 18 if len(title) <= 70 else 14,
            "description": wording("dossier.footer"),
            "author": f"Parvis {__version__}",
            "lang": language,
            "region": REGIONS.get(language),
            "marking": dossier.marking,
            "subject": dossier.space_name,
            "footer": footer,
            "page": wording.node("assessment.page"),
            "chapters": [each.document() for each in dossier_chapters(dossier, language)],
            "created": dossier.created,
        },
        {},
    )


def dossier_html(dossier: Dossier, language: str = "en") -> str:
    """Return a dossier as one page of HTML without scripts, styles or other hosts."""
    wording = Wording(language)
    chapters = dossier_chapters(dossier, language)
    note = _footer(dossier, wording)
    return page_html(_title(dossier, wording), dossier.marking, chapters, language, note=note)


def dossier_chapters(dossier: Dossier, language: str = "en") -> list[Chapter]:
    """Return the chapters of a dossier: place, ways in, each assessment, measures."""
    wording = Wording(language)

    def say(key: str, **fields: Any) -> str:
        return wording(f"dossier.{key}", **fields)

    chapters = [
        Chapter(say("place.title"), list(_place(dossier, wording))),
        Chapter(say("approach.title"), list(_approach(dossier, wording))),
    ]
    for each in dossier.assessments:
        words = AssessmentWords(each.assessment, wording)
        title = say("assessment.title", framework=words.name(words.framework))
        made = _assessed(each, words) if dossier.is_restricted else _outlined(each, words)
        chapters.append(Chapter(title, list(made)))
    if not dossier.assessments:
        nothing = Sentence(say("assessment.none"))
        chapters.append(Chapter(say("assessment.none_title"), [nothing]))
    chapters.append(Chapter(say("measures.title"), list(_measures(dossier, wording))))
    return chapters


def _title(dossier: Dossier, wording: Wording) -> str:
    return wording("dossier.title", space=dossier.space_name)


def _footer(dossier: Dossier, wording: Wording) -> str:
    footer = wording("dossier.footer")
    if not dossier.is_restricted:
        return footer
    return wording(
        "dossier.copy",
        footer=footer,
        copy=dossier.copy,
        copies=dossier.copies,
        recipient=dossier.recipient or wording("dossier.no_recipient"),
    )


def _place(dossier: Dossier, wording: Wording) -> Iterator[Part]:
    names = wording.node("dossier.place.facts")
    scope = "restricted" if dossier.is_restricted else "council"
    rows = [
        [names["name"], dossier.space_name],
        [names["kind"], wording.space_kind(dossier.kind) if dossier.kind else ""],
        [names["area"], f"{wording.number(dossier.area)} m²"],
        [names["data_date"], wording.date(data_date(dossier.approach)) if dossier.approach else ""],
        [names["as_of"], wording.date(dossier.on.isoformat())],
        [names["authority"], dossier.authority],
        [names["scope"], wording(f"dossier.place.{scope}")],
    ]
    yield Facts(list(wording.node("assessment.facts.head")), [row for row in rows if row[1]])


def _approach(dossier: Dossier, wording: Wording) -> Iterator[Part]:
    result = dossier.approach
    if result is None:
        yield Sentence(wording("dossier.approach.none"))
        return
    day = wording.date(str(result.provenance.get("created", dossier.created)))
    if not dossier.is_restricted:
        yield Sentence(wording("dossier.approach.council", day=day))
        return
    told = annex_data(result, wording.language)
    yield Sentence(told["summary"])
    yield Sentence(wording("meaning"))
    for sentence in told["qualifications"]:
        yield Sentence(sentence)
    for sentence in told["notices"]:
        yield Sentence(sentence)
    if told["access"]["rows"]:
        yield Heading(wording("dossier.approach.points"))
        head = wording.node("annex.access_points.head")
        yield Table(
            [head[place] for place in COLUMNS],
            [
                ["; ".join(filter(None, row[place])) for place in COLUMNS]
                for row in told["access"]["rows"]
            ],
            ("auto", "rest", "rest", "rest", "rest"),
        )
    run = str(result.provenance.get("run_id", "–"))[:RUN_SHOWN]
    yield Sentence(wording("dossier.approach.made", day=day, run=run, grade=str(result.grade)))


def _assessed(each: Assessed, words: AssessmentWords) -> Iterator[Part]:
    told = (each.assessment, each.result, each.facts, words)
    yield from chapter_parts(*told, "summary")
    for heading, key in (
        ("figures", "profile"),
        ("findings", "findings"),
        ("plan", "plan"),
        ("gaps", "gaps"),
    ):
        yield Heading(words.wording(f"dossier.assessment.{heading}"))
        yield from chapter_parts(*told, key)


def _outlined(each: Assessed, words: AssessmentWords) -> Iterator[Part]:
    found = [finding_key(finding.key, finding.at) for finding in each.result.findings]
    progress = each.result.progress
    yield Sentence(
        words.wording(
            "dossier.assessment.council",
            done=progress.n_done,
            all=progress.n_asked,
            findings=len(found),
            decided=sum(key in each.facts.decisions for key in found),
        )
    )


def _measures(dossier: Dossier, wording: Wording) -> Iterator[Part]:
    if not dossier.measures:
        yield Sentence(wording("dossier.measures.none"))
        return
    if not dossier.is_restricted:
        for state, count in Counter(each.state for each in dossier.measures).items():
            yield Sentence(wording("dossier.measures.counts", count=count, state=state))
        return
    rows = [
        [each.name, each.state, *(said or "–" for said in (each.owner, each.due, each.cost))]
        for each in dossier.measures
    ]
    head = list(wording.node("dossier.measures.head"))
    yield Table(head, rows, ("rest", "auto", "rest", "auto", "auto"))
