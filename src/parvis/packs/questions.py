"""Where the module of survey questions that ships with Parvis is."""

from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack

if TYPE_CHECKING:
    from parvis.packs.question_models import QuestionModule


def question_module() -> "QuestionModule":
    """
    Return the module of survey questions.

    Examples
    --------
    >>> len(question_module().rules)
    23
    """
    return cast("QuestionModule", load_pack("question-module"))
