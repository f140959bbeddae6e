"""Values by hour and day of the week, small where chance may be all there is to it."""

from parvis.report.figures.rows import LINE, NARROW
from parvis.report.figures.scale import Scale, round_bounds
from parvis.report.figures.spec import DAYS, HOURS, Against, Figure, Mark, Series
from parvis.report.figures.svg import Svg, lines_of, shortened, width_of
from parvis.report.figures.words import Words

CURVE = 108.0
LEAST, MOST = 0.08, 1.0
"""Opacity of the least and the greatest value."""
_TICKS = (0, 6, 12, 18, 24)


def draw_profile(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw the hours of a week as squares, and all days together as a line above them."""
    is_narrow = svg.width < NARROW
    days = figure.series[:DAYS]
    names = [series.name[:3] if is_narrow else series.name for series in days]
    left = max(width_of(name, 13.0) for name in names) + 10.0
    across = Scale(0.0, float(HOURS), left, svg.width - 12.0)
    y = 0.0
    if len(figure.series) > DAYS:
        y = _draw_all_days(svg, figure.series[DAYS], across, words)
    side = (across.end - across.start) / HOURS
    height = min(side, 22.0) if not is_narrow else 20.0
    values = [mark.value for series in days for mark in series.marks if mark.value is not None]
    most = max(values, default=0.0) or 1.0
    for row, series in enumerate(days):
        top = y + row * height
        svg.text(left - 8.0, top + height / 2 + 4.5, names[row], "small", anchor="end")
        for hour, mark in enumerate(series.marks):
            _draw_cell(svg, across(hour), top, side, height, mark, most)
    bottom = y + DAYS * height
    for hour in _TICKS:
        x = across(hour)
        svg.line(x, bottom, x, bottom + 5.0, "axis")
        svg.text(x, bottom + 19.0, f"{hour}", "small", anchor="middle")
    return _draw_key(svg, figure, words, bottom + 30.0, most)


def _draw_all_days(svg: Svg, series: Series, across: Scale, words: Words) -> float:
    known = [each for mark in series.marks for each in (mark.value, mark.high) if each is not None]
    low, high = round_bounds([0.0, *known])
    up = Scale(low, high, CURVE, LINE + 16.0)
    svg.text(0.0, 13.0, series.name, "small")
    for tick in up.ticks(3):
        svg.line(across.start, up(tick), across.end, up(tick), "grid")
        svg.text(across.start - 8.0, up(tick) + 4.5, words.number(tick, 0), "small", anchor="end")
    places = [(across(hour + 0.5), mark) for hour, mark in enumerate(series.marks)]
    banded = [(x, mark.low, mark.high) for x, mark in places]
    upper = [(x, up(top)) for x, _, top in banded if top is not None]
    lower = [(x, up(foot)) for x, foot, _ in reversed(banded) if foot is not None]
    if len(upper) == len(lower) == HOURS:
        svg.path([*upper, *lower], "band-1", is_closed=True)
    line = [(x, up(mark.value)) for x, mark in places if mark.value is not None]
    if len(line) > 1:
        svg.path(line, "line-1")
    return CURVE + 14.0


def _draw_cell(
    svg: Svg, x: float, y: float, width: float, height: float, mark: Mark, most: float
) -> None:
    svg.rectangle(x, y, width, height, "cell")
    if mark.value is None:
        svg.filled(x, y, width, height, svg.hatch("cross"))
        return
    part = 0.5 if mark.against is Against.NOT_DIFFERENT else 1.0
    wide, high = (width - 1.0) * part, (height - 1.0) * part
    opacity = LEAST + (MOST - LEAST) * max(mark.value, 0.0) / most
    svg.rectangle(
        x + (width - wide) / 2, y + (height - high) / 2, wide, high, "area", opacity=opacity
    )


def _draw_key(svg: Svg, figure: Figure, words: Words, y: float, most: float) -> float:
    said = words.number(0.0, 0)
    x = width_of(said, 13.0) + 6.0
    svg.text(0.0, y + 12.0, said, "small")
    svg.filled(x, y, 90.0, 14.0, svg.gradient(LEAST, MOST))
    svg.rectangle(x, y, 90.0, 14.0, "outline")
    room = svg.width - x - 96.0
    for number, line in enumerate(lines_of(words.quantity(most), room, 13.0)):
        y += LINE if number else 0.0
        svg.text(x + 96.0, y + 12.0, line, "small")
    standings = {mark.against for series in figure.series[:DAYS] for mark in series.marks}
    y += LINE + 6.0
    if Against.NOT_DIFFERENT in standings:
        svg.rectangle(4.0, y + 3.0, 8.0, 8.0, "area", opacity=0.6)
        svg.text(22.0, y + 12.0, shortened(words("key.average"), svg.width - 22.0, 13.0), "small")
        y += LINE + 2.0
    return y
