"""What is an estimated value: the number, how sure it is, how it was made, and what to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

LEVEL = 0.95
"""Confidence level where none is asked for."""


class Flag(StrEnum):
    """
    Status of a value, in the letters statistical offices print beside figures.

    They are the observation and confidentiality statuses of SDMX code lists, of which Eurostat
    prints the lower-case letters.
    """

    NORMAL = "a"
    BREAK = "b"
    CONFIDENTIAL = "c"
    DEFINITION = "d"
    ESTIMATED = "e"
    IMPUTED = "i"
    PROVISIONAL = "p"
    SUPPRESSED = "q"
    UNRELIABLE = "u"


class Method(StrEnum):
    """How an interval was made; every name has its formula and source in the function named."""

    NONE = "none"
    POISSON = "poisson_exact"
    BYAR = "byar"
    DOBSON = "dobson"
    DOBSON_REPEATS = "dobson_repeats"
    WILSON = "wilson"
    WILSON_KISH = "wilson_kish"
    STUDENT = "student"
    RATIO_EXACT = "ratio_conditional_exact"
    RATIO_LOG_NORMAL = "ratio_log_normal"
    DIFFERENCE_OF_LIMITS = "difference_of_limits"
    LINEARISED = "linearised_t"
    REPLICATED = "replicated_t"
    LOGIT = "logit"
    XLOGIT = "xlogit"
    LIKELIHOOD = "likelihood"
    ARCSINE = "arcsine"
    BETA = "beta"
    WALD = "wald"
    WOODRUFF = "woodruff"
    BOOTSTRAP = "bootstrap"
    KAPLAN_MEIER = "kaplan_meier"


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must know: a stable code and the facts for its sentence."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    A value with its error.

    Attributes
    ----------
    value : float or None
        None where it is refused; the notes say why. Shares lie within 0 to 1.
    low, high : float or None
        Limits of the interval; None where there is none.
    level : float
        Confidence level of the interval, 0 to 1.
    standard_error : float or None
    n : int or None
        Answers, persons or events behind the value, unweighted.
    n_effective : float or None
        Answers of a simple random sample that would be as precise.
    df : float or None
        Degrees of freedom of the variance.
    method : Method
        How the interval was made.
    flags : tuple of Flag
    notes : tuple of Note
    """

    value: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    standard_error: float | None = None
    n: int | None = None
    n_effective: float | None = None
    df: float | None = None
    method: Method = Method.NONE
    flags: tuple[Flag, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether there is no value to show."""
        return self.value is None

    def scaled(self, factor: float) -> "Estimate":
        """
        Return the estimate in another unit; `factor` is positive.

        Examples
        --------
        >>> Estimate(0.25, 0.2, 0.3, standard_error=0.025).scaled(100.0).low
        20.0
        """

        def moved(value: float | None) -> float | None:
            return None if value is None else value * factor

        return replace(
            self,
            value=moved(self.value),
            low=moved(self.low),
            high=moved(self.high),
            standard_error=moved(self.standard_error),
        )

    def marked(self, flags: Iterable[Flag] = (), notes: Iterable[Note] = ()) -> "Estimate":
        """Return the estimate with further flags and notes, each once."""
        return replace(
            self,
            flags=tuple(dict.fromkeys((*self.flags, *flags))),
            notes=(*self.notes, *(note for note in notes if note not in self.notes)),
        )

    def withheld(self, note: Note, flag: Flag = Flag.SUPPRESSED) -> "Estimate":
        """Return the estimate without its figures, with the reason."""
        bare = replace(self, value=None, low=None, high=None, standard_error=None)
        return bare.marked([flag], [note])

    def to_json(self) -> dict[str, Any]:
        """Return plain data, names as here."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "standard_error": self.standard_error,
            "n": self.n,
            "n_effective": self.n_effective,
            "df": self.df,
            "method": self.method.value,
            "flags": [flag.value for flag in self.flags],
            "notes": [{"code": note.code, **note.details} for note in self.notes],
        }
