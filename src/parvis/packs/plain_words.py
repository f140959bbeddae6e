"""What a pack's faults mean to whoever writes it: from Pydantic's findings to sentences."""

import types
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from parvis.packs.base import Located
from parvis.packs.framework_scores import METHODS

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "a key: letters a-z, digits, - and _, no spaces",
    r"^[A-Za-z][A-Za-z0-9_]*$": "a key: letters a-z, digits and _, beginning with a letter",
    r"^[a-z]{2}$": "two letters of a language, e.g. fr",
    r"^[A-Z]{3}$": "three letters of a currency, e.g. EUR",
    r"^urn:parvis:framework:[a-z][a-z0-9-]*$": "urn:parvis:framework: and a short name, e.g. "
    "urn:parvis:framework:park-check",
    r"^(draft|current|superseded-by: urn:parvis:\S+)$": "draft, current or superseded-by: URN",
    r"^((section|tag|score):)?[A-Za-z0-9][A-Za-z0-9_.-]*$": "a question, table.column, "
    "section:KEY, tag:TAG or score:KEY",
}
_MANY = 40


def located(detail: "ErrorDetails", model: type["BaseModel"], data: Any) -> Located:
    """
    Return where a fault is and what it is.

    Parameters
    ----------
    detail : dict
        One of Pydantic's findings.
    model : type
        Of the whole pack.
    data : object
        The pack's content as read.
    """
    path = _without_tags(detail["loc"], data)
    if detail["type"].startswith("union_tag"):
        path = (*path, "method")
    return path, _plain(detail, model)


def _without_tags(loc: tuple[str | int, ...], data: Any) -> tuple[str | int, ...]:
    """Return a location as the file has it, without the names of variants and dictionary keys."""
    path: list[str | int] = []
    place = data
    for row, step in enumerate(loc):
        if step == "[key]":
            continue
        if isinstance(place, Mapping):
            is_last = row == len(loc) - 1
            if step not in place and not is_last:
                continue
            if step not in place and place.get("method") == step:
                continue
            place = place.get(step)
        elif isinstance(place, list) and isinstance(step, int) and step < len(place):
            place = place[step]
        elif isinstance(place, list):
            continue
        else:
            place = None
        path.append(step)
    return tuple(path)


def _plain(detail: "ErrorDetails", model: type["BaseModel"]) -> str:
    kind, given = detail["type"], detail.get("input")
    context = detail.get("ctx", {})
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        known = _keys_at(model, detail["loc"][:-1])
        return (
            f"there is no such key; here may stand {', '.join(known)}"
            if known
            else ("there is no such key")
        )
    if kind == "string_pattern_mismatch":
        said = _PATTERNS.get(context.get("pattern", ""))
        return f"{_shown(given)} is not {said}" if said else detail["msg"]
    if kind in ("string_type", "literal_error") and isinstance(given, bool):
        word = "yes" if given else "no"
        return (
            f"a text must stand here; YAML reads {word}, on, off, true and false as true or false: "
            f'write it in quotes, e.g. "{word}"'
        )
    if kind == "string_type":
        return f"a text must stand here, not {_shown(given)}; numbers and dates need quotes"
    if kind == "literal_error":
        return f"{_shown(given)} is not accepted; accepted are {context.get('expected')}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        methods = context.get("expected_tags") or ", ".join(map(repr, METHODS))
        tag = context.get("tag")
        head = f"{tag!r} is no method" if tag else "'method' is missing"
        return f"{head}; accepted are {methods}"
    if kind in ("tuple_type", "list_type"):
        return f"a list must stand here, e.g. [a, b], not {_shown(given)}"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"keys with values must stand here, e.g. {{key: value}}, not {_shown(given)}"
    if kind in ("too_short", "string_too_short"):
        return f"is empty; at least {context.get('min_length', 1)} must be given"
    return f"{detail['msg']}; given is {_shown(given)}"


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= _MANY else f"{text[:_MANY]}…"


def _keys_at(model: type["BaseModel"], loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand at a location, empty where that cannot be told."""
    from pydantic import BaseModel

    found: Any = model
    for step in loc:
        found = _inner(found, step)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [field.alias or name for name, field in found.model_fields.items()]
    return []


def _inner(kind: Any, step: str | int) -> Any:
    """Return the type one step below a type; None where that cannot be told."""
    from pydantic import BaseModel

    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if step in (name, field.alias):
                return _bare(field.annotation)
        return kind if step in _tags(kind) else None
    arguments = get_args(kind)
    if get_origin(kind) is tuple and arguments:
        return _bare(arguments[0])
    if get_origin(kind) is dict and arguments:
        return _bare(arguments[1])
    if get_origin(kind) in (Union, types.UnionType):
        for argument in arguments:
            if step in _tags(_bare(argument)):
                return _bare(argument)
    return None


def _bare(kind: Any) -> Any:
    """Return a type without its annotations, and without None where it may be left out."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        others = [each for each in get_args(kind) if each is not type(None)]
        if len(others) == 1:
            return _bare(others[0])
    return kind


def _tags(kind: Any) -> tuple[Any, ...]:
    field = getattr(kind, "model_fields", {}).get("method")
    return get_args(field.annotation) if field is not None else ()
