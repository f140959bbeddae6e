"""What a performance rating is, and the words its parts are described with."""

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from parvis.errors import InputError
from parvis.packs.content import load_rating_systems

if TYPE_CHECKING:
    from parvis.packs.models import RatingSystem

SQUARE_ON = math.pi / 2
MANUAL = "manual"
RELATIVE_TOLERANCE = 1e-9


class RatingError(InputError):
    """Base of all errors about ratings."""

    code: ClassVar[str] = "rating"


class RatingSyntaxError(RatingError):
    """No notation reads the text; details: text, accepted."""

    code: ClassVar[str] = "rating_syntax"


class RatingLevelError(RatingError):
    """The standard does not know that level or code; details: text, what, accepted."""

    code: ClassVar[str] = "rating_level"


class RatingValueError(RatingError):
    """Figures are outside the range a rating can have; details: problems (all, one text)."""

    code: ClassVar[str] = "rating_value"


@dataclass(frozen=True, slots=True)
class Rating:
    """
    A performance rating of a vehicle security barrier, from a test or as a requirement.

    Attributes
    ----------
    text : str
        As it was written.
    system : str
        Key in the pack `barrier-ratings`, ``"manual"``, or "" where several standards write it so.
    is_system_stated : bool
        The text names its standard; otherwise `system` follows from vehicle and notation alone.
    edition : str
        "" where not stated.
    mass : float
        Of the test vehicle. [kg], > 0
    vehicle_class : str
        Code of the test vehicle, "" where not stated. The mass is never taken from it where the
        rating states a mass.
    speed : float
        [m s⁻¹], > 0
    angle : float
        Between path and barrier. [rad], > 0, at most π/2
    penetration : float
        Beyond the datum. [m], >= 0; NaN where not stated.
    penetration_level : str
        The level that stands for "at most `penetration`", e.g. ``"P1"``; "" where measured.
    dispersion : float
        Of major debris. [m]; NaN where not stated.
    datum : {"attack-face", "rear-face", "cargo-bed-front", "unstated"}
        Where penetration is measured from.
    method : str
        Test method letter, ``"V"`` for a vehicle impact; "" where not stated.
    scheme, ground, entered_by : str
        Of a manual entry: certificate scheme, ground of the test, and who entered it.
    array_length : float
        Of a manual entry: length of the array tested. [m]; NaN where not stated.
    """

    text: str
    system: str
    is_system_stated: bool
    edition: str
    mass: float
    vehicle_class: str
    speed: float
    angle: float
    penetration: float
    penetration_level: str
    dispersion: float
    datum: str
    method: str
    scheme: str = ""
    ground: str = ""
    array_length: float = math.nan
    entered_by: str = ""

    @property
    def energy(self) -> float:
        """Kinetic energy of the test. [J]."""
        return 0.5 * self.mass * self.speed**2


def out_of_range(*problems: tuple[str, float | str, str]) -> RatingValueError:
    """Return the error for figures given as name, value and what would be accepted."""
    listed = "; ".join(
        f"{name} is {value!r}, accepted is {accepted}" for name, value, accepted in problems
    )
    return RatingValueError(problems=listed)


def is_at_least(value: float, least: float) -> bool:
    """Return whether a value reaches another, within rounding."""
    return value >= least * (1.0 - RELATIVE_TOLERANCE)


def number_text(value: float) -> str:
    """Return a number as it is written in a rating: at most two decimals."""
    return f"{round(value, 2):g}" if abs(value) < 1000.0 else f"{round(value):d}"


def comma_number(value: float) -> str:
    """Return a number with a decimal comma."""
    return number_text(value).replace(".", ",")


@cache
def words_of(language: str) -> dict[str, str]:
    """Return the sentences in a language, in English where there are none in it."""
    sentences = load_rating_systems().sentences
    return sentences.get(language, sentences["en"])


@cache
def system_of(key: str) -> "RatingSystem":
    """Return a rating system by its key."""
    return next(system for system in load_rating_systems().entries if system.key == key)
