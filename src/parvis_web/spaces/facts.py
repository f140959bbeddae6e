"""Which facts should be verified next, because a result rests on them most?"""

from typing import TYPE_CHECKING, Any

from parvis.io.kept_results import KeptResultError

if TYPE_CHECKING:
    from parvis.io.survey_sheet import SurveyRow

MOST_FACTS = 8


def rows_of(result: Any, language: str) -> "tuple[SurveyRow, ...]":
    """Return the measuring list of a result, in words."""
    from parvis.io.survey_sheet import survey_rows
    from parvis.report.survey_sheet import survey_words

    words = survey_words(language)
    return survey_rows(result, words["what"], words["sheet"]["unnamed"])


def facts_of(analysis: Any) -> "list[SurveyRow]":
    """Return the facts an analysis rests on most, most decisive first; none where it is lost."""
    from parvis_web.approach.kept import report_language, result_of

    try:
        result = result_of(analysis)
    except KeptResultError:
        return []
    return list(rows_of(result, report_language())[:MOST_FACTS])
