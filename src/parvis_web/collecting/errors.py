"""What is wrong with data that are to be brought in."""

from typing import ClassVar

from parvis.errors import InputError


class ProtectedGoneError(InputError):
    """The content of protected data, or its key, is not there."""

    code: ClassVar[str] = "protected_gone"
