"""How does a photo that somebody gave become one that says nothing but what it shows."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from parvis.errors import InputError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/png"}
"""Formats read, with the media type they are kept as."""
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 6000


class PictureUnreadableError(InputError):
    """The file is no picture of a kind that is read, or is cut off."""

    code = "picture_unreadable"


class PictureLargeError(InputError):
    """The picture has more pixels than are read."""

    code = "picture_large"


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture as kept.

    Attributes
    ----------
    media_type : str
    width, height : int
        [pixel]
    """

    media_type: str
    width: int
    height: int


def clean_picture(path: Path, target: Path, *, longest_side: int = LONGEST_SIDE) -> Picture:
    """
    Write a picture anew, upright and without place, time, camera or any other hidden record.

    Parameters
    ----------
    path : Path
        JPEG, PNG, WebP or TIFF.
    target : Path
    longest_side : int
        A larger picture is made smaller. [pixel]

    Raises
    ------
    PictureUnreadableError, PictureLargeError
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path, formats=list(FORMATS))
        if image.width * image.height > MOST_PIXELS:
            raise PictureLargeError(
                file=path.name, width=image.width, height=image.height, most=MOST_PIXELS // 10**6
            )
        media_type = FORMATS[str(image.format)]
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((longest_side, longest_side))
        mode = "RGB" if media_type == "image/jpeg" or "A" not in upright.getbands() else "RGBA"
        plain = Image.new(mode, upright.size)
        plain.paste(upright.convert(mode))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise PictureUnreadableError(file=path.name) from problem
    plain.save(target, format=media_type.partition("/")[2].upper(), quality=88)
    return Picture(media_type, plain.width, plain.height)
