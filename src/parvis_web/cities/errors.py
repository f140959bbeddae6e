"""What is wrong with a file given for a city."""

from typing import ClassVar

from parvis.errors import InputError, LimitError


class UploadTooLargeError(LimitError):
    """The file is larger than files may be."""

    code: ClassVar[str] = "upload_too_large"


class UploadKindError(InputError):
    """The file's ending is none of those that are read."""

    code: ClassVar[str] = "upload_kind"


class UploadContentError(InputError):
    """The file's first bytes are not those of its ending."""

    code: ClassVar[str] = "upload_content"


class UploadUnpackedError(LimitError):
    """The file unpacks to more than files may."""

    code: ClassVar[str] = "upload_unpacked"


class UploadPackedError(InputError):
    """The file is a broken archive."""

    code: ClassVar[str] = "upload_packed"


class CityAtWorkError(InputError):
    """Another run changes the city now."""

    code: ClassVar[str] = "city_at_work"
