"""
What can go wrong, as data.

An error carries a stable `code` and `details`; the sentence a person reads is made at the edge
(`parvis.report.messages`), so it can be translated. Three families decide who can act: *input*
(the user can fix it), *limits* (too large, or not covered by the method) and *internal* (a bug).
"""

from enum import StrEnum
from typing import Any, ClassVar


class Family(StrEnum):
    """Who can act on an error."""

    INPUT = "input"
    LIMITS = "limits"
    INTERNAL = "internal"


class ParvisError(Exception):
    """
    Base of all errors raised on purpose.

    Parameters
    ----------
    **details
        The facts of this case: file, row or field, value, what would be accepted. Names are those
        used by the message template of the class's `code`.
    """

    code: ClassVar[str] = "internal"
    family: ClassVar[Family] = Family.INTERNAL

    def __init__(self, **details: Any) -> None:
        self.details = details
        listed = ", ".join(f"{key}={value!r}" for key, value in details.items())
        super().__init__(f"{self.code}: {listed}" if listed else self.code)


class InputError(ParvisError, ValueError):
    """Something a user gave cannot be used; the user can mend it."""

    code: ClassVar[str] = "input"
    family: ClassVar[Family] = Family.INPUT


class LimitError(ParvisError, RuntimeError):
    """The request is outside what the machine or the method can do."""

    code: ClassVar[str] = "limits"
    family: ClassVar[Family] = Family.LIMITS


class InternalError(ParvisError, AssertionError):
    """A condition the code promises does not hold: a bug."""

    code: ClassVar[str] = "internal"
    family: ClassVar[Family] = Family.INTERNAL
