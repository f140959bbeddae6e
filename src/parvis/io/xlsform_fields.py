"""What is a form for phones made of: rows of its sheets, and fields that answer items."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from babel import Locale, UnknownLocaleError

from parvis.assessment import Assessment
from parvis.packs.framework_questions import Column, Question
from parvis.packs.frameworks import framework_digest

Role = Literal["value", "high", "state", "because", "form", "assessor", "parts", "entry", "called"]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """
    Names of the fields that hold what was said to an item.

    Attributes
    ----------
    value : str
    high : str
        Upper end of a range; "" where there is none.
    state : str
        Why there is no value, where that is a field of its own; "" where it is a choice.
    unknown, not_applicable : str
        The choices that say so.
    """

    value: str
    high: str = ""
    state: str = ""
    unknown: str = "unknown"
    not_applicable: str = "not_applicable"


@dataclass(frozen=True, slots=True)
class FormField:
    """
    What a field of a form holds.

    Attributes
    ----------
    name : str
        Unique in the form.
    path : tuple of str
        Names of the groups and repeats it lies in.
    role : str
    question : str
        Question or ``table.column``; "" where it answers none.
    at : tuple of str
        Entries of the lists; in a repeat those that stand fast.
    asked : Question or Column, optional
    repeat : str
        Name of the repeat it lies in.
    list : str
        List whose entry it names.
    choices : FieldNames, optional
        Words of the item's choices.
    """

    name: str
    path: tuple[str, ...]
    role: Role
    question: str = ""
    at: tuple[str, ...] = ()
    asked: Question | Column | None = None
    repeat: str = ""
    list: str = ""
    choices: FieldNames | None = None


@dataclass(frozen=True, slots=True)
class FormRepeat:
    """
    A repeat that takes further entries of open lists.

    Attributes
    ----------
    lists : tuple of str
        Lists it names an entry of.
    is_rows : bool
        Whether it adds rows to a table, whose entry stands last in an item's place; otherwise
        the entries stand first.
    """

    lists: tuple[str, ...]
    is_rows: bool


@dataclass(frozen=True)
class FormLayout:
    """
    A form as the rows of its sheets, and as fields.

    Attributes
    ----------
    survey, choices, settings : tuple of dict
        Rows; a cell by column.
    fields : mapping of str to FormField
    repeats : mapping of str to FormRepeat
    """

    survey: tuple[Mapping[str, str], ...]
    choices: tuple[Mapping[str, str], ...]
    settings: Mapping[str, str]
    fields: Mapping[str, FormField]
    repeats: Mapping[str, FormRepeat]

    @property
    def identity(self) -> str:
        """Id and version, as each submission repeats them."""
        return f"{self.settings['form_id']} {self.settings['version']}"


def form_identity(assessment: Assessment) -> tuple[str, str]:
    """
    Return id and version of an assessment's form.

    The id stands for framework and subject. The version says, parted by ``-``, the framework's
    version, a digest of what it says and a digest of the subject's facts and added entries.
    """
    subject = assessment.subject
    framework = assessment.framework
    about = _digest([subject.kind, subject.name, subject.ref])
    facts = _digest(
        {
            "attributes": {key: str(value) for key, value in subject.attributes.items()},
            "lists": {
                key: sorted(entry.key for entry in added)
                for key, added in assessment.lists.items()
                if added
            },
        }
    )
    text = framework_digest(framework)[:12]
    return f"{framework.short_id}-{about[:8]}", f"{framework.version}-{text}-{facts[:6]}"


def is_same_form(said: str, expected: str) -> bool:
    """
    Return whether answers to a form fit an assessment: facts and added entries may differ.

    Examples
    --------
    >>> is_same_form("walk-12ab 1-cd-ef", "walk-12ab 1-cd-00")
    True
    """
    return bool(said) and said.rpartition("-")[0] == expected.rpartition("-")[0]


def _digest(facts: object) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def language_title(code: str) -> str:
    """
    Return a language as forms write it.

    Examples
    --------
    >>> language_title("pl")
    'Polski (pl)'
    """
    try:
        name = Locale(code).get_language_name(code) or code
    except UnknownLocaleError:
        name = code
    return f"{name[:1].upper()}{name[1:]} ({code})"
