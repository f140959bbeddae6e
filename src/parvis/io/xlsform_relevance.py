"""How does a form on a phone decide what to ask: conditions as XPath, what is undecided hidden."""

from collections.abc import Callable, Iterable, Mapping

from parvis.assessment.model import Assessment, Item
from parvis.assessment.reading import Reading, read
from parvis.assessment.sheet import Place, agrees
from parvis.io.xlsform_fields import FieldNames
from parvis.packs.conditions import And, Compare, Condition, Not, Or, Reached, State, as_date

TRUE, FALSE = "true()", "false()"
_CONTRARY = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Relevance:
    """
    Conditions of an assessment as XPath.

    Parameters
    ----------
    assessment : Assessment
        Facts of its subject are settled when the form is made.
    names : mapping of str to FieldNames
        By item.

    Notes
    -----
    An expression says what surely holds: ``surely`` and ``surely_not`` are both false while a
    condition is undecided. What hangs on a score or an outcome cannot be worked out on a phone;
    it is asked, and the assessment decides whether it counts.
    """

    def __init__(self, assessment: Assessment, names: Mapping[str, FieldNames]) -> None:
        bare = Assessment(assessment.framework, assessment.subject, assessment.lists)
        self.reading: Reading = read(bare)
        self.sheet = self.reading.sheet
        self.names = names
        self.known: dict[str, tuple[str, str]] = {}

    def surely(self, condition: Condition, place: Place) -> str:
        """Return an expression that is true where the condition holds for sure."""
        match condition:
            case And(parts):
                return all_of(self.surely(part, place) for part in parts)
            case Or(parts):
                return any_of(self.surely(part, place) for part in parts)
            case Not(part):
                return self.surely_not(part, place)
            case Reached():
                return TRUE
            case State():
                return self._state(condition, place)
            case Compare():
                return self._compare(condition, place, self._holds)

    def surely_not(self, condition: Condition, place: Place) -> str:
        """Return an expression that is true where the condition fails for sure."""
        match condition:
            case And(parts):
                return any_of(self.surely_not(part, place) for part in parts)
            case Or(parts):
                return all_of(self.surely_not(part, place) for part in parts)
            case Not(part):
                return self.surely(part, place)
            case Reached():
                return TRUE
            case State():
                return negated(self._state(condition, place))
            case Compare():
                return self._compare(condition, place, self._fails)

    def asked(self, item: Item) -> tuple[str, str]:
        """Return what holds where an item is asked, and where it surely is not."""
        if item.key not in self.known:
            self.known[item.key] = FALSE, FALSE
            conditions = self.sheet.conditions_of(item)
            self.known[item.key] = (
                all_of(self.surely(c, item.place) for c in conditions),
                any_of(self.surely_not(c, item.place) for c in conditions),
            )
        return self.known[item.key]

    def items(self, name: str, place: Place) -> list[Item]:
        """Return the items that a name means at a place."""
        return [item for item in self.sheet.by_name.get(name, ()) if agrees(item, place)]

    def _state(self, condition: State, place: Place) -> str:
        found = []
        for item in self.items(condition.name, place):
            if self.asked(item)[0] == FALSE:
                continue
            fields = self.names[item.key]
            if condition.state == "unknown":
                found.append(_chosen(fields, item, fields.unknown))
            else:
                found.append(_known(fields, item))
        return any_of(found)

    def _compare(
        self, condition: Compare, place: Place, one: Callable[[Item, Compare], str]
    ) -> str:
        head, dot, _ = condition.name.partition(".")
        if dot and head == "score":
            return TRUE
        if dot and head == "attribute":
            truth = self.reading.truth(condition, place)
            wanted = one == self._holds
            return TRUE if truth is wanted else FALSE
        found = (one(item, condition) for item in self.items(condition.name, place))
        return any_of(found) if one == self._holds else all_of(found)

    def _holds(self, item: Item, condition: Compare) -> str:
        if self.asked(item)[0] == FALSE:
            return FALSE
        if condition.op == "!=":
            return self._missed(item, Compare(condition.name, "==", condition.values))
        return self._met(item, condition)

    def _fails(self, item: Item, condition: Compare) -> str:
        shown, hidden = self.asked(item)
        if shown == FALSE:
            return hidden
        fields = self.names[item.key]
        none = _chosen(fields, item, fields.not_applicable)
        if condition.op == "!=":
            met = self._met(item, Compare(condition.name, "==", condition.values))
            return any_of([met, none, hidden])
        return any_of([self._missed(item, condition), none, hidden])

    def _met(self, item: Item, condition: Compare) -> str:
        """Return where the value given surely meets a comparison other than ``!=``."""
        fields, kind = self.names[item.key], item.question.kind
        if kind == "scale":
            return self._levels(item, condition, met=True)
        if kind == "multiple":
            return any_of(f"selected(${{{fields.value}}}, {quoted(v)})" for v in condition.values)
        if kind in ("number", "date"):
            return any_of(_ordered(fields, condition.op, v, met=True) for v in condition.values)
        return any_of(f"${{{fields.value}}} = {quoted(v)}" for v in condition.values)

    def _missed(self, item: Item, condition: Compare) -> str:
        """Return where the value given surely misses a comparison other than ``!=``."""
        fields, kind = self.names[item.key], item.question.kind
        if kind == "scale":
            return self._levels(item, condition, met=False)
        if kind == "multiple":
            without = [f"not(selected(${{{fields.value}}}, {quoted(v)}))" for v in condition.values]
            return all_of([_known(fields, item), *without])
        if kind in ("number", "date"):
            return all_of(_ordered(fields, condition.op, v, met=False) for v in condition.values)
        without = [f"${{{fields.value}}} != {quoted(v)}" for v in condition.values]
        return all_of([_known(fields, item), *without])

    def _levels(self, item: Item, condition: Compare, *, met: bool) -> str:
        fields = self.names[item.key]
        levels = [e.key for e in self.sheet.framework.scale(item.question.scale or "").levels]
        ranks = [levels.index(v) for v in condition.values if v in levels]
        within = {level for k, level in enumerate(levels) if _stands(k, condition.op, ranks)}
        fit = [within.issuperset, within.isdisjoint][not met]
        low = f"${{{fields.value}}}"
        if not fields.high:
            return any_of(f"{low} = {quoted(level)}" for level in levels if fit({level}))
        high = f"${{{fields.high}}}"
        found = []
        for start, level in enumerate(levels):
            ends = [
                quoted(levels[k]) for k in range(start, len(levels)) if fit(levels[start : k + 1])
            ]
            tops = [f"{high} = {end}" for end in ends]
            if fit({level}):
                tops.append(f"{high} = ''")
            if tops:
                found.append(all_of([f"{low} = {quoted(level)}", any_of(tops)]))
        return any_of(found)


def all_of(parts: Iterable[str]) -> str:
    """Return what holds where all hold."""
    kept = list(dict.fromkeys(part for part in parts if part != TRUE))
    if FALSE in kept:
        return FALSE
    return (
        " and ".join(_bracketed(part, " or ") if len(kept) > 1 else part for part in kept) or TRUE
    )


def any_of(parts: Iterable[str]) -> str:
    """Return what holds where at least one holds."""
    kept = list(dict.fromkeys(part for part in parts if part != FALSE))
    if TRUE in kept:
        return TRUE
    return (
        " or ".join(_bracketed(part, " and ") if len(kept) > 1 else part for part in kept) or FALSE
    )


def negated(expression: str) -> str:
    """Return the contrary."""
    return {TRUE: FALSE, FALSE: TRUE}.get(expression, f"not({expression})")


def quoted(text: str) -> str:
    """Return a text as XPath writes it."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = [f"'{part}'" for part in text.split("'")]
    return "concat(" + """, "'", """.join(parts) + ")"


def _bracketed(part: str, sign: str) -> str:
    return f"({part})" if sign in part else part


def _is_choice(item: Item) -> bool:
    return item.question.kind in ("single", "multiple", "scale")


def _known(fields: FieldNames, item: Item) -> str:
    given = f"${{{fields.value}}}"
    if item.question.kind == "multiple":
        states = (fields.unknown, fields.not_applicable)
        return all_of([f"{given} != ''", *(f"not(selected({given}, '{s}'))" for s in states)])
    if _is_choice(item):
        silent = ("", fields.unknown, fields.not_applicable)
        return all_of(f"{given} != '{state}'" for state in silent)
    return f"{given} != ''"


def _chosen(fields: FieldNames, item: Item, state: str) -> str:
    if item.question.kind == "multiple":
        return f"selected(${{{fields.value}}}, '{state}')"
    return f"${{{fields.value if _is_choice(item) else fields.state}}} = '{state}'"


def _stands(rank: int, op: str, others: list[int]) -> bool:
    if not others:
        return False
    match op:
        case "<":
            return rank < others[0]
        case "<=":
            return rank <= others[0]
        case ">":
            return rank > others[0]
        case ">=":
            return rank >= others[0]
        case _:
            return rank in others


def _ordered(fields: FieldNames, op: str, value: str, *, met: bool) -> str:
    """Return where a number, a range of numbers or a day surely meets or misses a bound."""
    bound = f"date('{value}')" if as_date(value) else value
    low = f"${{{fields.value}}}"
    given = f"{low} != ''"
    if not fields.high:
        sign = {"==": "=", "in": "="}.get(op, op)
        if not met:
            sign = "!=" if sign == "=" else _CONTRARY[op]
        return all_of([given, f"{low} {sign} {bound}"])
    high = f"${{{fields.high}}}"

    def upper(sign: str) -> str:
        own = all_of([f"{high} != ''", f"{high} {sign} {bound}"])
        return any_of([own, all_of([f"{high} = ''", f"{low} {sign} {bound}"])])

    if op in ("==", "in"):
        if met:
            return all_of([given, f"{low} = {bound}", upper("=")])
        return all_of([given, any_of([f"{low} > {bound}", upper("<")])])
    sign = op if met else _CONTRARY[op]
    # What lies above a bound does so with its lower end, what lies below with its upper one.
    return all_of([given, f"{low} {sign} {bound}" if sign[0] == ">" else upper(sign)])
