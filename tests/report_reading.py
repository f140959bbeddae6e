"""Documents read back as text."""

import io

import pypdf


def text_of(pdf: bytes) -> str:
    """All pages, with straight apostrophes."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("’", "'")


def flat(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())
