"""What can be wrong with answers."""

from typing import ClassVar

from parvis.errors import InputError


class AnswerError(InputError):
    """Base of all errors about answers."""

    code: ClassVar[str] = "answer"


class AnswerItemError(AnswerError):
    """No such question is asked; details: question, framework."""

    code: ClassVar[str] = "answer_item"


class AnswerStateError(AnswerError):
    """A question may not be answered like that; details: question, state, known."""

    code: ClassVar[str] = "answer_state"


class AnswerKindError(AnswerError):
    """The value is of another kind; details: question, value, accepted."""

    code: ClassVar[str] = "answer_kind"


class AnswerChoiceError(AnswerError):
    """The value is not among the answers; details: question, value, known."""

    code: ClassVar[str] = "answer_choice"


class AnswerOfferError(AnswerError):
    """Earlier answers rule the choice out; details: question, value, condition, known."""

    code: ClassVar[str] = "answer_offer"


class AnswerRangeError(AnswerError):
    """The number lies outside of its range; details: question, value, low, high (with unit)."""

    code: ClassVar[str] = "answer_range"


class AnswerIntervalError(AnswerError):
    """The question takes one value; details: question, low, high."""

    code: ClassVar[str] = "answer_interval"


class AnswerIntervalOrderError(AnswerError):
    """A range begins above its end; details: question, low, high."""

    code: ClassVar[str] = "answer_interval_order"


class ListEntryError(AnswerError):
    """Entries were added to a list that takes none; details: list, known."""

    code: ClassVar[str] = "list_entry"


class FrameworkVersionError(AnswerError):
    """
    Answers cannot be taken over.

    Details: framework, found, version, accepted.
    """

    code: ClassVar[str] = "framework_version"
