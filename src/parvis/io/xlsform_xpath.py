"""Which condition of a framework does an XPath expression of a form mean, where there is one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from parvis.packs.conditions import And, Compare, Condition, Not, Operator, Or, State

DEEPEST = 40
UNKNOWN = "unknown"
"""Choice that every question of a framework has."""
_TOKEN = re.compile(
    r"""\s*(?:\$\{\s*(?P<name>[^}]+?)\s*\}|(?P<text>'[^']*'|"[^"]*"|[‘’][^‘’]*[‘’]|[“”][^“”]*[“”])"""
    r"""|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>!=|<=|>=|<|>|=|\(|\)|,)"""
    r"""|(?P<self>\.(?!\d))|(?P<word>[A-Za-z_][A-Za-z0-9_-]*))"""
)
_OPERATORS: Mapping[str, Operator] = {
    "=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="
}  # fmt: skip
_MIRRORED: Mapping[Operator, Operator] = {
    "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="
}  # fmt: skip


class XpathError(ValueError):
    """An expression says what no condition of a framework can say; `problem` says what."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Known:
    """What a name in a form stands for: the framework's key, kind and choices of the question."""

    key: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """What a constraint says of a number."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str
    is_number: bool


_Operand = Known | _Literal


def condition_of(text: str, known: Callable[[str], Known]) -> Condition:
    """
    Return the condition that an expression means.

    Parameters
    ----------
    text : str
        E.g. ``selected(${a}, 'x') and ${age} >= 15``.
    known : callable
        Gives what a name stands for; raises `XpathError` for an unknown one.

    Raises
    ------
    XpathError

    Examples
    --------
    >>> names = {"a": Known("a", "multiple"), "age": Known("age", "number")}
    >>> str(condition_of("selected(${a}, 'x') and not(${age} < 15)", names.__getitem__))
    'a includes x and not age < 15'
    """
    found = _Parser(text, known).whole()
    if isinstance(found, bool):
        raise XpathError("only comparisons of a question with a value can be said")
    return found


def offered_where(
    text: str, known: Callable[[str], Known], columns: Mapping[str, str]
) -> Condition | bool:
    """
    Return where a filter of choices offers the choice of a row, or whether it always does.

    Parameters
    ----------
    text : str
        E.g. ``state = ${state}``.
    known : callable
        As for `condition_of`.
    columns : mapping of str to str
        Cells of the row.

    Raises
    ------
    XpathError

    Examples
    --------
    >>> names = {"state": Known("state", "single", ("texas", "ohio"))}
    >>> str(offered_where("of=${state} or of='all'", names.__getitem__, {"of": "texas"}))
    'state == texas'
    >>> offered_where("of=${state} or of='all'", names.__getitem__, {"of": "all"})
    True
    """
    return _Parser(text, known, columns).whole()


def any_holds(parts: Iterable[Condition | bool]) -> Condition | bool:
    """Return what holds where at least one part does."""
    listed = list(dict.fromkeys(part for part in parts if part is not False))
    if any(part is True for part in listed):
        return True
    kept = [part for part in listed if not isinstance(part, bool)]
    return (kept[0] if len(kept) == 1 else Or(tuple(kept))) if kept else False


def all_hold(parts: Iterable[Condition | bool]) -> Condition | bool:
    """Return what holds where every part does."""
    listed = list(parts)
    if any(part is False for part in listed):
        return False
    kept = [part for part in listed if not isinstance(part, bool)]
    return (kept[0] if len(kept) == 1 else And(tuple(kept))) if kept else True


def range_of(text: str, *, is_whole: bool = False) -> Range | None:
    """
    Return the bounds that a constraint sets, None where it says anything else.

    Parameters
    ----------
    text : str
    is_whole : bool, default False
        Whether the number is whole, so that ``. < 10`` means 9 at most; of other numbers a bound
        that is not reached itself cannot be said.

    Examples
    --------
    >>> range_of(". >= 5 and .<=72"), range_of(". < 10", is_whole=True), range_of("regex(., 'x')")
    (Range(minimum=5.0, maximum=72.0), Range(minimum=None, maximum=9.0), None)
    """
    low: float | None = None
    high: float | None = None
    for part in re.split(r"\band\b", text.strip().strip("()")):
        found = re.fullmatch(r"\s*\(?\s*\.\s*([<>]=?)\s*(-?\d+(?:\.\d+)?)\s*\)?\s*", part)
        if found is None:
            return None
        bound, is_low = float(found[2]), found[1].startswith(">")
        if "=" not in found[1]:
            if not is_whole or bound != round(bound):
                return None
            bound += 1 if is_low else -1
        if is_low:
            low = bound if low is None else max(low, bound)
        else:
            high = bound if high is None else min(high, bound)
    return Range(low, high)


class _Parser:
    def __init__(
        self,
        text: str,
        known: Callable[[str], Known],
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.known = known
        self.columns = columns
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.depth = 0
        end = len(text.rstrip())
        at = 0
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise XpathError("the expression uses signs that conditions do not have")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.tokens.append(("end", ""))

    def whole(self) -> Condition | bool:
        found = self.either()
        if self.kind != "end":
            raise XpathError("the expression cannot be read")
        return found

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def follows(self) -> str:
        """Return the token after the next one."""
        return self.tokens[self.at + 1][1]

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text in words

    def expect(self, sign: str) -> None:
        if (self.kind, self.text) != ("sign", sign):
            raise XpathError("the expression cannot be read")
        self.take()

    def either(self) -> Condition | bool:
        parts = [self.both()]
        while self.is_word("or"):
            self.take()
            parts.append(self.both())
        return any_holds(parts)

    def both(self) -> Condition | bool:
        parts = [self.single()]
        while self.is_word("and"):
            self.take()
            parts.append(self.single())
        return all_hold(parts)

    def single(self) -> Condition | bool:
        self.depth += 1
        if self.depth > DEEPEST:
            raise XpathError("the expression cannot be read")
        try:
            if (self.kind, self.text) == ("sign", "("):
                self.take()
                inner = self.either()
                self.expect(")")
                return inner
            if self.is_word("not"):
                self.take()
                self.expect("(")
                inner = self.either()
                self.expect(")")
                return not inner if isinstance(inner, bool) else Not(inner)
            if self.is_word("selected"):
                return self.selected()
            return self.comparison()
        finally:
            self.depth -= 1

    def selected(self) -> Condition | bool:
        self.take()
        self.expect("(")
        asked = self.operand()
        self.expect(",")
        value = self.operand()
        self.expect(")")
        if not isinstance(asked, Known) or not isinstance(value, _Literal):
            raise XpathError("selected() needs a question and a choice")
        if value.text == UNKNOWN:
            return State(asked.key, "unknown")
        if self.columns is not None and asked.choices and value.text not in asked.choices:
            return False
        return Compare(asked.key, "includes" if asked.kind == "multiple" else "==", (value.text,))

    def comparison(self) -> Condition | bool:
        left = self.operand()
        if self.kind != "sign" or self.text not in _OPERATORS:
            raise XpathError("only comparisons of a question with a value can be said")
        op = _OPERATORS[self.take()]
        right = self.operand()
        if isinstance(left, _Literal) and isinstance(right, Known):
            left, right, op = right, left, _MIRRORED[op]
        if (
            self.columns is not None
            and isinstance(left, _Literal)
            and isinstance(right, _Literal)
            and op in ("==", "!=")
        ):
            return (left.text == right.text) == (op == "==")
        if not isinstance(left, Known) or not isinstance(right, _Literal):
            raise XpathError("only comparisons of a question with a value can be said")
        is_choice = right.text not in ("", UNKNOWN, *left.choices) and op in ("==", "!=")
        if self.columns is not None and left.choices and left.kind == "single" and is_choice:
            return False if op == "==" else State(left.key, "answered")
        return _compared(left, op, right)

    def operand(self) -> _Operand:
        if self.kind == "name":
            return self.known(self.take())
        if self.kind == "number":
            return _Literal(self.take(), is_number=True)
        if self.kind == "text":
            return _Literal(self.take()[1:-1], is_number=False)
        if self.is_word("date", "number"):
            self.take()
            self.expect("(")
            inner = self.operand()
            self.expect(")")
            return inner
        if self.kind == "word" and self.columns is not None and self.follows() != "(":
            word = self.take()
            if word.lower() not in self.columns:
                raise XpathError(f"the choices have no column {word}; texts stand in quotes")
            return _Literal(self.columns[word.lower()], is_number=False)
        if self.kind == "word":
            raise XpathError("it calls a function that conditions do not have")
        raise XpathError("the expression cannot be read")


def _compared(asked: Known, op: Operator, value: _Literal) -> Condition:
    if value.text == "" and not value.is_number:
        if op not in ("==", "!="):
            raise XpathError("only comparisons of a question with a value can be said")
        answered = State(asked.key, "answered")
        return answered if op == "!=" else Not(answered)
    if value.text == UNKNOWN and asked.kind == "single" and op in ("==", "!="):
        unknown = State(asked.key, "unknown")
        return unknown if op == "==" else Not(unknown)
    if asked.kind == "multiple":
        raise XpathError("choices of several are asked with selected()")
    if asked.kind in ("place", "photo"):
        raise XpathError("places and photos cannot be compared")
    ordered: tuple[Literal["==", "!="], ...] = ("==", "!=")
    if asked.kind in ("single", "text") and op not in ordered:
        raise XpathError("choices and texts have no order")
    return Compare(asked.key, op, (value.text,))
