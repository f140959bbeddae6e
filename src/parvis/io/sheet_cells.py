"""How is text kept whole in cells of spreadsheets: no formula, no sign lost, the same read back."""

import re
from typing import Any, ClassVar

from parvis.errors import InputError

LONGEST = 32_767
"""Signs that a cell of a workbook holds."""
_FORMULA_STARTS = ("=", "+", "-", "−", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class CellTooLongError(InputError):
    """A text does not fit into a cell of a workbook; details: n."""

    code: ClassVar[str] = "answers_too_long"


def put_text(cell: Any, text: str) -> None:
    """
    Write a text into a cell of a workbook as text, whatever it begins with.

    Raises
    ------
    CellTooLongError
    """
    kept = escaped(text)
    if len(kept) > LONGEST:
        raise CellTooLongError(n=len(kept))
    cell.value = kept
    cell.data_type = "s"


def escaped(text: str) -> str:
    r"""
    Return a text as workbooks keep it: signs that XML cannot hold as ``_x0007_``.

    Examples
    --------
    >>> escaped("bell\x07"), escaped("_x0041_")
    ('bell_x0007_', '_x005F_x0041_')
    """
    return _FORBIDDEN.sub(
        lambda found: f"_x005F{found[0]}" if len(found[0]) > 1 else f"_x{ord(found[0]):04X}_",
        text,
    )


def unescaped(text: str) -> str:
    r"""
    Return a text as it was before `escaped`.

    Examples
    --------
    >>> unescaped("bell_x0007_"), unescaped("_x005F_x0041_")
    ('bell\x07', '_x0041_')
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def shielded(text: str) -> str:
    """
    Return a text with an apostrophe before it where spreadsheets might take it for a formula.

    Examples
    --------
    >>> shielded("=A1"), shielded("'tis"), shielded("a - b")
    ("'=A1", "''tis", 'a - b')
    """
    plain = text.lstrip(" \u00a0\ufeff")
    return f"'{text}" if plain.startswith(_FORMULA_STARTS) else text


def unshielded(text: str) -> str:
    """Return a text as it was before `shielded`."""
    return text[1:] if text.startswith("'") else text
