"""What a page needs of a figure: pictures, sentences, table rows, all ready to be put into it."""

from dataclasses import dataclass

from parvis.report.figures.picture import Layout, screen_svg
from parvis.report.figures.spec import Figure
from parvis.report.figures.summary import summary
from parvis.report.figures.table import Column, table
from parvis.report.figures.words import Words


@dataclass(frozen=True, slots=True)
class Row:
    """
    A row of the table beside a picture.

    Attributes
    ----------
    name : str
        The first cell, which is the row's heading.
    cells : tuple of (Column, str)
    """

    name: str
    cells: tuple[tuple[Column, str], ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """
    A figure as a page shows it; only `wide` and `narrow` are markup.

    Attributes
    ----------
    key, title, summary : str
    wide, narrow : str
        One ``svg`` element each, of which the style sheet shows the one that fits.
    columns : tuple of Column
    rows : tuple of Row
    caveats, flags, origin : tuple of str
        Sentences: what must be known, what the letters mean, period and source.
    show_table : str
        What opens the table.
    """

    key: str
    title: str
    summary: str
    wide: str
    narrow: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caveats: tuple[str, ...]
    flags: tuple[str, ...]
    origin: tuple[str, ...]
    show_table: str


def embedded(figure: Figure, *, prefix: str = "") -> Embedded:
    """
    Return a figure as a page shows it.

    Parameters
    ----------
    figure : Figure
    prefix : str
        Before the identities in its pictures, where a figure stands twice in a page.
    """
    words, beside = Words(figure), table(figure)
    return Embedded(
        key=f"{prefix}{figure.key}",
        title=figure.title,
        summary=summary(figure),
        wide=screen_svg(figure, Layout.WIDE, prefix=prefix),
        narrow=screen_svg(figure, Layout.NARROW, prefix=prefix),
        columns=beside.columns,
        rows=tuple(
            Row(texts[0], tuple(zip(beside.columns[1:], texts[1:], strict=True)))
            for texts in beside.texts
        ),
        caveats=words.caveats(),
        flags=words.flags(),
        origin=words.origin(),
        show_table=words("show_table"),
    )
