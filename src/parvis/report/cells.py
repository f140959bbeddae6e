"""How text gets into a table without becoming a formula there."""

from typing import TypeVar

_FORMULA_STARTS = ("=", "+", "-", "−", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

CellT = TypeVar("CellT")


def neutralised(value: CellT) -> CellT | str:
    r"""
    Return what to write into a CSV or XLSX cell so that no spreadsheet takes it for a formula.

    Text that begins like a formula, after any spaces, gets an apostrophe before it, which
    spreadsheets do not show. Numbers, dates and other types stay as they are: pass a negative
    number as a number.

    Parameters
    ----------
    value : object
        The content of one cell.

    Returns
    -------
    object
        The same, or the text with an apostrophe before it.

    Notes
    -----
    Covers ``= + - − @``, their full-width forms, tab and line breaks [1]_.

    References
    ----------
    .. [1] OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> neutralised("=HYPERLINK(A1)")
    "'=HYPERLINK(A1)"
    >>> neutralised(-5), neutralised("Market Square")
    (-5, 'Market Square')
    """
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
