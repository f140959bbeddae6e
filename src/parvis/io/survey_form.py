"""How does the module of survey questions go into the field: as a form for phones."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from parvis.io.xlsform_fields import FormField, FormLayout, language_title
from parvis.io.xlsform_out import xlsform_workbook

if TYPE_CHECKING:
    from parvis.packs.base import Entry
    from parvis.packs.question_models import Question, QuestionModule, Said

FORM = "parvis_form"
FORM_ID = "parvis-perception"
AREAS = "areas"
SKIP = "skip_"
_SKIP = {
    "en": "Would you rather skip the following questions?",
    "fr": "Préférez-vous passer les questions suivantes ?",
    "pl": "Czy woli Pan/Pani pominąć następne pytania?",
}
_HELP_LINE = {
    "en": "the number the interviewer gives you",
    "fr": "le numéro que vous donne l'enquêteur",
    "pl": "numer podany przez ankietera",
}
_TYPES = {"number": "integer", "text": "text", "area": "text"}


def survey_form(
    module: "QuestionModule",
    *,
    title: str = "",
    areas: Sequence[tuple[str, str]] = (),
    help_line: str = "",
    without: Sequence[str] = (),
) -> bytes:
    """
    Return the module of survey questions as an XLSForm workbook.

    Parameters
    ----------
    module : QuestionModule
    title : str
        Of the form; the module's by default.
    areas : sequence of (code, name)
        Districts to choose from; a free text without.
    help_line : str
        Whom to call after hard questions.
    without : sequence of str
        Optional questions to leave out, such as that on migration.

    Notes
    -----
    Fields are called like the questions, choices like their answers, so that submissions need no
    map. Sensitive questions stand after a note and can be skipped together.
    """
    layout = survey_layout(module, title=title, areas=areas, help_line=help_line, without=without)
    return xlsform_workbook(layout)


def survey_layout(
    module: "QuestionModule",
    *,
    title: str = "",
    areas: Sequence[tuple[str, str]] = (),
    help_line: str = "",
    without: Sequence[str] = (),
) -> FormLayout:
    """Return the rows of the form and its fields; parameters as of `survey_form`."""
    languages = (module.language, *sorted(module.translations))
    rows: list[dict[str, str]] = [
        {"type": "start", "name": "start"},
        {"type": "end", "name": "end"},
        {"type": "calculate", "name": FORM, "calculation": f"'{FORM_ID} {module.version}'"},
    ]
    fields = {FORM: FormField(FORM, (), "form")}
    left_out = {key for key in without if module.questions[key].optional}
    for section in module.sections:
        asked = [
            question
            for question in module.entries
            if question.section == section.key and question.key not in left_out
        ]
        if not asked:
            continue
        head = {"type": "begin_group", "name": section.key, "appearance": "field-list"}
        rows.append(head | _labels(section, languages))
        skip = ""
        if all(question.sensitive for question in asked):
            note, choice = _skipping(module, section.key, languages, help_line)
            rows += [note, choice]
            skip = f"not(selected(${{{choice['name']}}}, 'yes'))"
        for question in asked:
            rows.append(_row(question, module, languages, skip, has_areas=bool(areas)))
            fields[question.key] = FormField(question.key, (section.key,), "value")
        rows.append({"type": "end_group", "name": section.key})
    settings = {
        "form_title": title or module.source.title,
        "form_id": FORM_ID,
        "version": str(module.version),
        "default_language": language_title(module.language),
    }
    choices = _choices(module, languages, areas)
    return FormLayout(tuple(rows), tuple(choices), settings, fields, {})


def _row(
    question: "Question",
    module: "QuestionModule",
    languages: Sequence[str],
    skip: str,
    *,
    has_areas: bool,
) -> dict[str, str]:
    kind = _TYPES.get(question.kind, "")
    row = {"type": kind, "name": question.key}
    if question.kind == "one" or (question.kind == "area" and has_areas):
        row["type"] = f"select_one {question.list or AREAS}"
    elif question.kind == "several":
        row["type"] = f"select_multiple {question.list}"
        alone = [
            choice.key
            for choice in module.choices_of(question.key)
            if choice.key in ("none", "dont_know", *module.blank)
        ]
        ruled = " or ".join(f"selected(., '{key}')" for key in alone)
        if ruled:
            row["constraint"] = f"not(({ruled}) and count-selected(.) > 1)"
    elif question.kind == "number":
        row["constraint"] = ". >= 0 and . <= 120"
    when = [skip] if skip else []
    if question.ask_when:
        when.append(_asked(question.ask_when))
    if when:
        row["relevant"] = " and ".join(when)
    return row | _labels(question, languages)


def _asked(said: "Said") -> str:
    named = " or ".join(f"selected(${{{said.question}}}, '{word}')" for word in said.answers)
    return f"({named})"


def _skipping(
    module: "QuestionModule", section: str, languages: Sequence[str], help_line: str
) -> tuple[dict[str, str], dict[str, str]]:
    note = {"type": "note", "name": f"help_{section}"}
    choice = {"type": "select_one skipping", "name": f"{SKIP}{section}"}
    for language in languages:
        title = language_title(language)
        line = help_line or _HELP_LINE.get(language, _HELP_LINE["en"])
        said = module.help.get(language, module.help[module.language])
        note[f"label::{title}"] = said.replace("{help_line}", line)
        choice[f"label::{title}"] = _SKIP.get(language, _SKIP["en"])
    return note, choice


def _choices(
    module: "QuestionModule", languages: Sequence[str], areas: Sequence[tuple[str, str]]
) -> list[dict[str, str]]:
    rows = [
        {"list_name": known.key, "name": choice.key} | _labels(choice, languages)
        for known in module.lists
        for choice in known.choices
    ]
    yes_no = next(known for known in module.lists if known.key == "yes-no")
    rows += [
        {"list_name": "skipping", "name": choice.key} | _labels(choice, languages)
        for choice in yes_no.choices
        if choice.key in ("yes", "no")
    ]
    for code, name in areas:
        labels = {f"label::{language_title(language)}": name for language in languages}
        rows.append({"list_name": AREAS, "name": code} | labels)
    return rows


def _labels(entry: "Entry", languages: Sequence[str]) -> dict[str, str]:
    words: Mapping[str, Mapping[str, str]] = entry.i18n
    return {
        f"label::{language_title(language)}": words.get(language, {}).get("name", entry.name)
        for language in languages
    }
