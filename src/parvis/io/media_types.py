"""Tells what a file that somebody gave is, from its content alone."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DXF = "image/vnd.dxf"

LARGEST_UNPACKED = 500_000_000
"""An office file that unpacks to more is none. [byte]"""

MOST_MEMBERS = 10_000
"""Parts of an office file."""

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
_OFFICE = {"xl/workbook.xml": SPREADSHEET, "word/document.xml": TEXT_DOCUMENT}
_OPEN_DOCUMENTS = frozenset(
    f"application/vnd.oasis.opendocument.{kind}" for kind in ("spreadsheet", "text")
)
_HEAD = 8192


def media_type_of(path: Path) -> str:
    """
    Return the media type of a picture, PDF, DXF drawing or office file; "" for anything else.

    Parameters
    ----------
    path : Path
        Its name does not matter.

    Notes
    -----
    Office files with macros are none of these. Meant to be called in a process with limits: the
    file is not trusted.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for start, media_type in _PICTURES.items():
        if head.startswith(start):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _packed_type(path)
    return DXF if _is_dxf(head) else ""


def _is_dxf(head: bytes) -> bool:
    if head.startswith(b"AutoCAD Binary DXF\r\n\x1a\x00"):
        return True
    lines = [line.strip() for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()]
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    first = next((pair for pair in pairs if pair[0] != b"999"), None)
    return first == (b"0", b"SECTION")


def _packed_type(path: Path) -> str:
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if (
                len(members) > MOST_MEMBERS
                or sum(member.file_size for member in members) > LARGEST_UNPACKED
                or any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names)
            ):
                return ""
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    said = stream.read(100).decode("ascii", "replace")
                return said if said in _OPEN_DOCUMENTS else ""
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return ""
    found = [media_type for name, media_type in _OFFICE.items() if name in names]
    return found[0] if len(found) == 1 and "[Content_Types].xml" in names else ""
