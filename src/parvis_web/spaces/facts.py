"""Which facts should be verified next, because a result rests on them most?"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parvis.io.kept_results import KeptResultError
from parvis_web.ui.formats import metres

if TYPE_CHECKING:
    from parvis.io.survey_sheet import SurveyRow
    from parvis.report.wording import Wording

MOST_FACTS = 8


def rows_of(result: Any, language: str) -> "tuple[SurveyRow, ...]":
    """Return the measuring list of a result, in words."""
    from parvis.io.survey_sheet import survey_rows
    from parvis.report.survey_sheet import survey_words

    words = survey_words(language)
    return survey_rows(result, words["what"], words["sheet"]["unnamed"])


def facts_of(analysis: Any) -> "list[SurveyRow]":
    """Return the facts an analysis rests on most, most decisive first; none where it is lost."""
    from parvis.report.wording import Wording
    from parvis_web.approach.kept import report_language, result_of

    try:
        result = result_of(analysis)
    except KeptResultError:
        return []
    wording = Wording(report_language())
    return [
        replace(row, where=_place(entry, row, wording), used=_used(entry))
        for entry, row in zip(result.inputs, rows_of(result, wording.language), strict=True)
    ][:MOST_FACTS]


def _place(entry: Any, row: "SurveyRow", wording: "Wording") -> str:
    known = f"obstacle_kind.{entry.label}"
    return wording(known) if wording.has(known) else row.where


def _used(entry: Any) -> str:
    return f"{metres(entry.value, 2) if entry.value == entry.value else '?'} ({entry.grade})"
