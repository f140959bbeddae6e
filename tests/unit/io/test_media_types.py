"""What a file is, is told from its content, and nothing runs or unpacks on the way."""

import io
import zipfile
from pathlib import Path

import pytest

from parvis.io.media_types import LARGEST_UNPACKED, SPREADSHEET, TEXT_DOCUMENT, media_type_of

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def packed(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            told = zipfile.ZipInfo(name.replace("__", "/").replace("_xml", ".xml"))
            archive.writestr(told, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


TYPES = packed(**{"[Content_Types]_xml": "x"})


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\n\n%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", ""),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER", "image/vnd.dxf"),
        (b"999\nwords\n0\nSECTION\n", "image/vnd.dxf"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00", "image/vnd.dxf"),
        (b"0\nLINE\n", ""),
        (b"", ""),
        (b"<html>", ""),
        (b"<svg xmlns='x'/>", ""),
        (packed(**{"[Content_Types]_xml": "x", "xl__workbook_xml": "x"}), SPREADSHEET),
        (packed(**{"[Content_Types]_xml": "x", "word__document_xml": "x"}), TEXT_DOCUMENT),
        (packed(mimetype=ODS, content_xml="x"), ODS),
        (packed(mimetype="application/java-archive"), ""),
        (packed(xl__workbook_xml="x"), ""),
        (
            packed(
                **{"[Content_Types]_xml": "x", "xl__workbook_xml": "x", "xl__vbaProject.bin": "x"}
            ),
            "",
        ),
        (packed(mimetype=ODS, Basic__script_xml="x"), ""),
        (TYPES, ""),
        (TYPES[:20], ""),
    ],
)
def test_the_kind_is_told_from_the_content(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = tmp_path / "file.exe"
    path.write_bytes(content)
    assert media_type_of(path) == media_type


def test_an_office_file_that_unpacks_to_very_much_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    content = {"[Content_Types]_xml": "x", "xl__workbook_xml": "0" * 5000}
    path.write_bytes(packed(**content))
    assert media_type_of(path) == SPREADSHEET
    assert LARGEST_UNPACKED > 5000
    monkeypatch.setattr("parvis.io.media_types.LARGEST_UNPACKED", 5000)
    assert media_type_of(path) == ""
