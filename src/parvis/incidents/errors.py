"""What can be wrong with recorded incidents and the questions asked of them."""

from typing import ClassVar

from parvis.errors import InputError, LimitError


class IncidentColumnsError(InputError):
    """A file lacks columns; details: file, missing, found."""

    code: ClassVar[str] = "incident_columns"


class IncidentEmptyError(InputError):
    """A file holds no row that can be used; details: file, n."""

    code: ClassVar[str] = "incident_empty"


class IncidentDecimalsError(InputError):
    """A column mixes decimal commas and points; details: file, column, comma, point."""

    code: ClassVar[str] = "incident_decimals"


class IncidentRowsError(InputError):
    """Rows are rejected and nothing may be written; details: file, n, row, problem."""

    code: ClassVar[str] = "incident_rows"


class IncidentMappingError(InputError):
    """A column mapping or list of codes cannot be used; details: file, problem."""

    code: ClassVar[str] = "incident_mapping"


class IncidentOptionError(InputError):
    """An option cannot be used; details: what, value, accepted."""

    code: ClassVar[str] = "incident_option"


class IncidentDataError(InputError):
    """What was given does not hold what a question needs; details: file, what."""

    code: ClassVar[str] = "incident_data"


class IncidentSizeError(LimitError):
    """A question is too large to be answered; details: what, n, most."""

    code: ClassVar[str] = "incident_size"
