"""Which figure shows scores: both halves of each theme, what moved them, what they rest on."""

from collections.abc import Sequence

from parvis.indicators.dashboard import Block, Card, Dashboard, Moved, Score, ScoreScale
from parvis.report.figures.makers import Setting, named, recorded_of, said
from parvis.report.figures.spec import Figure, Kind, Mark, Reporting, Role, Series
from parvis.report.figures.words import PERCENT


def of_block(block: Block, setting: Setting) -> Figure:
    """Return both halves of each theme of a block, as scores."""
    themes = [theme for theme in block.themes if any(half.score for half in theme.halves)]
    halves = []
    for sphere, name in (("objective", "half.objective"), ("perceived", "half.subjective")):
        marks = tuple(
            _of_score(half.score, named(theme, setting.language), theme.key, setting)
            for theme in themes
            if (half := getattr(theme, sphere)).score is not None
        )
        halves.append(Series(setting(name), marks, sphere))
    scales = {half.score.scale for theme in themes for half in theme.halves if half.score}
    is_index = scales == {ScoreScale.BASE_100}
    return Figure(
        key=f"halves-{block.key}".lower(),
        kind=Kind.PAIR,
        title=setting("title.halves", name=named(block, setting.language)),
        series=tuple(halves),
        unit=setting("index_unit" if is_index else "score_unit"),
        of=setting("of.theme"),
        by=setting("column.series"),
        language=setting.language,
        period=_span(block),
        least=None if is_index else 0.0,
        most=None if is_index else 100.0,
        recorded=_recorded_in([block], setting),
    )


def of_moved(found: Moved, dashboard: Dashboard, setting: Setting) -> Figure:
    """Return what moved the score of a half since the base period."""
    names = {theme.key: theme for block in dashboard.blocks for theme in block.themes}
    block = {each.key: each for each in dashboard.blocks}.get(found.key)
    whole = block or names.get(found.key)
    title = found.key if whole is None else named(whole, setting.language)
    steps = []
    for step in found.steps:
        card = dashboard.by_code.get(step.code)
        of = card.indicator if card is not None else names.get(step.code)
        label = step.code if of is None else named(of, setting.language)
        note = "" if step.reason == "value" else setting(step.reason)
        steps.append(Mark(label, step.points, code=step.code, note=note))
    half = "objective" if found.sphere == "objective" else "subjective"
    caveats = () if found.note is None else (said(found.note, setting),)
    codes = {step.code for step in found.steps}
    is_index = _is_index(dashboard)
    unit = setting("index_unit" if is_index else "score_unit")
    moved = [dashboard.by_code[code] for code in sorted(codes & dashboard.by_code.keys())]
    return Figure(
        key=f"moved-{found.key}-{found.sphere}".lower(),
        kind=Kind.WATERFALL,
        title=setting("title.moved", name=title, half=setting(f"half.{half}")),
        series=(
            Series(
                title,
                (
                    Mark(dashboard.base_period or setting("before"), found.before, code="start",
                         role=Role.START),
                    *steps,
                    Mark(dashboard.period, found.after, code="end", role=Role.END),
                ),
                found.key,
            ),
        ),
        unit=unit,
        of=setting("of.indicator"),
        language=setting.language,
        period=dashboard.period,
        caveats=caveats,
        recorded=_first_recorded(moved, setting),
    )  # fmt: skip


def of_present(dashboard: Dashboard, setting: Setting) -> Figure:
    """Return the share of each block's indicators that have a value."""
    marks = tuple(
        Mark(
            named(block, setting.language),
            100.0 * block.n_with_value / block.n_indicators if block.n_indicators else None,
            code=block.key,
            n=block.n_indicators,
            note=setting("present_note", there=block.n_with_value, number=block.n_indicators),
        )
        for block in dashboard.blocks
    )
    return Figure(
        key="present",
        kind=Kind.SHARE,
        title=setting("title.present"),
        series=(Series(setting.place, marks, dashboard.area),),
        unit=PERCENT,
        of=setting("of.block"),
        language=setting.language,
        decimals=0,
        period=dashboard.period,
    )


def _of_score(score: Score, label: str, code: str, setting: Setting) -> Mark:
    note = " ".join(said(each, setting) for each in score.notes)
    return Mark(label, score.value, score.low, score.high, code=code, note=note)


def _recorded_in(blocks: Sequence[Block], setting: Setting) -> Reporting | None:
    cards = [card for block in blocks for half in block.halves for card in half.cards]
    return _first_recorded([card for card in cards if not card.is_missing], setting)


def _first_recorded(cards: Sequence[Card], setting: Setting) -> Reporting | None:
    """Return that a score rests on recorded crime; several rates cannot be told as one."""
    found = [recorded_of(card.indicator, setting) for card in cards]
    told = {each for each in found if each is not None}
    if not told:
        return None
    return told.pop() if len(told) == 1 else Reporting()


def _is_index(dashboard: Dashboard) -> bool:
    halves = [half for block in dashboard.blocks for half in block.halves]
    return {half.score.scale for half in halves if half.score} == {ScoreScale.BASE_100}


def _span(block: Block) -> str:
    ends = dict.fromkeys(each for each in (block.oldest, block.newest) if each)
    return " – ".join(ends)
