"""Values as lengths: shares with what is missing, and steps from one score to the next."""

from collections.abc import Sequence

from parvis.report.figures.rows import Draw, Row, draw_mark, draw_rows
from parvis.report.figures.scale import Scale, round_bounds
from parvis.report.figures.spec import Figure, Mark
from parvis.report.figures.svg import Svg
from parvis.report.figures.words import MISSING, Words

THICK = 14.0
TIP = 7.0
"""Length of the arrow's head at the end of a step."""


def draw_share(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw each share as a filled part of a whole; the rest is hatched."""
    is_grouped = len(figure.series) > 1
    rows = [
        Row(
            mark.label,
            words.marked(mark),
            _share(mark),
            heading=series.name if is_grouped and place == 0 else "",
        )
        for series in figure.series
        for place, mark in enumerate(series.marks)
    ]
    return draw_rows(svg, figure, rows, (0.0, 100.0), words)


def draw_waterfall(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw the score before, every step as an arrow from where the last one ended, the score."""
    start, *steps, end = figure.series[0].marks
    heights = running(start, steps)
    rows = [Row(start.label, words.marked(start), _total(start))]
    for step, (before, after) in zip(steps, heights, strict=True):
        said = MISSING if step.value is None else words.change(step.value)
        rows.append(Row(step.label, said, _step(before, after)))
    rows.append(Row(end.label, words.marked(end), _total(end)))
    reached = [place for pair in heights for place in pair]
    for mark in (start, end):
        reached += [each for each in (mark.value, mark.low, mark.high) if each is not None]
    return draw_rows(svg, figure, rows, round_bounds(reached), words)


def running(start: Mark, steps: Sequence[Mark]) -> list[tuple[float, float]]:
    """
    Return from where to where each step goes.

    Examples
    --------
    >>> running(Mark("before", 50.0), [Mark("a", 3.0), Mark("b", -1.0)])
    [(50.0, 53.0), (53.0, 52.0)]
    """
    place = start.value or 0.0
    found = []
    for step in steps:
        found.append((place, place + (step.value or 0.0)))
        place = found[-1][1]
    return found


def _share(mark: Mark) -> Draw | None:
    if mark.value is None:
        return None
    share = mark.value

    def draw(svg: Svg, scale: Scale, y: float) -> None:
        top = y - THICK / 2
        svg.rectangle(scale.start, top, scale.end - scale.start, THICK, "empty", hatch="lines")
        svg.rectangle(scale.start, top, scale(share) - scale.start, THICK, "dot-1")

    return draw


def _total(mark: Mark) -> Draw | None:
    if mark.value is None:
        return None

    def draw(svg: Svg, scale: Scale, y: float) -> None:
        draw_mark(svg, scale, y, mark, 3, is_open=False)

    return draw


def _step(before: float, after: float) -> Draw:
    def draw(svg: Svg, scale: Scale, y: float) -> None:
        start, end = scale(before), scale(after)
        sign = 1.0 if end >= start else -1.0
        head = min(TIP, abs(end - start))
        neck = end - sign * head
        half = THICK / 2
        corners = [
            (start, y - half), (neck, y - half), (end, y), (neck, y + half), (start, y + half),
        ]  # fmt: skip
        svg.path(corners, "dot-1" if sign > 0 else "dot-2", is_closed=True)
        svg.line(start, y - half - 4.0, start, y + half + 4.0, "axis")

    return draw
