"""What stands in the yearly report: the dashboard's figures and tables, filled anew each year."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from parvis.indicators.dashboard import Block, Card, Dashboard, missing_data, moved
from parvis.report.dashboard_figures import DashboardFigures, translated
from parvis.report.dashboard_words import DashboardWords
from parvis.report.figures import Figure, Layout, summary, to_svg
from parvis.report.figures import Words as FigureWords
from parvis.report.parts import Chapter, Part, Sentence, Sentences, Table
from parvis.report.wording import Wording

_NOT_IN_NAMES = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True)
class Picture:
    """A figure in a chapter: picture, what it says, and its caveats."""

    figure: Figure

    @property
    def file(self) -> str:
        """Name of its file beside the document."""
        return f"{_NOT_IN_NAMES.sub('-', self.figure.key)}.svg"

    def content(self) -> bytes:
        """Return the picture."""
        return to_svg(self.figure, Layout.WIDE).encode()

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {"kind": "picture", "file": self.file, "alt": summary(self.figure)}

    def html(self) -> str:
        """Return the part as HTML, the picture within it."""
        data = base64.b64encode(self.content()).decode()
        said = escape(summary(self.figure))
        return f'<p><img alt="{said}" src="data:image/svg+xml;base64,{data}"></p>\n<p>{said}</p>'


class ReportOf:
    """
    The yearly report of an area.

    Parameters
    ----------
    found : Dashboard
    figures : DashboardFigures
        Give the language of the report.
    area, authority, marking : str
        As people read them; the marking as ``TLP:…``.
    created : str
        ISO date-time.
    is_synthetic : bool
        The data are made up, which the report says first.
    """

    def __init__(
        self,
        found: Dashboard,
        figures: DashboardFigures,
        *,
        area: str,
        authority: str,
        marking: str,
        created: str,
        is_synthetic: bool = False,
    ) -> None:
        self._found, self._figures = found, figures
        self._area, self._authority = area, authority
        self._marking, self._created = marking, created
        self._is_synthetic = is_synthetic
        self._wording = Wording(figures.language)
        self._words = DashboardWords(figures.catalogue, figures.language)

    @property
    def title(self) -> str:
        """Title of the report."""
        return self._say("title", area=self._area, period=self._found.period)

    def titles(self) -> list[str]:
        """Return the titles of the chapters."""
        return [each.title for each in self._chapters()]

    def pdf(self) -> bytes:
        """Return the report as PDF/UA-1; every text is data to the typesetter and never code."""
        from parvis.report.documents import compile_document

        chapters = self._chapters()
        language = self._figures.language
        pictures = {
            part.file: part.content()
            for chapter in chapters
            for part in chapter.parts
            if isinstance(part, Picture)
        }
        return compile_document(
            "indicators.typ",
            {
                "title": self.title,
                "title_size": 18 if len(self.title) <= 70 else 14,
                "description": self._say("footer"),
                "author": self._authority,
                "lang": language,
                "region": "GB" if language == "en" else language.upper(),
                "marking": self._marking,
                "subject": self._area,
                "footer": self._say("footer"),
                "page": self._wording.node("assessment.page"),
                "chapters": [chapter.document() for chapter in chapters],
                "created": self._created,
            },
            pictures,
        )

    def html(self) -> str:
        """Return the report as one page of HTML without scripts, styles or other hosts."""
        from parvis.report.assessment_report import page_html

        return page_html(
            self.title,
            self._marking,
            self._chapters(),
            self._figures.language,
            note=self._say("footer"),
        )

    def _say(self, key: str, **fields: object) -> str:
        return self._wording(f"dashboard.report.{key}", **fields)

    def _chapters(self) -> list[Chapter]:
        blocks = self._found.blocks
        return [
            Chapter(self._say("short"), list(self._short())),
            *(Chapter(self._figures.entry(each), list(self._block(each))) for each in blocks),
            Chapter(self._say("gaps"), list(self._gaps())),
            Chapter(self._say("method"), list(self._method())),
        ]

    def _short(self) -> Iterator[Part]:
        if self._is_synthetic:
            yield Sentence(self._say("synthetic"))
        base = self._found.base_period
        yield Sentence(
            self._say("since", base=base) if base is not None else self._say("since_last")
        )
        yield Sentences(
            [
                self._say(
                    "line",
                    block=self._figures.entry(block),
                    sentence=self._words.sentence(self._cards(block)),
                )
                for block in self._found.blocks
            ]
        )
        yield Picture(self._figures.share(self._found))  # type: ignore[misc]

    def _block(self, block: Block) -> Iterator[Part]:
        cards = self._cards(block)
        yield Sentence(" ".join(part for part in (
            self._words.sentence(cards), self._words.verdict(cards), self._words.coverage(block)
        ) if part))  # fmt: skip
        figures = [self._figures.pair(block, self._found)]
        if block.in_composite:
            figures += [
                self._figures.moved(block, moved(self._found, block.key, sphere), self._found)
                for sphere in ("objective", "perceived")
            ]
        for figure in figures:
            if figure is not None:
                yield Picture(figure)  # type: ignore[misc]
        for half in block.halves:
            there = [card for card in half.cards if not card.is_missing]
            if there:
                yield self._table(half.sphere, there)
        recorded = [
            FigureWords(figure).caveats()[-1]
            for card in cards
            if not card.is_missing and self._figures.recorded(card.indicator) is not None
            and (figure := self._figures.trend(card)) is not None
        ]  # fmt: skip
        for text in dict.fromkeys(recorded):
            yield Sentence(text)

    def _table(self, sphere: str, cards: list[Card]) -> Table:
        rows = []
        for card in cards:
            if card.latest is None:
                continue
            change = self._words.change(card)
            before = self._words.before(card)
            value = self._words.value(card, card.latest.estimate.value)
            interval = self._words.interval(card, card.latest.estimate)
            rows.append(
                (
                    f"{translated(card.indicator, self._figures.language)}, "
                    f"{self._figures.unit(card.indicator)}",
                    f"{value} ({interval})" if interval else value,
                    card.latest.period,
                    f"{change} ({before})" if before else change,
                    "" if card.target is None else self._words.value(card, card.target),
                )
            )
        head = (
            self._wording(f"dashboard.half.{sphere}"),
            self._wording("chart.column.value"),
            self._wording("chart.of.period"),
            self._say("change"),
            self._wording("chart.role.target"),
        )
        return Table(head, rows, ("rest", "auto", "auto", "rest", "auto"))

    def _gaps(self) -> Iterator[Part]:
        items = [
            self._say(
                "gap",
                theme=self._theme(each.block, each.theme),
                half=self._wording(f"dashboard.half.{each.sphere}"),
                names=self._wording.join(
                    [translated(one.indicator, self._figures.language) for one in each.missing]
                ),
            )
            for each in missing_data(self._found)
            if each.theme is not None
        ]
        yield Sentences(items) if items else Sentence(self._say("no_gaps"))

    def _method(self) -> Iterator[Part]:
        yield Sentence(self._say("reading"))
        yield Sentences([self._words.note(each) for each in self._found.notices])
        yield Sentence(self._say("scores"))

    def _theme(self, block: str, key: str) -> str:
        found = next(each for each in self._found.blocks if each.key == block)
        return self._figures.entry(next(each for each in found.themes if each.key == key))

    def _cards(self, block: Block) -> list[Card]:
        return [*block.objective.cards, *block.perceived.cards]
