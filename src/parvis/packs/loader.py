"""How packs are found, read and checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from parvis.packs.errors import (
    PackInvalidError,
    PackNotFoundError,
    PackUnreadableError,
    UnknownPackError,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from parvis.packs.base import Located, Pack
    from parvis.packs.models import ThreatStatement

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

M = TypeVar("M", bound="BaseModel")

LARGEST_FILE = 2_000_000
"""Packs are read by people; a larger file is refused. [bytes]"""


@dataclass(frozen=True, slots=True)
class PackSummary:
    """
    What identifies a pack.

    Attributes
    ----------
    id, kind : str
    version : int
    status : str
        ``draft``, ``current`` or ``superseded-by: <id>``.
    title : str
        Title of its source.
    """

    id: str
    kind: str
    version: int
    status: str
    title: str


def pack_directory() -> Traversable:
    """Return where the packs are: package data, or `packs/` of a source checkout."""
    package = files("parvis")
    shipped = package / "_packs"
    if shipped.is_dir():
        return shipped
    return Path(str(package)).parents[1] / "packs"


@cache
def load_pack(kind: str) -> "Pack":
    """
    Return the pack of `kind` that ships with Parvis.

    Raises
    ------
    UnknownPackError
        If there is no such kind.

    Examples
    --------
    >>> load_pack("surfaces").id
    'urn:parvis:surfaces:default'
    """
    from parvis.packs.models import KINDS

    if kind not in KINDS:
        raise UnknownPackError(name=kind, known=", ".join(KINDS))
    return validated(pack_text(kind), KINDS[kind], f"packs/{kind}.yaml")


def pack_text(kind: str) -> str:
    """
    Return the text of the pack of `kind` that ships with Parvis.

    Raises
    ------
    PackNotFoundError
        If it is missing from the installation.
    """
    return _text(pack_directory() / f"{kind}.yaml")


def example_text(kind: str) -> str:
    """
    Return an example of a kind of pack that users write.

    Raises
    ------
    UnknownPackError
        If users write no packs of that kind.

    Examples
    --------
    >>> "authority:" in example_text("threat-statement")
    True
    """
    from parvis.packs.models import USER_KINDS

    if kind not in USER_KINDS:
        raise UnknownPackError(name=kind, known=", ".join(USER_KINDS))
    return _text(pack_directory() / "examples" / f"{kind}.yaml")


def _text(place: Traversable) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PackNotFoundError(file=str(place)) from None


def find_pack(name: str) -> "Pack":
    """
    Return the pack with an id, or of a kind.

    Raises
    ------
    UnknownPackError
        If there is none.

    Examples
    --------
    >>> find_pack("urn:parvis:surfaces:default").pack
    'surfaces'
    """
    from parvis.packs.models import KINDS

    for kind in KINDS:
        pack = load_pack(kind)
        if name in (kind, pack.id):
            return pack
    raise UnknownPackError(name=name, known=", ".join(KINDS))


def pack_summaries() -> tuple[PackSummary, ...]:
    """
    Return what identifies each pack that ships with Parvis, in the order of the kinds.

    Examples
    --------
    >>> [summary.kind for summary in pack_summaries()][:2]
    ['vehicle-classes', 'surfaces']
    """
    from parvis.packs.models import KINDS

    packs = [load_pack(kind) for kind in KINDS]
    return tuple(
        PackSummary(pack.id, pack.pack, pack.version, pack.status, pack.source.title)
        for pack in packs
    )


def load_threat_statement(text: str, *, name: str) -> "ThreatStatement":
    """
    Read a threat statement that a user wrote.

    Parameters
    ----------
    text : str
        Content of the file.
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or not a threat statement.

    Examples
    --------
    >>> text = '''
    ... pack: threat-statement
    ... authority: Police of the canton
    ... reference: 2026-17
    ... date: 2026-05-04
    ... classes: [M1, N2B]
    ... '''
    >>> load_threat_statement(text, name="threat.yaml").classes
    ('M1', 'N2B')
    """
    from parvis.packs.models import ThreatStatement

    return validated(text, ThreatStatement, name)


def check_pack_file(text: str, *, name: str) -> PackSummary:
    """
    Check the content of a pack file of any kind, users' kinds too.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or breaks the rules of the kind it names.
    """
    from parvis.packs.models import KINDS, USER_KINDS, ThreatStatement

    node = compose(text, name)
    data = construct(node, name)
    kind = data.get("pack") if isinstance(data, dict) else None
    model = {**KINDS, **USER_KINDS}.get(kind) if isinstance(kind, str) else None
    if model is None:
        known = ", ".join([*KINDS, *USER_KINDS])
        problem = f"line 1: 'pack' must name one of the kinds {known}"
        raise PackInvalidError(file=name, problems=problem)
    pack: Any = _modelled(node, data, model, name)
    if isinstance(pack, ThreatStatement):
        title = f"{pack.authority}, {pack.reference}"
        return PackSummary(pack.reference, pack.pack, 1, "current", title)
    return PackSummary(pack.id, pack.pack, pack.version, pack.status, pack.source.title)


def validated(text: str, model: type[M], name: str) -> M:
    """
    Return `text` as an instance of `model`.

    All problems are collected; each names its line and key.
    """
    node = compose(text, name)
    return _modelled(node, construct(node, name), model, name)


def _modelled(node: yaml.Node, data: Any, model: type[M], name: str) -> M:
    from pydantic import ValidationError

    from parvis.packs.plain_words import located

    try:
        pack = model.model_validate(data)
    except ValidationError as error:
        listed = [located(detail, model, data) for detail in error.errors()]
    else:
        listed = list(pack.problems())  # type: ignore[attr-defined]
        if not listed:
            return pack
    raise PackInvalidError(file=name, problems=problems_text(node, listed))


def problems_text(node: yaml.Node, listed: "Iterable[Located]") -> str:
    """Return problems as one text; each with its line and the path of keys that leads to it."""
    return "; ".join(
        f"line {line_of(node, path)}, {'.'.join(map(str, path)) or 'file'}: {what}"
        for path, what in listed
    )


def compose(text: str, name: str) -> yaml.Node:
    """Parse YAML to nodes, which know their lines; refuse what could hide or explode content."""
    if len(text) > LARGEST_FILE:
        raise PackUnreadableError(
            file=name, line=1, why=f"the file is larger than {LARGEST_FILE // 1_000_000} MB"
        )
    try:
        node = yaml.compose(text, Loader=SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise PackUnreadableError(file=name, line=mark.line + 1 if mark else 1, why=why) from None
    except RecursionError:
        raise PackUnreadableError(file=name, line=1, why="it is nested too deeply") from None
    if node is None:
        raise PackUnreadableError(file=name, line=1, why="the file is empty")
    seen: set[int] = set()
    for inner in walk(node):
        if id(inner) in seen:
            line = inner.start_mark.line + 1
            raise PackUnreadableError(file=name, line=line, why="aliases (*name) are not allowed")
        seen.add(id(inner))
        if isinstance(inner, yaml.MappingNode):
            keys: set[str] = set()
            for key, _ in inner.value:
                if not isinstance(key, yaml.ScalarNode):
                    continue
                if key.value in keys:
                    line = key.start_mark.line + 1
                    why = f"the key {key.value!r} is given twice"
                    raise PackUnreadableError(file=name, line=line, why=why)
                keys.add(key.value)
    return node


def walk(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield a node and all below it; a node reached twice is yielded twice, not entered again."""
    entered: set[int] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if id(current) in entered:
            continue
        entered.add(id(current))
        if isinstance(current, yaml.MappingNode):
            stack += [inner for pair in current.value for inner in pair]
        elif isinstance(current, yaml.SequenceNode):
            stack += current.value


def construct(node: yaml.Node, name: str) -> Any:
    """Turn nodes into plain data."""
    loader = SafeLoader("")
    try:
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or _unreadable(node).start_mark
        why = getattr(error, "problem", None) or str(error)
        raise PackUnreadableError(file=name, line=mark.line + 1, why=why) from None
    finally:
        loader.dispose()


def _unreadable(node: yaml.Node) -> yaml.Node:
    """Return the first value that cannot be turned into data, else `node`."""
    values = [each for each in walk(node) if isinstance(each, yaml.ScalarNode)]
    for value in sorted(values, key=lambda each: each.start_mark.line):
        loader = SafeLoader("")
        try:
            loader.construct_document(value)
        except (yaml.YAMLError, ValueError, OverflowError):
            return value
        finally:
            loader.dispose()
    return node


def line_of(node: yaml.Node, path: tuple[str | int, ...]) -> int:
    """Return the line of the deepest node on `path`, counted from 1."""
    line = node.start_mark.line
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line = found[0][0].start_mark.line
            node = found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
