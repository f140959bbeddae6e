"""How much lies in how few places, as curves between evenly spread and all in one place."""

from parvis.report.figures.rows import LINE
from parvis.report.figures.scale import Scale
from parvis.report.figures.spec import Figure
from parvis.report.figures.svg import Svg, lines_of, shortened, width_of
from parvis.report.figures.words import Words

HEIGHT = 300.0
MOST = 4
_TICKS = (0.0, 25.0, 50.0, 75.0, 100.0)


def draw_concentration(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw curves with the place of the reference, and the line of an even spread."""
    top = 0.0
    for line in lines_of(figure.unit, svg.width, 13.0, most=2):
        svg.text(0.0, top + 13.0, line, "small")
        top += LINE
    top = _draw_key(svg, figure, words, top) + 18.0
    left = width_of(words.percent(1.0), 13.0) + 10.0
    right = min(svg.width - 20.0, left + HEIGHT * 1.35)
    across, up = Scale(0.0, 100.0, left, right), Scale(0.0, 100.0, top + HEIGHT, top)
    for tick in _TICKS:
        said = words.percent(tick / 100.0)
        svg.line(left, up(tick), right, up(tick), "grid")
        svg.text(left - 6.0, up(tick) + 4.5, said, "small", anchor="end")
        svg.line(across(tick), up(0.0), across(tick), up(0.0) + 5.0, "axis")
        svg.text(across(tick), up(0.0) + 19.0, said, "small", anchor="middle")
    svg.line(left, up(0.0), right, up(0.0), "axis")
    svg.line(across(0.0), up(0.0), across(100.0), up(100.0), "target")
    for number, series in enumerate(figure.series[:MOST], 1):
        places = [
            (across(mark.at * 100.0), up(mark.value))
            for mark in series.marks
            if mark.at is not None and mark.value is not None
        ]
        if len(places) > 1:
            svg.path(places, f"line-{number}")
    _draw_reached(svg, figure, words, across, up)
    of = lines_of(figure.of, right, 13.0, most=2)
    for place, line in enumerate(of):
        svg.text((left + right) / 2, up(0.0) + 37.0 + LINE * place, line, "small", anchor="middle")
    return up(0.0) + 28.0 + LINE * len(of)


def _draw_reached(svg: Svg, figure: Figure, words: Words, across: Scale, up: Scale) -> None:
    reached = figure.reference
    if reached is None or reached.value is None or reached.at is None:
        return
    x, y = across(reached.at * 100.0), up(reached.value)
    svg.path([(across.start, y), (x, y), (x, up(0.0))], "break")
    svg.dot(x, y, "dot-1")
    said = words.percent(reached.value / 100.0), words.percent(reached.at, 1)
    svg.text(x + 10.0, y + 5.0, words("reached", value=said[0], at=said[1]), "halo")


def _draw_key(svg: Svg, figure: Figure, words: Words, top: float) -> float:
    entries = [
        (series.name, f"line-{number}") for number, series in enumerate(figure.series[:MOST], 1)
    ]
    for name, look in [*entries, (words("even"), "target")]:
        svg.line(0.0, top + 12.0, 32.0, top + 12.0, look)
        svg.text(38.0, top + 17.0, shortened(name, svg.width - 40.0))
        top += LINE
    return top
