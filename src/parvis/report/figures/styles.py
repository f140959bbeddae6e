"""In which colours and lines a figure is drawn: once, for style sheets and for print."""

from collections.abc import Mapping
from types import MappingProxyType

PREFIX = "f-"
"""Before every class name in a picture."""

COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ink": ("#1a1d1e", "var(--ink)"),
        "ink-2": ("#4d5558", "var(--ink-2)"),
        "paper": ("#ffffff", "var(--paper)"),
        "grid": ("#dcd9d1", "var(--line)"),
        "axis": ("#7f8789", "var(--line-strong)"),
        "1": ("#14606a", "light-dark(#14606a, #67c3cd)"),
        "2": ("#b4530a", "light-dark(#b4530a, #f2a35e)"),
        "3": ("#5b3d8c", "light-dark(#5b3d8c, #bda4ea)"),
        "4": ("#55600f", "light-dark(#55600f, #c3cf6a)"),
    }
)
"""Each colour on paper, and as a style sheet says it. The four are told apart without hue too."""

_NUMBERS = ("1", "2", "3", "4")
_DASHES = {"1": "none", "2": "8 4", "3": "2 4", "4": "10 3 2 3"}

STYLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "text": {"fill": "$ink", "font-size": "14px"},
        "strong": {"fill": "$ink", "font-size": "14px", "font-weight": "600"},
        "title": {"fill": "$ink", "font-size": "17px", "font-weight": "600"},
        "small": {"fill": "$ink-2", "font-size": "13px"},
        "halo": {
            "fill": "$ink",
            "font-size": "13px",
            "stroke": "$paper",
            "stroke-width": "3",
            "paint-order": "stroke",
            "stroke-linejoin": "round",
        },
        "paper": {"fill": "$paper"},
        "grid": {"stroke": "$grid", "stroke-width": "1", "fill": "none"},
        "axis": {"stroke": "$axis", "stroke-width": "1", "fill": "none"},
        "reference": {"stroke": "$ink", "stroke-width": "1.5", "fill": "none"},
        "target": {
            "stroke": "$ink",
            "stroke-width": "1.5",
            "stroke-dasharray": "6 4",
            "fill": "none",
        },
        "break": {
            "stroke": "$ink-2",
            "stroke-width": "1.5",
            "stroke-dasharray": "1.5 4",
            "fill": "none",
        },
        "hatch": {"stroke": "$ink", "stroke-width": "1.2", "fill": "none"},
        "outline": {"stroke": "$axis", "stroke-width": "1", "fill": "none"},
        "empty": {"fill": "$paper", "stroke": "$axis", "stroke-width": "1"},
        "area": {"fill": "$1"},
        "cell": {"fill": "$paper", "stroke": "$grid", "stroke-width": "0.5"},
        "stop": {"stop-color": "$1"},
        "edge": {
            "stroke": "$ink-2",
            "stroke-width": "1",
            "fill": "none",
            "stroke-linejoin": "round",
        },
        **{f"dot-{n}": {"fill": f"${n}"} for n in _NUMBERS},
        **{
            f"ring-{n}": {"fill": "$paper", "stroke": f"${n}", "stroke-width": "2"}
            for n in _NUMBERS
        },
        **{
            f"whisker-{n}": {"stroke": f"${n}", "stroke-width": "2.5", "fill": "none"}
            for n in _NUMBERS
        },
        **{
            f"line-{n}": {
                "stroke": f"${n}",
                "stroke-width": "2.5",
                "stroke-dasharray": _DASHES[n],
                "stroke-linejoin": "round",
                "fill": "none",
            }
            for n in _NUMBERS
        },
        **{f"band-{n}": {"fill": f"${n}", "fill-opacity": "0.18"} for n in _NUMBERS},
    }
)
"""What each class of a picture looks like; ``$`` stands before a colour's name."""


def printed(name: str) -> dict[str, str]:
    """
    Return the look of a class as attributes, in the colours of paper.

    Examples
    --------
    >>> printed("dot-1")
    {'fill': '#14606a'}
    """
    found = {}
    for attribute, value in STYLES[name].items():
        if value.startswith("$"):
            value = COLOURS[value[1:]][0]
        if value != "none" or attribute == "fill":
            found[attribute] = value.removesuffix("px")
    return found


def style_sheet() -> str:
    """Return the looks of all classes as CSS, which follows the theme of the page."""
    lines = [".figure-picture {"]
    lines += [f"  --{PREFIX}{name}: {said};" for name, (_, said) in COLOURS.items()]
    lines.append("}")
    for name, look in STYLES.items():
        lines.append(f".{PREFIX}{name} {{")
        for attribute, value in look.items():
            said = f"var(--{PREFIX}{value[1:]})" if value.startswith("$") else value
            lines.append(f"  {attribute}: {said};")
        lines.append("}")
    return "\n".join(lines) + "\n"
