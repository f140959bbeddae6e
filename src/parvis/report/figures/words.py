"""How the values of a figure are said in the reader's language, and what must stand beside."""

import math

from babel.numbers import format_decimal, format_percent

from parvis.indicators.estimates import Flag
from parvis.report.figures.spec import Figure, Mark
from parvis.report.wording import Wording, locale_of

MISSING = "–"
"""Stands where there is no value."""
PERCENT = "%"


class Words:
    """
    The words and numbers of one figure.

    Parameters
    ----------
    figure : Figure
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._wording = Wording(figure.language)
        self._locale = locale_of(figure.language)

    def __call__(self, key: str, **fields: object) -> str:
        """Return the text under ``chart.<key>``."""
        return self._wording(f"chart.{key}", **fields)

    def number(self, value: float | None, decimals: int | None = None) -> str:
        """Return a bare number; a dash where there is none."""
        if value is None or not math.isfinite(value):
            return MISSING
        said = format_decimal(value, _pattern(self._digits(decimals)), locale=self._locale)
        return str(said).replace("-", "\N{MINUS SIGN}")

    def percent(self, value: float | None, decimals: int = 0) -> str:
        """Return a share from 0 to 1 as a percentage."""
        if value is None:
            return MISSING
        pattern = f"{_pattern(decimals)}%" if self._locale == "en_GB" else f"{_pattern(decimals)} %"
        return str(format_percent(value, pattern, locale=self._locale))

    def quantity(self, value: float | None, decimals: int | None = None) -> str:
        """Return a number with the unit of the figure."""
        if value is None or not self._figure.unit:
            return self.number(value, decimals)
        if self._figure.unit == PERCENT:
            return self.percent(value / 100.0, self._digits(decimals))
        return self("quantity", number=self.number(value, decimals), unit=self._figure.unit)

    def short(self, value: float | None) -> str:
        """Return a number as it stands in a picture, whose axis tells the unit."""
        return self.quantity(value) if self._figure.unit == PERCENT else self.number(value)

    def change(self, value: float) -> str:
        """Return a difference with its sign."""
        sign = "+" if round(value, self._figure.decimals) > 0 else ""
        return f"{sign}{self.number(value)}"

    def mark(self, mark: Mark) -> str:
        """Return a value with its interval and the unit, or why there is none."""
        return self._with_interval(mark, self.quantity(mark.value))

    def bare(self, mark: Mark) -> str:
        """Return a value with its interval, its unit only where that is the percent sign."""
        return self._with_interval(mark, self.short(mark.value))

    def marked(self, mark: Mark) -> str:
        """Return a value with its interval and flags as in a picture."""
        said = self.bare(mark)
        letters = flag_letters(mark)
        return f"{said} {letters}" if letters else said

    def half(self, mark: Mark | None) -> str:
        """Return the value of one half: not scored, not enough data, hidden, or a number."""
        if mark is None:
            return self("not_scored")
        if mark.value is None and not mark.is_hidden:
            return self("not_enough")
        return self.marked(mark)

    def caveats(self) -> tuple[str, ...]:
        """Return every sentence that goes with the figure, each once."""
        figure = self._figure
        found: list[str] = []
        if any(mark.low is not None for mark in figure.marks):
            key = "complete" if figure.is_complete_count else "interval"
            found.append(self(f"caveat.{key}", level=self.percent(figure.level)))
        if figure.recorded is not None:
            rate = figure.recorded.rate
            found.append(
                self("caveat.reporting_unknown")
                if rate is None
                else self(
                    "caveat.reporting_rate",
                    rate=self.percent(rate),
                    source=figure.recorded.source or MISSING,
                )
            )
        return tuple(dict.fromkeys([*found, *figure.caveats]))

    def flags(self) -> tuple[str, ...]:
        """Return what the flags that occur mean."""
        return tuple(self(f"flag.{flag.value}") for flag in self._figure.flags)

    def origin(self) -> tuple[str, ...]:
        """Return where the figure's values come from and of when they are."""
        figure = self._figure
        found = []
        if figure.period:
            found.append(self("caveat.period", period=figure.period))
        if figure.source:
            found.append(self("caveat.source", source=figure.source.rstrip(".")))
        return tuple(found)

    def join(self, parts: list[str]) -> str:
        """Return parts as one enumeration."""
        return self._wording.join(parts)

    def _digits(self, decimals: int | None) -> int:
        return self._figure.decimals if decimals is None else decimals

    def _with_interval(self, mark: Mark, value: str) -> str:
        if mark.value is None:
            return self("hidden_mark") if mark.is_hidden else self("missing_mark")
        if mark.low is None or mark.high is None:
            return value
        low, high = self.number(mark.low), self.number(mark.high)
        return self("interval", value=value, low=low, high=high)


def flag_letters(mark: Mark) -> str:
    """
    Return the letters of a value's flags; a usual value has none.

    Examples
    --------
    >>> flag_letters(Mark("2025", 4.0, flags=(Flag.PROVISIONAL, Flag.ESTIMATED)))
    'e p'
    """
    return " ".join(sorted(flag.value for flag in mark.flags if flag is not Flag.NORMAL))


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")
