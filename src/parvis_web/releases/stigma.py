"""What must be asked before a city is shown in parts: the questions, and which answers suffice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

LEAST_LETTERS = 20
"""A shorter explanation explains nothing."""


@dataclass(frozen=True)
class Question:
    """
    One question.

    Attributes
    ----------
    key : str
    text, hint : str
        Translated when they are read.
    wanted : {"yes", "no"}
        The answer that needs no explanation.
    is_needed : bool
        Whether no other answer will do.
    """

    key: str
    text: Any
    wanted: str
    hint: Any = ""
    is_needed: bool = False


QUESTIONS = (
    Question(
        "use",
        _("Do residents need the figure of their area to take part in a decision?"),
        "yes",
        _("Curiosity, or that the figure is there, is no need."),
    ),
    Question(
        "other-way",
        _("Would the city's figure, or a talk on site, serve the same purpose?"),
        "no",
    ),
    Question(
        "one-group",
        _("Is there an area whose name stands for one group of people or one estate?"),
        "no",
        _("Then the figure is read as a statement about these people."),
    ),
    Question(
        "name",
        _("Could an area's figure harm those who live, rent or run a business there?"),
        "no",
        _("Rents, insurance, job applications, the name of a school."),
    ),
    Question(
        "recording",
        _("Does the figure partly show where police or wardens look more often?"),
        "no",
        _("Then it has to be said beside the figure."),
    ),
    Question(
        "context",
        _("Do the introduction and the caveats say what the figure does not mean?"),
        "yes",
        _("Nothing is published by area before they do."),
        is_needed=True,
    ),
    Question(
        "heard",
        _("Has somebody from the areas, or who works there, read it before?"),
        "yes",
    ),
)


def unanswered(answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions whose answer is missing, refused, or not explained where it must be."""
    found = []
    for question in QUESTIONS:
        said = answers.get(question.key) or {}
        answer, why = said.get("answer", ""), str(said.get("why", "")).strip()
        is_enough = answer == question.wanted or (
            answer in {"yes", "no"} and not question.is_needed and len(why) >= LEAST_LETTERS
        )
        if not is_enough:
            found.append(question)
    return found
