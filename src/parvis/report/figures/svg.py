"""How a picture becomes SVG that a strict page takes, and that is the same in print."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from parvis.report.figures.styles import PREFIX, printed

FONT = "DejaVu Sans"
"""Of pictures that stand alone; in a page the text has the page's own."""

_WIDTHS = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
"""Advance widths of `FONT` from the space to the tilde, in hundredths of the size."""
_WIDE, _OTHER = 100, 65

Point = tuple[float, float]


class Svg:
    """
    A picture in the making.

    Parameters
    ----------
    width : float
        In the units of the picture: a page's pixels.
    prefix : str
        Before every identity, so that several pictures share a page.
    is_print : bool
        Looks become attributes in the colours of paper; otherwise classes, for a style sheet.
    """

    def __init__(self, width: float, prefix: str, *, is_print: bool = False) -> None:
        self.width = width
        self.is_print = is_print
        self._prefix = prefix
        self._parts: list[str] = []
        self._defined: dict[str, str] = {}

    def look(self, name: str) -> str:
        """Return the attributes that give an element the look of a class."""
        if self.is_print:
            return "".join(f' {key}="{value}"' for key, value in printed(name).items())
        return f' class="{PREFIX}{name}"'

    def add(self, name: str, look: str, body: str | None = None, **attributes: object) -> None:
        """Add an element; underscores of attributes are hyphens, None leaves one out."""
        said = "".join(
            f' {key.replace("_", "-")}="{_said(value)}"'
            for key, value in attributes.items()
            if value is not None
        )
        end = "/>" if body is None else f">{body}</{name}>"
        self._parts.append(f"<{name}{self.look(look)}{said}{end}")

    def text(
        self, x: float, y: float, said: str, look: str = "text", *, anchor: str = "start"
    ) -> None:
        """Add a line of text standing on `y`; `anchor` is start, middle or end."""
        where = None if anchor == "start" else anchor
        self.add("text", look, clean(said), x=x, y=y, text_anchor=where)

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """Add a straight line."""
        self.add("line", look, x1=x1, y1=y1, x2=x2, y2=y2)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        look: str,
        *,
        opacity: float | None = None,
        hatch: str = "",
    ) -> None:
        """Add a rectangle; with `hatch` drawn over it."""
        self.add("rect", look, x=x, y=y, width=width, height=height, fill_opacity=opacity)
        if hatch:
            self.filled(x, y, width, height, self.hatch(hatch))

    def dot(self, x: float, y: float, look: str, radius: float = 5.0) -> None:
        """Add a dot."""
        self.add("circle", look, cx=x, cy=y, r=radius)

    def diamond(self, x: float, y: float, look: str, radius: float = 6.0) -> None:
        """Add a diamond."""
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        self.path(corners, look, is_closed=True)

    def path(self, places: Sequence[Point], look: str, *, is_closed: bool = False) -> None:
        """Add a line through places."""
        self.add("path", look, d=path_data([places], is_closed=is_closed))

    def rings(
        self, rings: Iterable[Sequence[Point]], look: str, *, opacity: float | None = None
    ) -> None:
        """Add a shape with holes."""
        data = path_data(rings, is_closed=True)
        self.add("path", look, d=data, fill_rule="evenodd", fill_opacity=opacity)

    def hatched(self, rings: Iterable[Sequence[Point]], hatch: str) -> None:
        """Add the hatching of a shape with holes."""
        data = path_data(rings, is_closed=True)
        self._parts.append(f'<path d="{data}" fill-rule="evenodd" fill="{self.hatch(hatch)}"/>')

    def hatch(self, kind: str) -> str:
        """Return what fills a shape with strokes: ``lines``, ``dots``, ``dashes`` or ``cross``."""
        name = f"{self._prefix}-{kind}"
        body, size = {
            "lines": (f'<path d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6"{self.look("hatch")}/>', 8),
            "dots": (f'<circle cx="3" cy="3" r="1.3"{self.look("text")}/>', 6),
            "dashes": (f'<path d="M2 6 H10"{self.look("hatch")}/>', 12),
            "cross": (f'<path d="M1 1 L7 7 M7 1 L1 7"{self.look("hatch")}/>', 10),
        }[kind]
        self._defined[name] = (
            f'<pattern id="{name}" width="{size}" height="{size}" '
            f'patternUnits="userSpaceOnUse">{body}</pattern>'
        )
        return f"url(#{name})"

    def gradient(self, low: float, high: float) -> str:
        """Return what fills a shape with the colour of areas, from one opacity to another."""
        name = f"{self._prefix}-gradient"
        look = self.look("stop")
        self._defined[name] = (
            f'<linearGradient id="{name}"><stop{look} offset="0" stop-opacity="{_said(low)}"/>'
            f'<stop{look} offset="1" stop-opacity="{_said(high)}"/></linearGradient>'
        )
        return f"url(#{name})"

    def filled(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Add a rectangle filled with what `hatch` or `gradient` returned."""
        box = f'x="{_said(x)}" y="{_said(y)}" width="{_said(width)}" height="{_said(height)}"'
        self._parts.append(f'<rect {box} fill="{fill}"/>')

    def enclose(self, dx: float, dy: float, width: float, height: float) -> None:
        """Put everything drawn so far onto a sheet of paper, with its corner at a place."""
        drawn, self._parts, self.width = self._parts, [], width
        self.rectangle(0.0, 0.0, width, height, "paper")
        corner = f"translate({_said(dx)} {_said(dy)})"
        self._parts += [f'<g transform="{corner}">', *drawn, "</g>"]

    def document(self, height: float, title: str, summary: str, name: str = "") -> str:
        """Return the whole picture; `name` is the class of the outer element."""
        prefix, size = self._prefix, f"{_said(self.width)} {_said(height)}"
        outer = (
            f' width="{_said(self.width)}" height="{_said(height)}" font-family="{FONT}"'
            if self.is_print
            else f' class="{name}"'
        )
        defined = f"<defs>{''.join(self._defined.values())}</defs>" if self._defined else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"{outer} role="img" '
            f'aria-labelledby="{prefix}-t {prefix}-d"><title id="{prefix}-t">{clean(title)}</title>'
            f'<desc id="{prefix}-d">{clean(summary)}</desc>{defined}{"".join(self._parts)}</svg>'
        )


def path_data(lines: Iterable[Sequence[Point]], *, is_closed: bool = False) -> str:
    """Return lines as the data of one path."""
    end = "Z" if is_closed else ""
    return "".join(
        "M" + "L".join(f"{_said(x)} {_said(y)}" for x, y in places) + end for places in lines
    )


def clean(said: str) -> str:
    """Return text as XML takes it, without signs that no document may hold."""
    spaced = (
        " " if sign.isspace() and unicodedata.category(sign) == "Cc" else sign for sign in said
    )
    shown = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    return escape(shown, {'"': "&quot;"})


def width_of(said: str, size: float = 14.0) -> float:
    """
    Return how wide a line of text is at most.

    Examples
    --------
    >>> round(width_of("mm", 10.0), 1)
    19.4
    """
    return sum(map(_advance, said)) * size / 100.0


def lines_of(said: str, width: float, size: float = 14.0, most: int = 3) -> list[str]:
    """
    Return text in lines that fit; words too long are cut, and so is what needs more lines.

    Examples
    --------
    >>> lines_of("Harassment in public space", 100.0)
    ['Harassment', 'in public', 'space']
    """
    lines: list[str] = []
    for word in said.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1 :] = [f"{lines[most - 1]}…"]
    return [shortened(line, width, size) for line in lines] or [""]


def shortened(said: str, width: float, size: float = 14.0) -> str:
    """Return text cut to a width, with an ellipsis where something is missing."""
    if width_of(said, size) <= width:
        return said
    kept = said.rstrip("…")
    while kept and width_of(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _advance(sign: str) -> int:
    base = unicodedata.normalize("NFD", sign)[:1]
    place = ord(base) - 32 if base else 0
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    return _WIDE if unicodedata.east_asian_width(sign) in "WF" else _OTHER


def _said(value: object) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"no place in a picture: {value}")
        return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
    return escape(str(value), {'"': "&quot;"})
