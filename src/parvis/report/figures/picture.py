"""How a figure becomes a picture: in a page, in a file, on paper, always by the same hand."""

import tempfile
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from parvis.report.figures.areas import draw_areas
from parvis.report.figures.bars import draw_share, draw_waterfall
from parvis.report.figures.curves import draw_concentration
from parvis.report.figures.dots import draw_dots, draw_pair
from parvis.report.figures.rows import LINE
from parvis.report.figures.spec import Figure, Kind
from parvis.report.figures.summary import summary
from parvis.report.figures.svg import Svg, lines_of
from parvis.report.figures.trend import draw_trend
from parvis.report.figures.week import draw_profile
from parvis.report.figures.words import Words

MARGIN = 20.0
DOTS_PER_INCH = 192.0
BOLDER = 1.12
"""So much wider is bold text."""


class Layout(StrEnum):
    """For how much room a picture is drawn."""

    WIDE = "wide"
    NARROW = "narrow"


WIDTHS: Mapping[Layout, float] = MappingProxyType({Layout.WIDE: 640.0, Layout.NARROW: 350.0})
"""In pixels at which text has its own size."""

_DRAWING: Mapping[Kind, Callable[[Svg, Figure, Words], float]] = MappingProxyType(
    {
        Kind.INTERVAL_DOTS: draw_dots,
        Kind.SMALL_MULTIPLES: draw_dots,
        Kind.PAIR: draw_pair,
        Kind.TREND: draw_trend,
        Kind.WATERFALL: draw_waterfall,
        Kind.SHARE: draw_share,
        Kind.AREA_MAP: draw_areas,
        Kind.PROFILE: draw_profile,
        Kind.CONCENTRATION: draw_concentration,
    }
)


def screen_svg(figure: Figure, layout: Layout = Layout.WIDE, *, prefix: str = "") -> str:
    """
    Return the picture for a page: classes for its style sheet, no style, no script.

    Parameters
    ----------
    figure : Figure
    layout : Layout
    prefix : str
        Before its identities, where a figure stands twice in a page.

    Returns
    -------
    str
        One ``svg`` element, safe to put into HTML.
    """
    name = f"{prefix}{figure.key}-{layout.value}"
    svg = Svg(WIDTHS[layout], name)
    height = _DRAWING[figure.kind](svg, figure, Words(figure))
    return svg.document(height, figure.title, summary(figure), f"figure-{layout.value}")


def to_svg(figure: Figure, layout: Layout = Layout.WIDE) -> str:
    """
    Return the picture as a file of its own: title, caveats, period and source are in it.

    Parameters
    ----------
    figure : Figure
    layout : Layout
        ``narrow`` for a column of a page.

    Returns
    -------
    str
        In the colours of paper.
    """
    words = Words(figure)
    svg = Svg(WIDTHS[layout], figure.key, is_print=True)
    height = _DRAWING[figure.kind](svg, figure, words)
    title = lines_of(figure.title, svg.width / BOLDER, 17.0, most=3)
    notes = [
        line
        for sentence in (*words.caveats(), *words.flags(), *words.origin())
        for line in lines_of(sentence, svg.width, 13.0, most=6)
    ]
    top = MARGIN + 22.0 * len(title) + 10.0
    below = top + height + 14.0
    whole = below + LINE * len(notes) + MARGIN
    svg.enclose(MARGIN, top, svg.width + 2 * MARGIN, whole)
    for number, line in enumerate(title):
        svg.text(MARGIN, MARGIN + 15.0 + 22.0 * number, line, "title")
    for number, line in enumerate(notes):
        svg.text(MARGIN, below + 13.0 + LINE * number, line, "small")
    return svg.document(whole, figure.title, summary(figure))


def to_png(figure: Figure, layout: Layout = Layout.WIDE, *, ppi: float = DOTS_PER_INCH) -> bytes:
    """Return `to_svg` as a PNG of as many dots an inch."""
    import matplotlib as mpl
    import typst

    from parvis.report.documents import DocumentNotMadeError

    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f'#image("figure.svg", width: {(WIDTHS[layout] + 2 * MARGIN) * 0.75}pt)\n'
    )
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        (folder / "figure.svg").write_text(to_svg(figure, layout), encoding="utf-8")
        (folder / "figure.typ").write_text(source, encoding="utf-8")
        try:
            made = typst.compile(
                str(folder / "figure.typ"),
                root=str(folder),
                font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
                ignore_system_fonts=True,
                format="png",
                ppi=ppi,
            )
        except typst.TypstError as error:
            raise DocumentNotMadeError(document=figure.key, reason=str(error)) from error
    return bytes(made)
