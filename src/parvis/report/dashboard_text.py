"""A dashboard as lines that a person reads, halves side by side, and as a document for machines."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from parvis.indicators.dashboard import (
    Block,
    Card,
    Change,
    Comparison,
    Dashboard,
    Half,
    MissingHalf,
    Point,
    Score,
    ScoreScale,
    Theme,
    missing_data,
    reporting_of,
)
from parvis.indicators.estimates import Note
from parvis.packs.indicators import Catalogue
from parvis.report.messages import fill

if TYPE_CHECKING:
    from parvis.packs.theme_models import Themes

GAP = " | "
NARROWEST = 34
INDENT = 4
CHANGES = {
    Change.ROSE: "rose",
    Change.FELL: "fell",
    Change.NO_DEMONSTRABLE_CHANGE: "no demonstrable change",
    Change.UNKNOWN: "change unknown",
}


def dashboard_document(found: Dashboard, known: Catalogue, themes: "Themes") -> dict[str, Any]:
    """Return a dashboard as numbers, text and None for what is not known."""
    reporting = reporting_of(found, themes)
    return {
        "area": found.area,
        "period": found.period,
        "base_period": found.base_period,
        "missing_share": found.missing_share,
        "notices": _notes(found.notices),
        "reporting": {code: _point(rate) for code, rate in reporting.items()},
        "blocks": [_block(block, known) for block in found.blocks],
        "missing": [_missing(each) for each in missing_data(found)],
    }


def dashboard_lines(
    found: Dashboard, known: Catalogue, themes: "Themes", *, width: int = 100
) -> Iterator[str]:
    """
    Yield a dashboard as lines, the objective half on the left and the perceived one on the right.

    Parameters
    ----------
    found : Dashboard
    known : Catalogue
        For the names of units.
    themes : Themes
        Say how much of what is recorded is reported.
    width : int
        Of a line.
    """
    since = f", base period {found.base_period}" if found.base_period else ""
    yield f"{found.area}, {found.period}{since}"
    for note in found.notices:
        yield from textwrap.wrap(fill(note.code, note.details), width, subsequent_indent="  ")
    reporting = reporting_of(found, themes)
    column = max((width - len(GAP)) // 2, NARROWEST)
    for block in found.blocks:
        yield ""
        held = f"{block.n_with_value} of {block.n_indicators} indicators have a value"
        span = "" if block.oldest is None else f", of {block.oldest}"
        if block.newest != block.oldest:
            span += f" to {block.newest}"
        yield f"{block.key} {block.name}: {held}{span}"
        yield from _beside(["OBJECTIVE"], ["PERCEIVED"], column)
        if block.in_composite:
            one, other = ([_block_line(half)] for half in block.halves)
            yield from _beside(one, other, column)
        for theme in block.themes:
            yield f"  {theme.name}"
            left, right = (
                [*_half_lines(half, known, block.in_composite), *_reporting_lines(half, reporting)]
                for half in theme.halves
            )
            yield from _beside(left, right, column)


def _beside(left: Sequence[str], right: Sequence[str], width: int) -> Iterator[str]:
    columns = [
        [
            line
            for text in half
            for line in textwrap.wrap(
                text,
                width,
                initial_indent=" " * INDENT,
                subsequent_indent=" " * (INDENT + 2),
            )
        ]
        for half in (left, right)
    ]
    for one, other in zip_longest(*columns, fillvalue=""):
        yield f"{one:<{width}}{GAP}{other[INDENT:]}".rstrip()


def _half_lines(half: Half, known: Catalogue, is_scored: bool) -> list[str]:
    lines = [_score_line(half.score)] if is_scored and half.score else []
    return [*lines, *(_card_line(card, half, known) for card in half.cards)]


def _reporting_lines(half: Half, reporting: Mapping[str, Point | None]) -> Iterator[str]:
    """Yield how much of the recorded crime of a half is reported, or that it is not known."""
    recorded = [card.code for card in half.cards if card.code in reporting and not card.is_missing]
    unknown = [code for code in recorded if reporting[code] is None]
    for code in recorded:
        rate = reporting[code]
        if rate is not None and rate.estimate.value is not None:
            share = _number(rate.estimate.value)
            yield f"{code}: recorded crime; {share} % of victims reported ({rate.period})"
    if unknown:
        yield f"{', '.join(unknown)}: recorded crime; how much is reported is not known"


def _block_line(half: Half) -> str:
    if half.score is None:
        return "no indicators that are scored"
    if half.score.value is None:
        return " ".join(fill(note.code, note.details) for note in half.score.notes)
    return _score_line(half.score)


def _score_line(score: Score) -> str:
    if score.value is None:
        return "not enough data for a score"
    interval = "" if score.low is None else f" ({score.low:.1f} to {score.high:.1f})"
    ends = "base 100" if score.scale is ScoreScale.BASE_100 else "of 100"
    told = f", {CHANGES[score.change]}" if score.scale is ScoreScale.BASE_100 else ""
    share = "" if score.share_present > 0.999 else f", from {score.share_present:.0%} of the data"
    return f"score {score.value:.1f}{interval}, {ends}{told}{share}"


def _card_line(card: Card, half: Half, known: Catalogue) -> str:
    head = f"{card.code} {card.indicator.name}"
    if card.code in half.beside:
        head += " (beside)"
    if card.latest is None:
        return f"{head}: no value"
    if card.is_missing:
        return f"{head}: {' '.join(fill(note.code, note.details) for note in card.notes)}"
    unit = known.units[card.unit]
    value = f"{_number(card.latest.estimate.value)} {unit}{_range(card)}, {card.latest.period}"
    told = card.comparison
    since = f"; {CHANGES[told.change]} since {told.before.period}" if told else ""
    old = "; old" if card.is_old else ""
    return f"{head}: {value}{since}{old}"


def _range(card: Card) -> str:
    estimate = card.latest.estimate if card.latest else None
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    said = "range of chance variation" if card.is_complete_count else "95 %"
    return f" ({said} {_number(estimate.low)} to {_number(estimate.high)})"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _block(block: Block, known: Catalogue) -> dict[str, Any]:
    return {
        "key": block.key,
        "name": block.name,
        "in_composite": block.in_composite,
        "n_indicators": block.n_indicators,
        "n_with_value": block.n_with_value,
        "oldest": block.oldest,
        "newest": block.newest,
        "objective": _score(block.objective.score),
        "perceived": _score(block.perceived.score),
        "themes": [_theme(theme, known) for theme in block.themes],
    }


def _theme(theme: Theme, known: Catalogue) -> dict[str, Any]:
    return {
        "key": theme.key,
        "name": theme.name,
        **{
            half.sphere: {
                "score": _score(half.score),
                "beside": list(half.beside),
                "indicators": [_card(card, known) for card in half.cards],
            }
            for half in theme.halves
        },
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "arithmetic": score.arithmetic,
        "scale": score.scale.value,
        "share_present": score.share_present,
        "is_enough": score.is_enough,
        "change": score.change.value,
        "probability_rose": score.probability_rose,
        "notes": _notes(score.notes),
    }


def _card(card: Card, known: Catalogue) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": card.indicator.name,
        "unit": known.units[card.unit],
        "core": card.indicator.core,
        "latest": _point(card.latest),
        "series": [_point(point) for point in card.series.points],
        "since_base": _comparison(card.since_base),
        "since_last": _comparison(card.since_last),
        "target": card.target,
        "is_complete_count": card.is_complete_count,
        "age_years": card.age_years,
        "notes": _notes(card.notes),
    }


def _point(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    estimate = point.estimate.to_json()
    notes = _notes(point.estimate.notes)
    return {"period": point.period, "is_break": point.is_break, **estimate, "notes": notes}


def _comparison(told: Comparison | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "before": told.before.period,
        "after": told.after.period,
        "change": told.change.value,
        "difference": told.difference.to_json() if told.difference else None,
        "ratio": told.ratio.to_json() if told.ratio else None,
        "probability_rose": told.probability_rose,
        "is_better": told.is_better,
        "notes": _notes(told.notes),
    }


def _missing(each: MissingHalf) -> dict[str, Any]:
    return {
        "block": each.block,
        "theme": each.theme,
        "sphere": each.sphere,
        "indicators": [
            {
                "code": one.code,
                "core": one.is_core,
                "sources": list(one.sources),
                "questions": list(one.questions),
                "reason": fill(one.reason.code, one.reason.details),
            }
            for one in each.missing
        ],
        "is_scored": each.is_scored,
        "is_enough": each.is_enough,
        "n_needed": each.n_needed,
        "core": list(each.core),
    }


def _notes(notes: Sequence[Note]) -> list[dict[str, Any]]:
    return [
        {"code": note.code, "detail": fill(note.code, note.details), **note.details}
        for note in notes
    ]
