"""What can be wrong with what indicators are computed from."""

from typing import ClassVar

from parvis.errors import InputError


class PopulationCellsError(InputError):
    """A population cell cannot be used; details: file, row, column, value, accepted."""

    code: ClassVar[str] = "geodata_population"


class PopulationColumnsError(InputError):
    """Columns of a population grid are not there; details: file, missing, found."""

    code: ClassVar[str] = "geodata_columns"


class NobodyThereError(InputError):
    """No cell with people lies in the city; details: file, city, n."""

    code: ClassVar[str] = "geodata_nobody"


class NoWaysError(InputError):
    """A city has no ways to walk along; details: city."""

    code: ClassVar[str] = "geodata_ways"


class UnknownSpacesError(InputError):
    """Spaces said to be checked are not the city's; details: n, ids, city."""

    code: ClassVar[str] = "geodata_spaces"


class CheckedSpacesError(InputError):
    """A table of checked spaces cannot be used; details: file, row, value, accepted."""

    code: ClassVar[str] = "geodata_checked"


class PeriodError(InputError):
    """A period is none; details: value."""

    code: ClassVar[str] = "geodata_period"
