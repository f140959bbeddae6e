"""What leaves an assessment: its report, its answers, its form, its entries in registers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.assessment import least_group
from parvis.errors import InputError
from parvis.io.algorithm_register import (
    FRAMEWORK,
    RegisterIncompleteError,
    annex_viii_text,
    dutch_csv,
    transparency_json,
)
from parvis.io.answer_tables import answers_csv, answers_json, answers_xlsx
from parvis.io.assessment_file import AssessmentFile
from parvis.io.media_types import SPREADSHEET
from parvis.io.xlsform_out import export_xlsform
from parvis.report.assessment_report import (
    FindingDecision,
    ReportFacts,
    assessment_html,
    assessment_pdf,
)
from parvis.report.wording import catalogued
from parvis_web.accounts.rights import Actor, NotAllowed, check_read, check_write
from parvis_web.accounts.table import Reason
from parvis_web.assessments.held import Held, engine_of
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.models import FindingDecision as Decided
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.rules import asked_sections
from parvis_web.assessments.services_signing import document_digest
from parvis_web.assessments.wording import word
from parvis_web.ui.errors import sentence_of

Register = Callable[[Any], str]

REGISTERS: Mapping[str, tuple[Register, str, str]] = {
    "transparency": (transparency_json, "json", "application/json"),
    "dutch-register": (dutch_csv, "csv", "text/csv"),
    "annex-viii": (annex_viii_text, "txt", "text/plain"),
}
REPORTS: Mapping[str, tuple[Callable[..., Any], str]] = {
    "pdf": (assessment_pdf, "application/pdf"),
    "html": (assessment_html, "text/html"),
}
TABLES: Mapping[str, tuple[Callable[[AssessmentFile], bytes], str]] = {
    "json": (answers_json, "application/json"),
    "csv": (answers_csv, "text/csv"),
    "xlsx": (answers_xlsx, SPREADSHEET),
}


@dataclass(frozen=True)
class Paper:
    """A file to send."""

    name: str
    media_type: str
    content: bytes


def check_report(actor: Actor, assessment: Assessment) -> None:
    """Raise unless `actor` may have the whole assessment told."""
    check_read(actor, assessment)
    if asked_sections(actor, assessment) is not None:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("You were asked about some sections; the report tells of all of them."),
        )


def check_export(actor: Actor, assessment: Assessment, held: Held) -> None:
    """
    Raise unless `actor` may have the answers one by one.

    What single people said on their own goes to those alone who arrange the assessment, and to
    nobody where its framework shows groups only.
    """
    check_report(actor, assessment)
    if assessment.is_separate:
        check_write(actor, assessment)
    if least_group(held.framework) > 1:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("This framework shows groups of people only, so answers are not given out singly."),
        )


def report(assessment: Assessment, ending: str) -> Paper:
    """Return the report in the reader's language as of today."""
    held, language = engine_of(assessment), catalogued(language_of_reader())
    make, media_type = REPORTS[ending]
    made = make(
        held.assessment, held.result(timezone.localdate()), report_facts(assessment), language
    )
    content = made.encode() if isinstance(made, str) else made
    return Paper(_name(assessment, held, ending), media_type, content)


def answers(assessment: Assessment, held: Held, ending: str) -> Paper:
    """Return the answers as a table, or as the file of the assessment."""
    make, media_type = TABLES[ending]
    return Paper(_name(assessment, held, ending), media_type, make(kept_file(assessment, held)))


def kept_file(assessment: Assessment, held: Held) -> AssessmentFile:
    """Return the assessment as the library's files hold it."""
    return AssessmentFile(held.assessment, assessment.marking)


def form(assessment: Assessment, *, is_own_server: bool) -> Paper:
    """
    Return the questions as a form for phones.

    Raises
    ------
    parvis.io.xlsform_out.OwnServerError, parvis.io.xlsform_out.FormMarkingError
    """
    held = engine_of(assessment)
    content = export_xlsform(held.assessment, marking=assessment.marking, own_server=is_own_server)
    return Paper(_name(assessment, held, "xlsx", "form"), SPREADSHEET, content)


def register_entry(assessment: Assessment, key: str) -> Paper:
    """
    Return the entry of a register of algorithms.

    Raises
    ------
    parvis.errors.InputError
        Where it lacks what the register asks for; `register_sentence` says so in words.
    """
    held = engine_of(assessment)
    make, ending, media_type = REGISTERS[key]
    return Paper(_name(assessment, held, ending, key), media_type, make(held.assessment).encode())


def has_registers(held: Held) -> bool:
    """Return whether public registers know what this framework asks about."""
    return held.framework.short_id == FRAMEWORK


def register_sentence(held: Held, error: InputError) -> str:
    """Return in words what an entry lacks: the questions as they are asked."""
    if not isinstance(error, RegisterIncompleteError):
        return sentence_of(error)
    language = language_of_reader()
    asked = {item.key: word(item.question, language) for item in held.items.values()}
    missing = [asked.get(key, key) for key in str(error.details["missing"]).split(", ")]
    return _("The entry for “%(form)s” still needs an answer to: %(missing)s.") % {
        "form": error.details["form"],
        "missing": "; ".join(name.rstrip(".?") for name in missing),
    }


def report_facts(assessment: Assessment) -> ReportFacts:
    """Return what a report says of itself, in the reader's language."""
    decisions: dict[str, FindingDecision] = {}
    rows = Decided.objects.filter(assessment=assessment).select_related("decided_by")
    for row in rows:
        decisions.setdefault(
            row.finding,
            FindingDecision(
                str(row.get_choice_display()),
                row.reason,
                str(row.decided_by or "–"),
                timezone.localdate(row.created),
            ),
        )
    signatures = list(assessment.signatures.all())
    digest = signatures[0].digest if signatures else document_digest(assessment)
    return ReportFacts(
        marking=f"TLP:{assessment.marking}",
        created=timezone.now().isoformat(timespec="seconds"),
        authority=assessment.authority.name,
        state=_("%(state)s; SHA-256 %(digest)s")
        % {"state": assessment.get_state_display(), "digest": digest},
        signatures=[
            _("%(name)s, %(function)s, %(day)s, SHA-256 %(digest)s")
            % {
                "name": row.signer_name,
                "function": row.signer_function,
                "day": row.signed_on.isoformat(),
                "digest": row.digest[:16],
            }
            for row in signatures
        ],
        decisions=decisions,
    )


def _name(assessment: Assessment, held: Held, ending: str, part: str = "") -> str:
    parts = [slugify(assessment.subject_name)[:60], held.framework.short_id, part]
    marking = f"TLP-{assessment.marking.replace('+', '-')}"
    return f"{'-'.join([*filter(None, parts), marking])}.{ending}"
