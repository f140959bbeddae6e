"""
How is a plan or photo read that is laid under the map: as one bounded picture without secrets.

What is returned is a new picture made of pixels alone: no position, camera or author of a photo,
no layers, links or scripts of a PDF.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from parvis.errors import InputError, LimitError

LONGEST_SIDE = 4096
"""Graphics cards of tablets take no larger picture. [px]"""

LARGEST_PLAN = 8_000_000
"""Pictures of plans above this are packed with loss. [byte]"""

_PICTURES = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "TIFF": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "WEBP": (b"RIFF",),
}
_PDF = b"%PDF-"


class UnderlayUnreadableError(InputError):
    """The file is no plan or photo that can be shown."""

    code = "underlay_unreadable"


class UnderlayTooLargeError(LimitError):
    """The picture has more pixels than can be opened safely."""

    code = "underlay_too_large"


@dataclass(frozen=True)
class Underlay:
    """
    A plan or photo, ready to be laid under a map.

    Attributes
    ----------
    content : bytes
    media_type : {"image/png", "image/webp"}
    width, height : int
        [px]
    n_pages : int
        Of the file; a photo has one.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    n_pages: int


def read_underlay(path: Path, *, page: int = 1, name: str = "") -> Underlay:
    """
    Read a page of a PDF, or a PNG, JPEG, TIFF or WebP picture.

    What the file is, is told from its content; its name does not matter.

    Parameters
    ----------
    path : Path
    page : int
        Of a PDF or TIFF, from 1.
    name : str, optional
        What people call the file, for errors.

    Raises
    ------
    UnderlayUnreadableError, UnderlayTooLargeError

    Notes
    -----
    At most `LONGEST_SIDE` pixels wide and high. Photos are turned upright as their camera said.
    Meant to be called in a process with limits: the file is not trusted.
    """
    called = name or path.name
    with path.open("rb") as stream:
        head = stream.read(1024)
    if _PDF in head:
        return _read_pdf(path, page, called)
    for kind, starts in _PICTURES.items():
        if head.startswith(starts) and (kind != "WEBP" or head[8:12] == b"WEBP"):
            return _read_picture(path, kind, page, called)
    raise UnderlayUnreadableError(file=called, problem="it is none of PDF, PNG, JPEG, TIFF, WebP")


def _read_pdf(path: Path, page: int, called: str) -> Underlay:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(path) as document:
            n_pages = len(document)
            _check_page(page, n_pages, called)
            sheet = document[page - 1]
            longest = max(sheet.get_size())
            if not 1 <= longest < 1e6:
                raise UnderlayUnreadableError(file=called, problem="its page has no size")
            drawn = sheet.render(scale=LONGEST_SIDE / longest, may_draw_forms=False)
            picture = drawn.to_pil().convert("RGB")
    except PdfiumError as problem:
        said = "it is damaged or protected by a password"
        raise UnderlayUnreadableError(file=called, problem=said) from problem
    return _packed(picture, is_photo=False, n_pages=n_pages)


def _read_picture(path: Path, kind: str, page: int, called: str) -> Underlay:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=[kind]) as picture:
                n_pages = getattr(picture, "n_frames", 1) if kind == "TIFF" else 1
                _check_page(page, n_pages, called)
                picture.seek(page - 1)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                plain = _as_colours(upright)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
            limit = (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
            raise UnderlayTooLargeError(file=called, megapixels=limit) from problem
        except (OSError, ValueError, SyntaxError, EOFError, TypeError) as problem:
            if isinstance(problem, InputError):
                raise
            said = "it is damaged or of a variety that cannot be shown"
            raise UnderlayUnreadableError(file=called, problem=said) from problem
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _packed(plain, is_photo=kind in ("JPEG", "WEBP"), n_pages=n_pages)


def _check_page(page: int, n_pages: int, called: str) -> None:
    if not 1 <= page <= n_pages:
        problem = f"it has no page {page}, only 1 to {n_pages}"
        raise UnderlayUnreadableError(file=called, problem=problem)


def _as_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in 8-bit colours; what is transparent stays so."""
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        grey = (values - low) * (255.0 / (high - low) if high > low else 0.0)
        picture = Image.fromarray(grey.astype(np.uint8))
    is_clear = "A" in picture.getbands() or "transparency" in picture.info
    converted = picture.convert("RGBA" if is_clear else "RGB")
    converted.info = {}
    return converted


def _packed(picture: Image.Image, *, is_photo: bool, n_pages: int) -> Underlay:
    save: Callable[..., None] = picture.save
    stream, media_type = BytesIO(), "image/png"
    if not is_photo:
        save(stream, "PNG", optimize=False)
    if is_photo or stream.tell() > LARGEST_PLAN:
        stream, media_type = BytesIO(), "image/webp"
        save(stream, "WEBP", quality=85, method=2)
    return Underlay(stream.getvalue(), media_type, *picture.size, n_pages)
