"""What does a public register of algorithms say about a technology: one entry in three forms."""

import csv
import datetime as dt
import io
import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from parvis.assessment import Assessment, consensus
from parvis.errors import InputError
from parvis.io.algorithm_register_fields import (
    ANNEX_FIELDS,
    DUTCH_FIELDS,
    TRANSPARENCY_FIELDS,
    Field,
)

FRAMEWORK = "ai-technology"
TRANSPARENCY = "Algorithmic Transparency Standard 0.3.1"
DUTCH = "Publicatiestandaard Algoritmeregister 1.0.0"
ANNEX = "AI Act, Annex VIII, section C"
UNCHECKED = (
    "The list of fields follows Annex VIII, section C, of Regulation (EU) 2024/1689 as adopted in "
    "2024; it was not checked against the Official Journal and its later changes."
)
_URL = re.compile(r"https?://[^\s]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_CHECKS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "url": (_URL.fullmatch, "an address that begins with https:// or http://"),
    "email": (_EMAIL.fullmatch, "an e-mail address"),
    "contact": (lambda text: _URL.fullmatch(text) or _EMAIL.fullmatch(text), "an e-mail address"),
    "language": (_LANGUAGE.fullmatch, "two small letters, such as en"),
}


class RegisterFrameworkError(InputError):
    """The assessment is of another framework; details: framework, accepted."""

    code: ClassVar[str] = "register_framework"


class RegisterIncompleteError(InputError):
    """The form needs more; details: form, missing (questions, in its order)."""

    code: ClassVar[str] = "register_incomplete"


class RegisterFieldError(InputError):
    """A form does not take an answer; details: form, question, value, accepted."""

    code: ClassVar[str] = "register_field"


class RegisterLengthError(InputError):
    """A text is too short or too long; details: form, question, length, least, most."""

    code: ClassVar[str] = "register_length"


def transparency_json(assessment: Assessment) -> str:
    """
    Return the entry as JSON of the Algorithmic Transparency Standard 0.3.1.

    Parameters
    ----------
    assessment : Assessment
        Of the framework ``ai-technology``.

    Raises
    ------
    RegisterFrameworkError, RegisterIncompleteError, RegisterFieldError, RegisterLengthError
        If it is of another framework, lacks required fields, or a field breaks the form's rules.
    """
    said = _said(assessment)
    country = str(assessment.subject.attributes.get("country", "")).strip()
    derived = {"standard_version": "0.3.1", "uuid": str(_identity(assessment)), "country": country}
    entry = _entry(TRANSPARENCY, TRANSPARENCY_FIELDS, said, derived)
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def dutch_csv(assessment: Assessment) -> str:
    """
    Return the entry as CSV of the Dutch Publicatiestandaard 1.0.0: a header and one row.

    Its texts have no line breaks, and only Dutch ones are taken.

    Raises
    ------
    RegisterFrameworkError, RegisterIncompleteError, RegisterFieldError
        As `transparency_json`.
    """
    said = _said(assessment)
    language = said.get("r_lang", "nl")
    if language != "nl":
        raise RegisterFieldError(
            form=DUTCH, question="r_lang", value=language, accepted="nl, with texts in Dutch"
        )
    derived = {"taal": "nld", "schema": "1.0.0", "bron_id": str(_identity(assessment))}
    entry = _entry(DUTCH, DUTCH_FIELDS, said, derived)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(field.name for field in DUTCH_FIELDS)
    table.writerow(_cell(field, entry.get(field.name, "")) for field in DUTCH_FIELDS)
    return text.getvalue()


def _cell(field: Field, text: str) -> str:
    """Return a text on one line; one that spreadsheets would take for a formula is refused."""
    line = " ".join(text.split())
    if line.startswith(("=", "+", "-", "@")):
        raise RegisterFieldError(
            form=DUTCH,
            question=field.questions[0],
            value=line,
            accepted="a text that does not begin with =, +, - or @",
        )
    return line


def annex_viii_text(assessment: Assessment) -> str:
    """
    Return the entry as plain text in the order of Annex VIII, section C, of the AI Act.

    Raises
    ------
    RegisterFrameworkError, RegisterIncompleteError, RegisterFieldError
        As `transparency_json`.
    """
    entry = _entry(ANNEX, ANNEX_FIELDS, _said(assessment), {})
    parts = [f"{field.name}\n{entry.get(field.name, 'not given')}" for field in ANNEX_FIELDS]
    return "\n\n".join([ANNEX, *parts, UNCHECKED]) + "\n"


def transparency_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `transparency_json` gives."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TRANSPARENCY,
        "type": "object",
        "properties": {field.name: _property(field) for field in TRANSPARENCY_FIELDS},
        "required": [field.name for field in TRANSPARENCY_FIELDS if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    if field.name == "standard_version":
        return {"const": "0.3.1"}
    if field.values is not None:
        return {"enum": list(field.values.values())}
    rules: dict[str, Any] = {"type": "string", "minLength": max(field.least, 1)}
    if field.most:
        rules["maxLength"] = field.most
    if field.kind in ("date", "uuid", "email"):
        rules["format"] = field.kind
    if field.kind == "url":
        rules |= {"format": "uri", "pattern": "^https?://"}
    if field.kind == "language":
        rules["pattern"] = f"^{_LANGUAGE.pattern}$"
    return rules


def _said(assessment: Assessment) -> dict[str, str]:
    """Return the register's answers as text by question; those still to be settled are left out."""
    if assessment.framework.short_id != FRAMEWORK:
        raise RegisterFrameworkError(framework=assessment.framework.short_id, accepted=FRAMEWORK)
    found = {}
    for agreed in consensus(assessment):
        value = agreed.value
        text = value.isoformat() if isinstance(value, dt.date) else value
        if isinstance(text, str) and text.strip():
            found[agreed.item] = text.strip()
    return found


def _identity(assessment: Assessment) -> uuid.UUID:
    """Return what the subject is known by, or an identifier that follows from its name."""
    subject = assessment.subject
    try:
        return uuid.UUID(subject.ref)
    except ValueError:
        urn = f"{assessment.framework.id}/{subject.ref or subject.name}"
        return uuid.uuid5(uuid.NAMESPACE_URL, urn)


def _entry(
    form: str, fields: tuple[Field, ...], said: Mapping[str, str], derived: Mapping[str, str]
) -> dict[str, str]:
    missing = [
        field.questions[0]
        for field in fields
        if field.required and field.questions and field.questions[0] not in said
    ]
    if missing:
        raise RegisterIncompleteError(form=form, missing=", ".join(missing))
    entry = {}
    for field in fields:
        text = _value(form, field, said) if field.questions else derived[field.name]
        if text:
            entry[field.name] = text
    return entry


def _value(form: str, field: Field, said: Mapping[str, str]) -> str:
    text = " ".join(said[question] for question in field.questions if question in said)
    if not text:
        return ""
    if field.values is not None:
        return field.values[text]
    if field.kind == "month":
        return text[: len("2026-11")]
    check, accepted = _CHECKS.get(field.kind, (bool, ""))
    if not check(text):
        raise RegisterFieldError(
            form=form, question=field.questions[0], value=text, accepted=accepted
        )
    if len(text) < field.least or 0 < field.most < len(text):
        raise RegisterLengthError(
            form=form,
            question=", ".join(field.questions),
            length=len(text),
            least=field.least,
            most=field.most,
        )
    return text
