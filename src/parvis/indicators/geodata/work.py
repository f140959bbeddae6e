"""What all parts of one computation from a city share, and where they leave their results."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.indicators.estimates import Flag, Note
from parvis.indicators.geodata.open_space import OpenSpaces
from parvis.indicators.geodata.people import Areas, LivingPlaces, PopulationCells
from parvis.indicators.values import TOTAL, DataGrade, Observation

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Geodata
    from parvis.packs.indicators import Catalogue

WHOLE = "city"
POTENTIAL = "open_space=potential"
"""Split of values that count open spaces nobody has checked on the ground."""
KM2 = 1e-6


@dataclass(eq=False, slots=True)
class Work:
    """All that one computation shares."""

    city: City
    rules: "Geodata"
    catalogue: "Catalogue"
    cells: PopulationCells
    homes: LivingPlaces
    areas: Areas
    whole: str
    period: str
    source: str
    home_area: NDArray[np.int64]
    rows: list[Observation] = field(default_factory=list)
    notices: list[Note] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def note(self, code: str, **details: Any) -> None:
        """Add something to know."""
        self.notices.append(Note(code, details))

    def places(self) -> Iterator[tuple[str, int | None]]:
        """Yield the code of the whole city with None, then each area's with its row."""
        yield self.whole, None
        for row, code in enumerate(self.areas.codes):
            yield code, row

    def add(
        self,
        code: str,
        area: str,
        value: float | None,
        *,
        above: float | None = None,
        below: float | None = None,
        n: int | None = None,
        split: str = TOTAL,
        flag: Flag = Flag.ESTIMATED,
        grade: DataGrade = DataGrade.C,
    ) -> None:
        """Add an observation, if its indicator is not switched off."""
        indicator = self.catalogue.indicators.get(code)
        if indicator is None:
            return
        self.rows.append(
            Observation(
                indicator=code, period=self.period, area=area, value=value, unit=indicator.unit,
                error_model=indicator.error_model, split=split, n=n, numerator=above,
                denominator=below, flag=flag, source=self.source, definition=indicator.version,
                grade=grade,
            )
        )  # fmt: skip


def standing_of(spaces: OpenSpaces) -> tuple[Flag, DataGrade]:
    """
    Return the flag and grade of what rests on the verified ones of some open spaces.

    None verified: of another definition, D. Some verified: provisional, D, as the others may turn
    out to be open too. All verified: estimated, C.
    """
    if not spaces.is_verified.any():
        return Flag.DEFINITION, DataGrade.D
    if not spaces.is_verified.all():
        return Flag.PROVISIONAL, DataGrade.D
    return Flag.ESTIMATED, DataGrade.C
