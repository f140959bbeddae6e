"""Plans and photos become one bounded picture without what else the file held."""

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from parvis.io import underlays
from parvis.io.underlays import UnderlayTooLargeError, UnderlayUnreadableError, read_underlay


def _open(underlay: underlays.Underlay) -> Image.Image:
    picture = Image.open(BytesIO(underlay.content))
    assert Image.MIME[picture.format] == underlay.media_type
    assert picture.size == (underlay.width, underlay.height)
    return picture


def _plan(width: int = 300, height: int = 200) -> Image.Image:
    plan = Image.new("RGB", (width, height), "white")
    plan.paste((200, 0, 0), (0, 0, width // 2, height // 2))
    return plan


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_picture_of_each_kind_is_read_whatever_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.dat"
    _plan().save(path, kind)
    picture = _open(read_underlay(path)).convert("RGB")
    assert picture.size == (300, 200)
    assert np.abs(np.subtract(picture.getpixel((30, 30)), (200, 0, 0))).max() < 12


def test_a_photo_loses_its_place_and_keeps_its_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    _plan().save(tmp_path / "photo.jpg", exif=exif, comment=b"SecretNote")
    read = read_underlay(tmp_path / "photo.jpg")
    picture = _open(read)
    assert picture.size == (200, 300)
    assert not picture.getexif() and b"Secret" not in read.content and b"EXIF" not in read.content


def test_a_large_scan_is_made_smaller(tmp_path: Path) -> None:
    _plan(6000, 3000).save(tmp_path / "scan.png")
    read = read_underlay(tmp_path / "scan.png")
    assert (read.width, read.height) == (4096, 2048)


def test_a_plan_stays_sharp_until_it_is_too_heavy(tmp_path: Path, monkeypatch) -> None:
    _plan().save(tmp_path / "plan.png")
    assert read_underlay(tmp_path / "plan.png").media_type == "image/png"
    monkeypatch.setattr(underlays, "LARGEST_PLAN", 100)
    assert read_underlay(tmp_path / "plan.png").media_type == "image/webp"


def test_grey_values_beyond_a_byte_are_stretched(tmp_path: Path) -> None:
    values = np.linspace(1000, 5000, 60 * 40).reshape(40, 60).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "scan.tif")
    picture = np.asarray(_open(read_underlay(tmp_path / "scan.tif")).convert("L"))
    assert picture.min() == 0 and picture.max() == 255


def test_what_is_clear_stays_clear(tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "plan.png")
    assert _open(read_underlay(tmp_path / "plan.png")).getpixel((5, 5))[3] == 0


def _pdf(path: Path, *, pages: int = 1, password: str = "") -> Path:
    writer = PdfWriter()
    for number in range(pages):
        writer.add_blank_page(width=400 + 100 * number, height=300)
    writer.add_metadata({"/Author": "SecretAuthor"})
    if password:
        writer.encrypt(password)
    writer.write(path)
    return path


def test_a_page_of_a_pdf_is_drawn(tmp_path: Path) -> None:
    read = read_underlay(_pdf(tmp_path / "plan.pdf", pages=2), page=2)
    assert (read.width, read.height, read.n_pages) == (4096, 2458, 2)
    assert b"Secret" not in read.content


def test_pages_of_a_tiff_are_counted(tmp_path: Path) -> None:
    _plan().save(tmp_path / "plan.tif", save_all=True, append_images=[_plan(100, 100)])
    read = read_underlay(tmp_path / "plan.tif", page=2)
    assert (read.width, read.n_pages) == (100, 2)


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_is_not_there_is_named(page: int, tmp_path: Path) -> None:
    with pytest.raises(UnderlayUnreadableError) as raised:
        read_underlay(_pdf(tmp_path / "plan.pdf", pages=2), page=page, name="Market.pdf")
    assert raised.value.details == {
        "file": "Market.pdf",
        "problem": f"it has no page {page}, only 1 to 2",
    }


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", 0)
    (tmp_path / "bomb.png").write_bytes(content)
    with pytest.raises((UnderlayTooLargeError, UnderlayUnreadableError)):
        read_underlay(tmp_path / "bomb.png")


@pytest.mark.parametrize("scale", [1, 3])
def test_more_pixels_than_the_limit_are_refused(scale: int, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50_000)
    _plan(300 * scale, 200 * scale).save(tmp_path / "plan.png")
    with pytest.raises(UnderlayTooLargeError):
        read_underlay(tmp_path / "plan.png")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a...",
        b"<svg xmlns='x'/>",
        b"%PDF-1.7 broken",
        b"\x89PNG\r\n\x1a\nxx",
        b"RIFFxxxxWAVE",
    ],
)  # fmt: skip
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.png").write_bytes(content)
    with pytest.raises(UnderlayUnreadableError):
        read_underlay(tmp_path / "file.png")


def test_a_protected_pdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnderlayUnreadableError):
        read_underlay(_pdf(tmp_path / "plan.pdf", password="x"))  # noqa: S106


def test_a_half_picture_is_refused(tmp_path: Path) -> None:
    _plan().save(tmp_path / "plan.png")
    content = (tmp_path / "plan.png").read_bytes()
    (tmp_path / "plan.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(UnderlayUnreadableError):
        read_underlay(tmp_path / "plan.png")
