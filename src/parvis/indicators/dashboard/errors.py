"""What can be wrong with what is asked of a dashboard."""

from typing import ClassVar

from parvis.errors import InputError


class DashboardPeriodError(InputError):
    """There is no such period; details: value."""

    code: ClassVar[str] = "dashboard_period"


class DashboardBaseError(InputError):
    """The base period ends after the period; details: base, period."""

    code: ClassVar[str] = "dashboard_base"


class DashboardIndicatorError(InputError):
    """There is no such indicator in the catalogue; details: value."""

    code: ClassVar[str] = "dashboard_indicator"
