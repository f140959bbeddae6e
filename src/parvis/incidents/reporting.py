"""What part of what happens comes to be recorded, as far as anybody knows."""

import math
from dataclasses import dataclass
from typing import Any

from parvis.incidents.errors import IncidentOptionError
from parvis.indicators.estimates import Note


@dataclass(frozen=True, slots=True)
class Reporting:
    """
    The reporting rate that goes with every result about recorded incidents.

    Attributes
    ----------
    rate : float or None
        Share of incidents that are reported, above 0 to 1; None where it is not known.
    source : str
        Survey and year it comes from.
    """

    rate: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a rate that is none, and one without its source."""
        if self.rate is None:
            return
        if not (math.isfinite(self.rate) and 0.0 < self.rate <= 1.0):
            accepted = "a share above 0 and up to 1, as 0.45"
            raise IncidentOptionError(
                what="Reporting rate", value=f"{self.rate:g}", accepted=accepted
            )
        if not self.source.strip():
            accepted = "the survey and the year it comes from"
            raise IncidentOptionError(
                what="Source of the reporting rate", value="", accepted=accepted
            )

    @property
    def note(self) -> Note:
        """The sentence shown beside every result."""
        if self.rate is None:
            return Note("incidents_reporting_unknown")
        return Note("incidents_reporting_rate", {"rate": self.rate, "source": self.source})

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {"rate": self.rate, "source": self.source}


UNKNOWN = Reporting()
