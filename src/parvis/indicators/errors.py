"""What can be wrong with counts, populations and publication rules."""

from typing import ClassVar

from parvis.errors import InputError


class CountError(InputError):
    """A count is negative, missing or no whole number; details: what, row, value."""

    code: ClassVar[str] = "rate_count"


class PopulationError(InputError):
    """A population is zero, negative or missing; details: row, value."""

    code: ClassVar[str] = "rate_population"


class PopulationSmallerError(InputError):
    """There are more persons counted than people; details: row, count, population."""

    code: ClassVar[str] = "rate_population_smaller"


class BandsError(InputError):
    """Bands do not match; details: counts, populations, standard (how many there are)."""

    code: ClassVar[str] = "rate_bands"


class RepeatsError(InputError):
    """Persons by number of events do not add up; details: row, events, count."""

    code: ClassVar[str] = "rate_repeats"


class LevelError(InputError):
    """A confidence level is none; details: value."""

    code: ClassVar[str] = "estimate_level"


class ChoiceError(InputError):
    """A name is not among those known; details: what, value, accepted."""

    code: ClassVar[str] = "estimate_choice"
