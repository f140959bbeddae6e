"""How values are drawn below each other, each with its name and its number in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parvis.report.figures.scale import Scale
from parvis.report.figures.spec import Figure, Mark
from parvis.report.figures.svg import Svg, lines_of, shortened, width_of
from parvis.report.figures.words import Words

NARROW = 480.0
"""Pictures below this width put names above the marks instead of beside them."""
LINE, ROW, GAP = 18.0, 30.0, 12.0
MARGIN = 8.0

Draw = Callable[[Svg, Scale, float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a picture.

    Attributes
    ----------
    label : str
    text : str
        The value in words.
    draw : callable or None
        Draws the mark at a height; None where there is nothing to draw.
    heading : str
        Stands above the row, where a group begins.
    """

    label: str
    text: str
    draw: Draw | None
    heading: str = ""


def draw_rows(
    svg: Svg, figure: Figure, rows: Sequence[Row], bounds: tuple[float, float], words: Words,
    *, top: float = 0.0,
) -> float:  # fmt: skip
    """
    Draw rows with their axis below, and target and reference as lines through all.

    Returns
    -------
    float
        Where the drawing ends.
    """
    is_narrow = svg.width < NARROW
    widest = max((width_of(row.text) for row in rows), default=0.0)
    side = 0.0 if is_narrow else min(widest, 0.36 * svg.width) + GAP
    left = MARGIN if is_narrow else 0.3 * svg.width
    scale = Scale(*bounds, left, svg.width - side - MARGIN)
    y, starts = _draw_lines_said(svg, figure, scale, words, top)
    placed, bottom = _placed(svg, rows, y, left)
    _draw_grid(svg, scale, y, bottom)
    strips = [(y, bottom)]
    if is_narrow:
        drawn = zip(rows, placed, strict=True)
        strips = [(at - GAP, at + GAP) for row, (_, at) in drawn if row.draw]
    for look, x, start in starts:
        for upper, lower in [(start, y), *strips]:
            svg.line(x, upper, x, lower, look)
    for row, (start, at) in zip(rows, placed, strict=True):
        if row.heading:
            svg.text(0.0, start - 8.0, shortened(row.heading, svg.width), "strong")
        if is_narrow:
            _draw_above(svg, row, start)
        else:
            _draw_beside(svg, row, at, left, side)
        if row.draw is not None:
            row.draw(svg, scale, at)
    return draw_axis(svg, scale, bottom, figure, words)


def draw_mark(svg: Svg, scale: Scale, y: float, mark: Mark, number: int, *, is_open: bool) -> None:
    """Draw a value with its interval: a dot, or a diamond where `number` is even."""
    if mark.value is None:
        return
    if mark.low is not None and mark.high is not None:
        low, high = scale(mark.low), scale(mark.high)
        svg.line(low, y, high, y, f"whisker-{number}")
        for x in (low, high):
            svg.line(x, y - 5.0, x, y + 5.0, f"whisker-{number}")
    look = f"ring-{number}" if is_open or mark.is_unreliable else f"dot-{number}"
    draw = svg.diamond if number % 2 == 0 else svg.dot
    draw(scale(mark.value), y, look)


def draw_axis(svg: Svg, scale: Scale, y: float, figure: Figure, words: Words) -> float:
    """Draw ticks, their numbers and the unit; return where they end."""
    svg.line(scale.start, y, scale.end, y, "axis")
    most = 5 if scale.end - scale.start > 300 else 4
    ticks = scale.ticks(most)
    decimals = decimals_of(ticks)
    last = -1e9
    for tick in ticks:
        said = words.number(tick, decimals)
        half = width_of(said, 13.0) / 2
        x = min(max(scale(tick), half), svg.width - half)
        svg.line(scale(tick), y, scale(tick), y + 5.0, "axis")
        if x - half > last + 6.0:
            svg.text(x, y + 19.0, said, "small", anchor="middle")
            last = x + half
    if not figure.unit:
        return y + 26.0
    unit = lines_of(figure.unit, svg.width - MARGIN, 13.0, most=2)
    for number, line in enumerate(unit):
        half = width_of(line, 13.0) / 2
        x = min(max((scale.start + scale.end) / 2, half), svg.width - half)
        svg.text(x, y + 37.0 + number * LINE, line, "small", anchor="middle")
    return y + 26.0 + LINE * len(unit)


def decimals_of(ticks: Sequence[float]) -> int:
    """
    Return how many decimals tell the numbers of an axis apart.

    Examples
    --------
    >>> decimals_of([0.0, 2.5, 5.0])
    1
    """
    return next(
        (n for n in range(6) if all(abs(round(each, n) - each) < 1e-9 for each in ticks)), 6
    )


def _placed(
    svg: Svg, rows: Sequence[Row], top: float, left: float
) -> tuple[list[tuple[float, float]], float]:
    """Return, for each row, where its words begin and where its mark stands; and the end."""
    found = []
    y = top
    is_narrow = svg.width < NARROW
    for row in rows:
        if row.heading:
            y += LINE + GAP
        if is_narrow:
            at = y + LINE * len(_above(svg, row)) + (GAP if row.draw else 0.0)
            found.append((y, at))
            y = at + (GAP + 4.0 if row.draw else 6.0)
        else:
            height = max(ROW, LINE * len(lines_of(row.label, left - GAP)) + 8.0)
            found.append((y, y + height / 2))
            y += height
    return found, y + 4.0


def _above(svg: Svg, row: Row) -> list[tuple[str, str]]:
    """Return the lines above a mark of a narrow picture: name and number, together if it fits."""
    room = svg.width - width_of(row.text) - GAP
    if row.label and width_of(row.label) <= room:
        return [(row.label, row.text)]
    return [*((line, "") for line in lines_of(row.label, svg.width)), ("", row.text)]


def _draw_above(svg: Svg, row: Row, top: float) -> None:
    for number, (label, text) in enumerate(_above(svg, row)):
        y = top + LINE * number + 13.0
        if label:
            svg.text(0.0, y, label)
        if text:
            svg.text(svg.width, y, text, anchor="end")


def _draw_beside(svg: Svg, row: Row, y: float, left: float, side: float) -> None:
    said = lines_of(row.label, left - GAP)
    first = y + 5.0 - LINE * (len(said) - 1) / 2
    for number, line in enumerate(said):
        svg.text(0.0, first + LINE * number, line)
    svg.text(svg.width, y + 5.0, shortened(row.text, side), anchor="end")


def _draw_grid(svg: Svg, scale: Scale, top: float, bottom: float) -> None:
    if svg.width < NARROW:
        return
    for tick in scale.ticks():
        svg.line(scale(tick), top, scale(tick), bottom, "grid")


def lines_said(figure: Figure, words: Words) -> list[tuple[float, str, str]]:
    """Return the reference and the target: value, what stands there, and the look of the line."""
    found = []
    reference = figure.reference
    if reference is not None and reference.value is not None:
        said = words("reference", label=reference.label, value=words.short(reference.value))
        found.append((reference.value, said, "reference"))
    if figure.target is not None:
        found.append((figure.target, words("target", value=words.short(figure.target)), "target"))
    return found


def _draw_lines_said(
    svg: Svg, figure: Figure, scale: Scale, words: Words, top: float
) -> tuple[float, list[tuple[str, float, float]]]:
    """Draw what the lines through all rows are; return where that ends, and where they begin."""
    y = top
    starts = []
    for value, said, look in lines_said(figure, words):
        y += LINE
        x = scale(value)
        goes_left = x + 26.0 + width_of(said, 13.0) > svg.width
        room = (x if goes_left else svg.width - x) - 26.0
        end, side = (x - 20.0, -4.0) if goes_left else (x + 20.0, 4.0)
        svg.line(x, y - 5.0, end, y - 5.0, look)
        anchor = "end" if goes_left else "start"
        svg.text(end + side, y, shortened(said, room, 13.0), "small", anchor=anchor)
        starts.append((look, x, y - 5.0))
    return y + (8.0 if starts else 0.0), starts
