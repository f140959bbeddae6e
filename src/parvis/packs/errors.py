"""What can be wrong with a pack."""

from typing import ClassVar

from parvis.errors import InputError


class PackError(InputError):
    """Base of all errors about packs."""

    code: ClassVar[str] = "pack"


class PackNotFoundError(PackError):
    """The file does not exist; details: file."""

    code: ClassVar[str] = "pack_not_found"


class PackUnreadableError(PackError):
    """The file is not YAML that can be read safely; details: file, line, why."""

    code: ClassVar[str] = "pack_unreadable"


class PackInvalidError(PackError):
    """The content breaks the kind's rules; details: file, problems (all of them, one text)."""

    code: ClassVar[str] = "pack_invalid"


class UnknownPackError(PackError):
    """No pack of that kind or id ships with Parvis; details: name, known."""

    code: ClassVar[str] = "pack_unknown"


class UnknownFrameworkError(PackError):
    """No framework of that name or version is there; details: name, known."""

    code: ClassVar[str] = "framework_unknown"


class FrameworkPlaceError(PackError):
    """A framework's file may not stand where it stands; details: file, problem."""

    code: ClassVar[str] = "framework_place"
