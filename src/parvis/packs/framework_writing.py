"""How a framework is written down."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from parvis.packs.framework_models import Framework

Content = dict[str, Any]
FieldPath = tuple[str | int, ...]
TEXTS = ("name", "description", "guidance", "text", "unit", "reference")
"""Texts that can be translated, in the order they are written."""
_PARTS = (
    ("attributes", "attribute"),
    ("lists", "list"),
    ("scales", "scale"),
    ("sections", "section"),
    ("scores", "score"),
    ("findings", "finding"),
    ("measures", "measure"),
    ("duties", "duty"),
)
_INNER = (
    ("entries", "entry"),
    ("levels", "level"),
    ("rungs", "rung"),
    ("classes", "class"),
    ("outcomes", "outcome"),
)
WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Writes no aliases: each thing stands where it is read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature of PyYAML
        """Return that nothing is written as an alias."""
        return True


def framework_content(framework: "Framework") -> Content:
    """
    Return what a framework says as plain data, without what goes without saying.

    Translations stand in the order of the framework's languages.
    """
    content = _plain(framework.model_dump(by_alias=True, exclude_defaults=True))
    languages = list(framework.translations)
    for _, _, entry in entries_in(content):
        if i18n := entry.get("i18n"):
            entry["i18n"] = {
                code: {key: i18n[code][key] for key in TEXTS if key in i18n[code]}
                for code in sorted(i18n, key=lambda code: [*languages, code].index(code))
            }
    return content


def framework_yaml(framework: "Framework") -> str:
    """Return a framework as the content of its file, in the one layout all tools write."""
    return yaml.dump(
        framework_content(framework),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
    )


def entries_in(content: Content) -> Iterator[tuple[str, FieldPath, Content]]:
    """
    Yield all that can be translated: what it is called in tables, its path and its content.

    The names are ``framework``, ``question KEY``, ``level SCALE.KEY``, ``option QUESTION.KEY`` and
    so on.
    """
    yield "framework", (), content
    for part, word in _PARTS:
        for row, entry in enumerate(content.get(part, ())):
            path: FieldPath = (part, row)
            yield f"{word} {entry.get('key')}", path, entry
            for inner, called in _INNER:
                yield from _below(entry, path, inner, f"{called} {entry.get('key')}")
            if part == "attributes":
                yield from _below(entry, path, "options", f"option attribute.{entry.get('key')}")
            for place, question in enumerate(entry.get("questions", ())):
                yield from _question(question, (*path, "questions", place))


def _question(question: Content, path: FieldPath) -> Iterator[tuple[str, FieldPath, Content]]:
    key = question.get("key")
    yield f"question {key}", path, question
    yield from _below(question, path, "options", f"option {key}")
    for row, column in enumerate(question.get("columns", ())):
        where: FieldPath = (*path, "columns", row)
        yield f"column {key}.{column.get('key')}", where, column
        yield from _below(column, where, "options", f"option {key}.{column.get('key')}")


def _below(
    entry: Content, path: FieldPath, inner: str, called: str
) -> Iterator[tuple[str, FieldPath, Content]]:
    for row, each in enumerate(entry.get(inner, ())):
        yield f"{called}.{each.get('key')}", (*path, inner, row), each


def _plain(value: Any) -> Any:
    """Return lists for tuples and whole numbers without a point."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
