"""What a framework's conditions say, as text and as a tree."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "includes"]
OPERATORS: tuple[Operator, ...] = ("==", "!=", "<", "<=", ">", ">=", "in", "includes")
STATES = ("answered", "unknown")
RESERVED = frozenset({
    "attribute", "score", "outcome", "section", "tag", "and", "or", "not", "in", "includes", *STATES
})  # fmt: skip
"""Words of the conditions' language; no question may be called so."""
LONGEST = 2_000
DEEPEST = 40

_NAME = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)?"
_PLAIN = r"-?[A-Za-z0-9][A-Za-z0-9_.-]*"
_TOKEN = re.compile(
    rf"""\s*(?:(?P<quoted>"[^"]*")|(?P<plain>{_PLAIN})|(?P<sign>==|!=|<=|>=|<|>|[()\[\],]))"""
)


class ConditionError(ValueError):
    """
    A condition cannot be read.

    Attributes
    ----------
    column : int
        Where, counted from 1.
    problem : str
        What is wrong and what would be accepted.
    """

    def __init__(self, column: int, problem: str) -> None:
        super().__init__(f"column {column}: {problem}")
        self.column = column
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Compare:
    """
    A named thing beside one or, with ``in``, several literals.

    Attributes
    ----------
    name : str
        ``question``, ``table.column``, ``attribute.key`` or ``score.key``.
    op : str
        One of `OPERATORS`.
    values : tuple of str
        As written; what they mean follows from what `name` is.
    """

    name: str
    op: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return the canonical text."""
        if self.op == "in":
            return f"{self.name} in [{', '.join(map(_written, self.values))}]"
        return f"{self.name} {self.op} {_written(self.values[0])}"


@dataclass(frozen=True, slots=True)
class State:
    """Whether a question is answered, or answered with "unknown"."""

    name: str
    state: Literal["answered", "unknown"]

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{self.state}({self.name})"


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a decision tree ended with an outcome."""

    outcome: str

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"outcome.{self.outcome}"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of `part`."""

    part: "Condition"

    def __str__(self) -> str:
        """Return the canonical text."""
        inner = f"({self.part})" if isinstance(self.part, And | Or) else str(self.part)
        return f"not {inner}"


@dataclass(frozen=True, slots=True)
class And:
    """All of `parts`, at least two."""

    parts: "tuple[Condition, ...]"

    def __str__(self) -> str:
        """Return the canonical text."""
        return " and ".join(f"({p})" if isinstance(p, And | Or) else str(p) for p in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of `parts`, at least two."""

    parts: "tuple[Condition, ...]"

    def __str__(self) -> str:
        """Return the canonical text."""
        return " or ".join(f"({p})" if isinstance(p, Or) else str(p) for p in self.parts)


Condition = Compare | State | Reached | Not | And | Or


def parse_condition(text: str) -> Condition:
    """
    Read a condition.

    Parameters
    ----------
    text : str
        E.g. ``ns1 in [no, partly] and attribute.capacity >= 800``.

    Raises
    ------
    ConditionError
        If it cannot be read; names the column and what would be accepted.

    Examples
    --------
    >>> str(parse_condition("not (a==yes or  answered( b ))"))
    'not (a == yes or answered(b))'
    """
    return _Parser(text).condition()


def comparisons(condition: Condition) -> Iterator[Compare | State | Reached]:
    """Yield what a condition asks, from left to right."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part):
            yield from comparisons(part)
        case _:
            yield condition


def condition_document(
    condition: Condition, told: Callable[[Compare | State | Reached], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """
    Return a condition as plain data: ``all``, ``any``, ``not``, and what is asked at its ends.

    Parameters
    ----------
    condition : Condition
    told : callable, optional
        What is written in place of an end; by default its name, operator and literals.

    Examples
    --------
    >>> condition_document(parse_condition("not answered(a)"))
    {'not': {'name': 'a', 'state': 'answered'}}
    """
    match condition:
        case And(parts):
            return {"all": [condition_document(part, told) for part in parts]}
        case Or(parts):
            return {"any": [condition_document(part, told) for part in parts]}
        case Not(part):
            return {"not": condition_document(part, told)}
        case _:
            return (told or end_document)(condition)


def end_document(asked: Compare | State | Reached) -> dict[str, Any]:
    """Return what one end of a condition asks, as plain data."""
    match asked:
        case Compare(name, op, values):
            return {"name": name, "op": op, "values": list(values)}
        case State(name, state):
            return {"name": name, "state": state}
        case Reached(outcome):
            return {"outcome": outcome}


def as_number(text: str) -> float | None:
    """Return the number a literal writes, None where it is none."""
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def as_date(text: str) -> datetime.date | None:
    """Return the day a literal writes as 2027-12-02, None where it is none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _written(value: str) -> str:
    plain = re.fullmatch(_PLAIN, value) and value not in ("and", "or", "not", "in", "includes")
    return value if plain else f'"{value}"'


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["quoted", "plain", "sign", "end"]
    text: str
    column: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ConditionError(LONGEST, f"it is longer than {LONGEST} signs")
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    def condition(self) -> Condition:
        found = self.either()
        if self.next.kind != "end":
            self.fail("'and', 'or' or the end")
        return found

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def fail(self, accepted: str) -> None:
        raise ConditionError(self.next.column, f"{self.next} stands where {accepted} must stand")

    def take(self) -> _Token:
        token = self.next
        self.at += 1
        return token

    def has(self, *words: str) -> bool:
        return self.next.kind in ("plain", "sign") and self.next.text in words

    def expect(self, sign: str) -> None:
        if not self.has(sign):
            self.fail(repr(sign))
        self.take()

    def either(self) -> Condition:
        parts = [self.both()]
        while self.has("or"):
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Condition:
        parts = [self.single()]
        while self.has("and"):
            self.take()
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def single(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError(self.next.column, f"it is nested deeper than {DEEPEST} levels")
        try:
            if self.has("not"):
                self.take()
                return Not(self.single())
            if self.has("("):
                self.take()
                inner = self.either()
                self.expect(")")
                return inner
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Condition:
        if self.has(*STATES):
            state = self.take().text
            self.expect("(")
            name = self.name()
            self.expect(")")
            return State(name, "answered" if state == "answered" else "unknown")
        name = self.name()
        if name.startswith("outcome."):
            return Reached(name.removeprefix("outcome."))
        for op in OPERATORS:
            if self.has(op):
                self.take()
                return Compare(name, op, self.several() if op == "in" else (self.literal(),))
        self.fail(f"one of {', '.join(OPERATORS)}")
        raise AssertionError

    def name(self) -> str:
        accepted = "a question, table.column, attribute.…, score.… or outcome.…"
        if self.next.kind != "plain" or not re.fullmatch(_NAME, self.next.text):
            self.fail(accepted)
        if self.next.text in RESERVED:
            self.fail(accepted)
        return self.take().text

    def several(self) -> tuple[str, ...]:
        self.expect("[")
        values = [self.literal()]
        while self.has(","):
            self.take()
            values.append(self.literal())
        self.expect("]")
        return tuple(values)

    def literal(self) -> str:
        if self.next.kind == "quoted":
            return self.take().text[1:-1]
        if self.next.kind != "plain" or self.has("and", "or", "not", "in", "includes"):
            self.fail("a value: a key, a number, a date as 2027-12-02 or text in quotes")
        return self.take().text


def _tokens(text: str) -> Iterator[_Token]:
    if (line_break := re.search(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)) is not None:
        raise ConditionError(line_break.start() + 1, "it goes on in another line; write one line")
    end = len(text.rstrip())
    at = 0
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            accepted = 'names, == != < <= > >= in includes and or not ( ) [ ] and "text"'
            raise ConditionError(at + 1, f"{text[at]!r} cannot be read; accepted are {accepted}")
        kind = found.lastgroup
        column = found.start(kind) + 1
        if kind == "quoted":
            yield _Token("quoted", found[kind], column)
        elif kind == "plain":
            yield _Token("plain", found[kind], column)
        else:
            yield _Token("sign", found[kind], column)
        at = found.end()
    yield _Token("end", "", end + 1)
