"""What did people answer to the module's own form: submissions of ODK or Kobo as survey rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from parvis.io.submission_records import read_records
from parvis.io.submissions import SubmissionsFormError
from parvis.io.survey_form import FORM, FORM_ID, survey_layout
from parvis.io.survey_table import SurveyEmptyError, SurveyTable

if TYPE_CHECKING:
    from parvis.packs.question_models import QuestionModule

INSTANCE, DAY = "instance", "day"
"""Columns beside the questions: the submission's own number, and the day it was filled in."""


def read_survey_submissions(path: Path, module: "QuestionModule") -> SurveyTable:
    """
    Read submissions of the form that `survey_form` makes.

    Parameters
    ----------
    path : Path
        CSV, XLSX, JSON or ZIP as ODK Central and KoboToolbox give them out.
    module : QuestionModule

    Returns
    -------
    SurveyTable
        A column for each question, `INSTANCE` and `DAY`; the same submission twice counts once.

    Raises
    ------
    SubmissionsUnreadableError
    SubmissionsFormError
        If the submissions answer another form.
    SurveyEmptyError
    """
    layout = survey_layout(module)
    records, _ = read_records(path, layout)
    expected = f"{FORM_ID} {module.version}"
    others = {
        said for record in records if (said := str(record.values.get(FORM, expected))) != expected
    }
    if others:
        found = ", ".join(sorted(others)[:3])
        raise SubmissionsFormError(file=path.name, found=found, expected=expected)
    columns: dict[str, list[str]] = {name: [] for name in (*module.questions, INSTANCE, DAY)}
    rows: list[int] = []
    seen: set[str] = set()
    for number, record in enumerate(records, start=1):
        instance = record.facts.get("instance", "")
        answers = {
            name: str(record.values[name]) for name in module.questions if name in record.values
        }
        if not answers or (instance and instance in seen):
            continue
        seen.add(instance)
        rows.append(number)
        for name in module.questions:
            columns[name].append(answers.get(name, ""))
        columns[INSTANCE].append(instance)
        started = record.facts.get("start") or record.facts.get("received", "")
        columns[DAY].append(started[:10])
    if not rows:
        raise SurveyEmptyError(file=path.name)
    return SurveyTable(path.name, columns, tuple(rows), {})
