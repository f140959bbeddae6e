"""How does a photo become evidence: what it said about itself is data, and no more in the file."""

import datetime as dt
import hashlib
import math
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

from PIL import Image, ImageOps

from parvis.errors import InputError

LARGEST = 40_000_000
"""[byte]"""
MOST_PIXELS = 80_000_000
LONGEST_SIDE = 4096
"""[px]"""
QUALITY = 90
_KINDS = ("JPEG", "PNG", "WEBP", "TIFF")
_GPS, _EXIF = 0x8825, 0x8769
_TAKEN, _TAKEN_OFFSET, _CHANGED = 0x9003, 0x9011, 0x0132


class PhotoUnreadableError(InputError):
    """A file is no photo that can be shown; details: file, problem."""

    code: ClassVar[str] = "photo_unreadable"


@dataclass(frozen=True, slots=True)
class Photo:
    """
    A photo made of pixels alone.

    Attributes
    ----------
    content : bytes
    sha256 : str
        Of `content`.
    media_type : str
    width, height : int
        [px]
    taken : datetime, optional
        When, by the camera's clock.
    place : tuple of float, optional
        Longitude and latitude. [degrees, WGS 84]
    """

    content: bytes
    sha256: str
    media_type: str
    width: int
    height: int
    taken: dt.datetime | None = None
    place: tuple[float, float] | None = None


def read_photo(raw: bytes, *, name: str) -> Photo:
    """
    Return a photo upright and without anything its camera wrote into it.

    Parameters
    ----------
    raw : bytes
        JPEG, PNG, WebP or TIFF; what it is, is told from the content.
    name : str
        For errors.

    Raises
    ------
    PhotoUnreadableError
    """
    if len(raw) > LARGEST:
        raise PhotoUnreadableError(file=name, problem="it is too large for a photo")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(raw), formats=_KINDS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PhotoUnreadableError(file=name, problem="it is too large for a photo")
                kind = picture.format
                facts = picture.getexif()
                taken, place = _taken(facts), _place(facts)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                is_plain = kind in ("PNG", "WEBP")
                pixels = upright.convert(
                    "RGBA" if is_plain and upright.has_transparency_data else "RGB"
                )
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
            raise PhotoUnreadableError(
                file=name, problem="it is too large for a photo"
            ) from problem
        except (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError) as problem:
            if isinstance(problem, InputError):
                raise
            said = "it is damaged or no photo"
            raise PhotoUnreadableError(file=name, problem=said) from problem
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    stream = BytesIO()
    if kind == "PNG":
        bare.save(stream, "PNG", optimize=False)
    else:
        bare.convert("RGB").save(stream, "JPEG", quality=QUALITY)
    content = stream.getvalue()
    media_type = "image/png" if kind == "PNG" else "image/jpeg"
    digest = hashlib.sha256(content).hexdigest()
    return Photo(content, digest, media_type, *bare.size, taken=taken, place=place)


def _taken(facts: Any) -> dt.datetime | None:
    inner = facts.get_ifd(_EXIF)
    said = str(inner.get(_TAKEN) or facts.get(_CHANGED) or "").strip("\x00 ")
    offset = str(inner.get(_TAKEN_OFFSET) or "").strip("\x00 ")
    for text, pattern in ((said + offset, "%Y:%m:%d %H:%M:%S%z"), (said, "%Y:%m:%d %H:%M:%S")):
        try:
            return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - cameras have no zone
        except ValueError:
            continue
    return None


def _place(facts: Any) -> tuple[float, float] | None:
    said = facts.get_ifd(_GPS)
    latitude = _degrees(said.get(2), said.get(1), "S")
    longitude = _degrees(said.get(4), said.get(3), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return longitude, latitude


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found):
        return None
    return round(-found if str(side).strip("\x00 ").upper() == negative else found, 6)
