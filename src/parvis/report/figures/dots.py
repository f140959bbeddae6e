"""Values with intervals below each other: one list, groups, and halves side by side."""

from parvis.report.figures.rows import GAP, LINE, Draw, Row, draw_mark, draw_rows
from parvis.report.figures.scale import Scale, bounds_of
from parvis.report.figures.spec import Figure, Mark
from parvis.report.figures.svg import Svg, width_of
from parvis.report.figures.words import Words


def draw_dots(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw every value as a dot with its interval; series under their names."""
    is_grouped = len(figure.series) > 1
    rows = [
        Row(
            mark.label,
            words.marked(mark),
            _drawing(mark, 1),
            heading=series.name if is_grouped and place == 0 else "",
        )
        for series in figure.series
        for place, mark in enumerate(series.marks)
    ]
    return draw_rows(svg, figure, rows, bounds_of(figure), words)


def draw_pair(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw the two halves of each theme below each other: never one without the other."""
    first, second = figure.series
    top = _draw_key(svg, (first.name, second.name))
    keys = list(dict.fromkeys(mark.key for mark in (*first.marks, *second.marks)))
    by_key = [{mark.key: mark for mark in series.marks} for series in (first, second)]
    rows = []
    for key in keys:
        label = next(marks[key].label for marks in by_key if key in marks)
        for number, (series, marks) in enumerate(zip((first, second), by_key, strict=True), 1):
            mark = marks.get(key)
            rows.append(
                Row(
                    series.name,
                    words.half(mark),
                    None if mark is None else _drawing(mark, number),
                    heading=label if number == 1 else "",
                )
            )
    return draw_rows(svg, figure, rows, bounds_of(figure), words, top=top)


def _draw_key(svg: Svg, names: tuple[str, str]) -> float:
    x = 8.0
    for number, name in enumerate(names, 1):
        draw_mark(svg, Scale(0.0, 1.0, x, x), 9.0, Mark(name, 0.0), number, is_open=False)
        svg.text(x + 12.0, 14.0, name)
        x += 12.0 + width_of(name) + 2 * GAP
    return LINE + 4.0


def _drawing(mark: Mark, number: int) -> Draw | None:
    if mark.value is None:
        return None

    def draw(svg: Svg, scale: Scale, y: float) -> None:
        draw_mark(svg, scale, y, mark, number, is_open=False)

    return draw
