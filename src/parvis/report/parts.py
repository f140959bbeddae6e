"""Of what a document without a layout of its own consists: chapters of a few kinds of parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

Width = Literal["auto", "rest"]


@dataclass(frozen=True)
class Heading:
    """A heading within a chapter."""

    text: str

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {"kind": "heading", "text": self.text}

    def html(self) -> str:
        """Return the part as HTML."""
        return f"<h3>{escape(self.text)}</h3>"


@dataclass(frozen=True)
class Sentence:
    """A paragraph."""

    text: str

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {"kind": "text", "text": self.text}

    def html(self) -> str:
        """Return the part as HTML."""
        return f"<p>{escape(self.text)}</p>"


@dataclass(frozen=True)
class Sentences:
    """A list."""

    items: Sequence[str]

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {"kind": "list", "items": list(self.items)}

    def html(self) -> str:
        """Return the part as HTML."""
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in self.items)}</ul>"


@dataclass(frozen=True)
class Table:
    """A table with a head; one width a column."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[Width]

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {
            "kind": "table",
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "widths": list(self.widths),
        }

    def html(self) -> str:
        """Return the part as HTML."""
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


@dataclass(frozen=True)
class Facts:
    """Pairs of what and its fact."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def document(self) -> dict[str, Any]:
        """Return the part as data for the typesetter."""
        return {"kind": "facts", "head": list(self.head), "rows": [list(row) for row in self.rows]}

    def html(self) -> str:
        """Return the part as HTML."""
        rows = "".join(
            f"<dt>{escape(what)}</dt><dd>{escape(fact)}</dd>" for what, fact in self.rows
        )
        return f"<dl>{rows}</dl>"


Part = Heading | Sentence | Sentences | Table | Facts


@dataclass(frozen=True)
class Chapter:
    """A titled sequence of parts."""

    title: str
    parts: Sequence[Part]

    def document(self) -> dict[str, Any]:
        """Return the chapter as data for the typesetter."""
        return {"title": self.title, "parts": [part.document() for part in self.parts]}

    def html(self) -> str:
        """Return the chapter as HTML."""
        parts = "\n".join(part.html() for part in self.parts)
        return f"<section>\n<h2>{escape(self.title)}</h2>\n{parts}\n</section>"
