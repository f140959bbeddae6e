"""Values over time: a line that stops where the series breaks or a value is missing."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from parvis.indicators.values import period_days
from parvis.report.figures.rows import LINE, MARGIN, NARROW, decimals_of, lines_said
from parvis.report.figures.scale import Scale, bounds_of
from parvis.report.figures.spec import Figure, Mark, Series
from parvis.report.figures.svg import Svg, lines_of, shortened, width_of
from parvis.report.figures.words import Words

HEIGHT = 230.0
LONGEST = 1.5
"""A line does not bridge more than so many times the usual step from period to period."""
MOST = 4
"""At most so many lines are told apart."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Both axes of a picture."""

    x: Scale
    y: Scale
    places: dict[str, float]

    def at(self, mark: Mark) -> float:
        return self.x(self.places[mark.key])


def draw_trend(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw lines over time with the range of each value, breaks, base period, target."""
    series = figure.series[:MOST]
    top = _draw_unit(svg, figure)
    if len(series) > 1:
        top = _draw_key(svg, series, top)
    top += 14.0
    bottom = top + HEIGHT
    low, high = bounds_of(figure)
    y = Scale(low, high, bottom, top)
    ticks = y.ticks()
    decimals = decimals_of(ticks)
    left = max(width_of(words.number(tick, decimals), 13.0) for tick in ticks) + 10.0
    places = _middles(list(dict.fromkeys(mark.key for mark in figure.marks)))
    known = list(places.values()) or [0.0]
    x = Scale(min(known), max(known) if max(known) > min(known) else min(known) + 1.0,
              left + 10.0, svg.width - MARGIN - 16.0)  # fmt: skip
    frame = _Frame(x, y, places)
    for tick in ticks:
        svg.line(left, y(tick), svg.width, y(tick), "grid")
        svg.text(left - 6.0, y(tick) + 4.5, words.number(tick, decimals), "small", anchor="end")
    svg.line(left, bottom, svg.width, bottom, "axis")
    for number, each in enumerate(series, 1):
        _draw_band(svg, frame, each, number)
    _draw_breaks(svg, figure, frame, words)
    _draw_levels(svg, figure, frame, words, left)
    for number, each in enumerate(series, 1):
        _draw_line(svg, frame, each, number)
    _draw_base(svg, figure, frame, words)
    return _draw_periods(svg, figure, frame, bottom)


def stretches(series: Series) -> list[list[Mark]]:
    """
    Return the values that one line may join: none is missing between them, none breaks the series.

    Examples
    --------
    >>> marks = [Mark(year, 1.0) for year in ("2018", "2019", "2021", "2022")]
    >>> [[mark.label for mark in each] for each in stretches(Series("a", tuple(marks)))]
    [['2018', '2019'], ['2021', '2022']]
    """
    middles = _middles([mark.key for mark in series.marks])
    steps = [later - earlier for earlier, later in pairwise(middles.values())]
    longest = LONGEST * median(steps) if steps else 0.0
    found: list[list[Mark]] = [[]]
    last: float | None = None
    for mark in series.marks:
        at = middles[mark.key]
        is_apart = last is not None and at - last > longest
        if mark.value is None or mark.is_break or is_apart:
            found.append([])
        if mark.value is not None:
            found[-1].append(mark)
        last = at
    return [each for each in found if each]


def _middles(keys: list[str]) -> dict[str, float]:
    """Return where each period lies: in days where all are periods, else one by one."""
    spans = [period_days(key) for key in keys]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return {key: float(place) for place, key in enumerate(keys)}
    return {
        key: (first.toordinal() + last.toordinal()) / 2
        for key, (first, last) in zip(keys, known, strict=True)
    }


def _draw_unit(svg: Svg, figure: Figure) -> float:
    said = lines_of(figure.unit, svg.width, 13.0, most=2) if figure.unit else []
    for number, line in enumerate(said):
        svg.text(0.0, 13.0 + LINE * number, line, "small")
    return LINE * len(said)


def _draw_key(svg: Svg, series: tuple[Series, ...], top: float) -> float:
    x, y = 0.0, top
    for number, each in enumerate(series, 1):
        name = shortened(each.name, svg.width - 44.0)
        if x and x + 44.0 + width_of(name) > svg.width:
            x, y = 0.0, y + LINE
        svg.line(x, y + 12.0, x + 32.0, y + 12.0, f"line-{number}")
        svg.text(x + 38.0, y + 17.0, name)
        x += 56.0 + width_of(name)
    return y + LINE + 4.0


def _draw_band(svg: Svg, frame: _Frame, series: Series, number: int) -> None:
    for marks in stretches(series):
        edges = [(frame.at(mark), mark.low, mark.high) for mark in marks]
        known = [(x, low, high) for x, low, high in edges if low is not None and high is not None]
        if len(known) < 2 or len(known) < len(edges):
            continue
        upper = [(x, frame.y(high)) for x, _, high in known]
        lower = [(x, frame.y(low)) for x, low, _ in reversed(known)]
        svg.path([*upper, *lower], f"band-{number}", is_closed=True)


def _draw_line(svg: Svg, frame: _Frame, series: Series, number: int) -> None:
    for marks in stretches(series):
        places = [(frame.at(mark), frame.y(mark.value)) for mark in marks if mark.value is not None]
        if len(places) > 1:
            svg.path(places, f"line-{number}")
        for (x, y), mark in zip(places, marks, strict=True):
            if mark.low is not None and mark.high is not None:
                svg.line(x, frame.y(mark.low), x, frame.y(mark.high), f"whisker-{number}")
            look = f"ring-{number}" if mark.is_unreliable else f"dot-{number}"
            svg.dot(x, y, look, 4.5)


def _draw_breaks(svg: Svg, figure: Figure, frame: _Frame, words: Words) -> None:
    keys = sorted(frame.places, key=frame.places.__getitem__)
    drawn = dict.fromkeys(mark.key for mark in figure.marks if mark.is_break)
    for key in drawn:
        place = keys.index(key)
        before = frame.places[keys[place - 1]] if place else frame.places[key]
        x = frame.x((before + frame.places[key]) / 2)
        svg.line(x, frame.y.end, x, frame.y.start, "break")
        said = words("break_mark")
        goes_left = x + width_of(said, 13.0) + 4.0 > svg.width
        where = x - 4.0 if goes_left else x + 4.0
        svg.text(where, frame.y.start - 6.0, said, "halo", anchor="end" if goes_left else "start")


def _draw_levels(svg: Svg, figure: Figure, frame: _Frame, words: Words, left: float) -> None:
    for value, said, look in lines_said(figure, words):
        y = frame.y(value)
        svg.line(left, y, svg.width, y, look)
        svg.text(svg.width, y - 5.0, shortened(said, svg.width - left, 13.0), "halo", anchor="end")


def _draw_base(svg: Svg, figure: Figure, frame: _Frame, words: Words) -> None:
    base = next((m for m in figure.marks if m.key == figure.base and m.value is not None), None)
    if base is None or base.value is None:
        return
    x, y = frame.at(base), frame.y(base.value)
    svg.dot(x, y, "outline", 9.0)
    said = words("base_mark")
    half = width_of(said, 13.0) / 2
    least = frame.x.start - 8.0 + half
    where = min(max(x, least), svg.width - half)
    top = y if base.high is None else frame.y(base.high)
    svg.text(where, max(top - 10.0, 12.0), said, "halo", anchor="middle")


def _draw_periods(svg: Svg, figure: Figure, frame: _Frame, bottom: float) -> float:
    labels = {mark.key: mark.label for mark in figure.marks}
    keys = sorted(frame.places, key=frame.places.__getitem__)
    size = 13.0
    last = svg.width + 100.0
    # From the newest, so that it always has its label.
    for key in reversed(keys):
        x = frame.x(frame.places[key])
        svg.line(x, bottom, x, bottom + 4.0, "axis")
        half = width_of(labels[key], size) / 2
        at = min(max(x, half), svg.width - half)
        if at + half + 8.0 < last:
            svg.text(at, bottom + 19.0, labels[key], "small", anchor="middle")
            last = at - half
    return bottom + (28.0 if svg.width < NARROW else 26.0)
