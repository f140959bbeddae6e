"""What would a survey's file bring in as indicators, and which of its rows cannot be used."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.indicators.measures import Edition
from parvis.indicators.surveyed import Surveyed, document_of, surveyed
from parvis.indicators.values import DataGrade, Observations, period_days
from parvis.indicators.vintages import Delivery
from parvis.io.observation_import import ObservationsRejectedError, Rejected
from parvis.io.observations import save_delivery
from parvis.io.survey_map import SurveyMap, SurveyMapError
from parvis.io.survey_rows import RowsReader, answered_of
from parvis.io.survey_table import SurveyTable, read_survey
from parvis.packs.questions import question_module

if TYPE_CHECKING:
    from parvis.packs.indicators import Catalogue


@dataclass(frozen=True, eq=False, slots=True)
class SurveyPreview:
    """
    What a survey's file would bring in; nothing is written yet.

    Attributes
    ----------
    file, sha256 : str
    mapping : SurveyMap
    n_rows : int
        Rows used.
    rejected : tuple of Rejected
        In order of their rows.
    found : Surveyed or None
        None where no row can be used.
    """

    file: str
    sha256: str
    mapping: SurveyMap
    n_rows: int
    rejected: tuple[Rejected, ...]
    found: Surveyed | None

    @property
    def observations(self) -> Observations | None:
        """The values that would be kept."""
        return self.found.observations if self.found else None


def preview_survey(
    path: Path,
    mapping: SurveyMap,
    catalogue: "Catalogue",
    *,
    received: dt.date,
    table: SurveyTable | None = None,
) -> SurveyPreview:
    """
    Read a survey's file, say of each row whether it can be used, and estimate from those that can.

    Parameters
    ----------
    path : Path
        CSV, XLSX or SPSS.
    mapping : SurveyMap
    catalogue : Catalogue
    received : date
        A period that begins later is refused.
    table : SurveyTable, optional
        The file as it was read otherwise, such as submissions of the module's own form.

    Raises
    ------
    SurveyMapError
        If the map names an indicator that there is not, or a period to come.
    InputError
        What is wrong with the file or the design as a whole.
    """
    days = period_days(mapping.period)
    if days is None or days[0] > received:
        problem = "a period that has begun must stand here"
        raise SurveyMapError(file=path.name, key="period", problem=problem)
    for code in mapping.indicators:
        if code not in catalogue.indicators:
            problem = "there is no such indicator"
            raise SurveyMapError(file=path.name, key=f"indicators.{code}", problem=problem)
    table = read_survey(path, sheet=mapping.sheet or None) if table is None else table
    module = question_module()
    reader = RowsReader(table, mapping, module)
    kept = reader.kept()
    found = None
    if kept.rows:
        found = surveyed(
            answered_of(kept, mapping, module),
            module,
            catalogue,
            period=mapping.period,
            area=mapping.area,
            source=mapping.source or path.name,
            grade=DataGrade(mapping.grade),
            edition=Edition(mapping.edition),
            rule=mapping.rule,
        )
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    rejected = tuple(reader.rejected[at] for at in sorted(reader.rejected))
    return SurveyPreview(path.name, digest, mapping, len(kept.rows), rejected, found)


def write_survey(
    preview: SurveyPreview,
    *,
    received: dt.date,
    note: str = "",
    without_rejected: bool = False,
    home: Path | None = None,
) -> Delivery:
    """
    Keep what a survey says as a delivery, with the covariance of its values.

    Raises
    ------
    ObservationsRejectedError
        If rows were rejected and are not to be left out, or none gives a value; nothing is
        written.
    DiskFullError, HomeNotWritableError
    """
    n, found = len(preview.rejected), preview.found
    if found is None or not len(found.observations) or (n and not without_rejected):
        total = n + preview.n_rows
        raise ObservationsRejectedError(file=preview.file, n=n, total=total)
    return save_delivery(
        found.observations,
        received=received,
        file=preview.file,
        sha256=preview.sha256,
        note=note,
        mapping=preview.mapping.to_json(),
        survey=document_of(found),
        home=home,
    )
