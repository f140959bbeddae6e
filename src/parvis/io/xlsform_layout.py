"""Which rows does the form of an assessment have, and which field answers which item."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.assessment import Assessment, Item, item_key
from parvis.assessment.sheet import Place
from parvis.io.xlsform_fields import (
    FieldNames,
    FormField,
    FormLayout,
    FormRepeat,
    Role,
    form_identity,
    language_title,
)
from parvis.io.xlsform_relevance import (
    FALSE,
    TRUE,
    Relevance,
    all_of,
    any_of,
    quoted,
)
from parvis.io.xlsform_words import word
from parvis.packs.conditions import Compare, Condition, State, parse_condition
from parvis.packs.framework_questions import Asked, Column, Question, Section

FORM, ASSESSOR, PARTS = "parvis_form", "parvis_assessor", "parvis_parts"
UNCHECKED = "parvis_unchecked"
MORE = "more"
ANOTHER = "another"
SHOWN_WHEN, ALWAYS = "shown_when", "always"
"""Column of the choices that names the condition under which one is offered."""
STATES = "parvis_states"
_TYPES = {
    "text": "text", "date": "date", "place": "geopoint", "photo": "image", "number": "decimal",
}  # fmt: skip
Words = Callable[[str], str]
"""Gives a text by language."""
Offer = Callable[[str], str]
"""Gives where a condition surely holds, as XPath."""


def form_layout(assessment: Assessment) -> FormLayout:
    """
    Lay an assessment's questions out as a form.

    Parameters
    ----------
    assessment : Assessment
        Its answers do not matter. What its subject's facts rule out is not in the form.

    Returns
    -------
    FormLayout
        Blocks and rows of tables are groups, one for each entry; where a list is open, a repeat
        takes further entries.
    """
    return _Builder(assessment).layout()


@dataclass
class _Builder:
    assessment: Assessment
    rows: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, FormField] = field(default_factory=dict)
    repeats: dict[str, FormRepeat] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    names: dict[str, FieldNames] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    option_lists: dict[str, tuple[list[tuple[str, str, str]], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        framework = self.assessment.framework
        self.languages = [framework.language, *sorted(framework.translations)]
        self.taken |= {FORM, ASSESSOR, PARTS, UNCHECKED, "meta", "start", "end"}
        self.relevance = Relevance(self.assessment, self.names)
        for item in self.relevance.sheet.items:
            wanted = "__".join((*item.name.split("."), *item.at))
            self.names[item.key] = self._names(wanted, item.question)

    def layout(self) -> FormLayout:
        """Return everything."""
        framework = self.assessment.framework
        form_id, version = form_identity(self.assessment)
        self.rows += [{"type": "start", "name": "start"}, {"type": "end", "name": "end"}]
        self._row("calculate", FORM, None, "form", calculation=quoted(f"{form_id} {version}"))
        if not framework.is_verified:
            note = {"type": "note", "name": UNCHECKED}
            self.rows.append(note | self._worded("label", self._own("part_unchecked")))
        self._row("text", ASSESSOR, self._own("assessor"), "assessor", required="yes")
        has_parts = len(framework.sections) > 1
        if has_parts:
            parts = [(section.key, self._said(section)) for section in framework.sections]
            self._list(PARTS, parts)
            self._row(
                f"select_multiple {PARTS}", PARTS, self._own("parts"), "parts", required="yes",
                default=" ".join(key for key, _ in parts),
            )  # fmt: skip
        for section in framework.sections:
            self._section(section, has_parts=has_parts)
        title = f"{framework.name}: {self.assessment.subject.name}"
        settings = {
            "form_title": title,
            "form_id": form_id,
            "version": version,
            "default_language": language_title(framework.language),
        }
        return FormLayout(
            tuple(self.rows), tuple(self.choices), settings, self.fields, self.repeats
        )

    # -- parts of a form ---------------------------------------------------------------------

    def _section(self, section: Section, *, has_parts: bool) -> None:
        chosen = f"selected(${{{PARTS}}}, {quoted(section.key)})" if has_parts else TRUE
        when = chosen
        if section.when and not section.repeat:
            when = all_of([chosen, self.relevance.surely(parse_condition(section.when), {})])
        if when == FALSE:
            return
        group = self._name(section.key)
        self._begin("group", group, self._said(section), when, self._guidance(section))
        for at in self.relevance.sheet.slices(section.repeat):
            self._block(section, at)
        known = {known.key: known for known in self.assessment.framework.lists}
        if any(known[key].open for key in section.repeat):
            self._more_blocks(section)
        self._end("group")

    def _block(self, section: Section, at: tuple[str, ...]) -> None:
        place = dict(zip(section.repeat, at, strict=True))
        questions = [q for q in section.questions if self._is_asked(q, place)]
        if not at:
            for question in questions:
                self._question(question, at, place)
            return
        when = self._when(section.when, place)
        if when == FALSE:
            return
        self._begin("group", self._name("__".join((section.key, *at))), self._slice(place), when)
        for question in questions:
            self._question(question, at, place)
        self._end("group")

    def _question(self, question: Question, at: tuple[str, ...], place: Mapping[str, str]) -> None:
        when = self._when(question.when, place)
        if question.kind != "table" or question.rows is None:
            names = self.names[_key(question.key, at)]
            self._ask(names, question, question.key, at, when, self._offer(self.relevance, place))
            return
        if when == FALSE:
            return
        name = self._name("__".join((question.key, *at)))
        self._begin("group", name, self._said(question), when, self._guidance(question))
        for entry in self.relevance.sheet.entries[question.rows]:
            row_at = (*at, entry.key)
            row = self._name("__".join((question.key, "row", *row_at)))
            self._begin(
                "group", row, self._entry(question.rows, entry.key), appearance="field-list"
            )
            for column in question.columns:
                full = f"{question.key}.{column.key}"
                offer = self._offer(self.relevance, {**place, question.rows: entry.key})
                self._ask(self.names[_key(full, row_at)], column, full, row_at, TRUE, offer)
            self._end("group")
        if self.assessment.framework.list_of(question.rows).open:
            repeat = self._name("__".join((MORE, question.key, *at)))
            self._begin("repeat", repeat, self._own("more"))
            self.repeats[repeat] = FormRepeat((question.rows,), is_rows=True)
            self._entry_fields(repeat, question.rows, only_new=True)
            self._more_cells(question, (*at, MORE), at, repeat, (question.rows,), place)
            self._end("repeat")
        self._end("group")

    def _more_blocks(self, section: Section) -> None:
        repeat = self._name(f"{MORE}__{section.key}")
        self._begin("repeat", repeat, self._own("more"))
        self.repeats[repeat] = FormRepeat(section.repeat, is_rows=False)
        selectors: dict[str, str] = {}
        for key in section.repeat:
            selectors[key] = self._entry_fields(repeat, key)
        for question in section.questions:
            if question.key in _plain_keys(section):
                names = self._names(f"{question.key}__{MORE}", question)
                self.names[_more_key(question.key)] = names
        for question in section.questions:
            parts = [
                any_of(f"${{{selectors[key]}}} = {quoted(entry)}" for entry in kept)
                for key, kept in question.over.items()
                if selectors.get(key)
            ]
            if any(key in section.repeat and not selectors[key] for key in question.over):
                continue
            self._more_question(section, question, repeat, all_of(parts))
        self._end("repeat")

    def _more_question(self, section: Section, question: Question, repeat: str, when: str) -> None:
        local = self._in_repeat(section.repeat, _plain_keys(section))
        whens = [text for text in (section.when, question.when) if text]
        own = all_of(local.surely(parse_condition(text), {}) for text in whens)
        if question.kind != "table" or question.rows is None:
            names = self.names[_more_key(question.key)]
            offer = self._offer(local, {})
            self._ask(names, question, question.key, (), all_of([when, own]), offer, repeat=repeat)
            return
        if FALSE in (when, own):
            return
        group = self._name(f"{question.key}__{MORE}")
        self._begin("group", group, self._said(question), all_of([when, own]))
        for entry in self.relevance.sheet.entries[question.rows]:
            row = self._name("__".join((question.key, MORE, "row", entry.key)))
            self._begin(
                "group", row, self._entry(question.rows, entry.key), appearance="field-list"
            )
            about = (entry.key, MORE)
            inside = _plain_keys(section)
            self._more_cells(
                question, about, (entry.key,), repeat, section.repeat, {}, inside=inside
            )
            self._end("group")
        self._end("group")

    def _more_cells(
        self, question: Question, suffix: tuple[str, ...], at: tuple[str, ...], repeat: str,
        lists: Sequence[str], place: Mapping[str, str], *, inside: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Ask the columns of a table inside a repeat."""
        full = {column.key: f"{question.key}.{column.key}" for column in question.columns}
        for column in question.columns:
            names = self._names("__".join((question.key, column.key, *suffix)), column)
            self.names[_more_key(full[column.key])] = names
        offer = self._offer(self._in_repeat(lists, {*inside, *full.values()}), place)
        for column in question.columns:
            names = self.names[_more_key(full[column.key])]
            self._ask(names, column, full[column.key], at, TRUE, offer, repeat=repeat)

    def _in_repeat(self, lists: Sequence[str], inside: set[str]) -> "_InRepeat":
        """Return what conditions say inside a repeat: of its own block where it can be said."""
        return _InRepeat(self.relevance, self.names, inside, lists)

    def _entry_fields(self, repeat: str, key: str, *, only_new: bool = False) -> str:
        """Ask which entry of a list a repeat is about; return the name of the choice, if any."""
        listed = self.relevance.sheet.entries[key]
        is_open = self.assessment.framework.list_of(key).open
        choice = ""
        if listed and not only_new:
            choice = self._name(f"{repeat}__{key}")
            name = f"parvis_list_{key}"
            options = [(entry.key, self._entry(key, entry.key)) for entry in listed]
            another = _free(ANOTHER, [entry.key for entry in listed])
            if is_open:
                options.append((another, self._own("another")))
            self._list(name, options)
            self._row(
                f"select_one {name}", choice, self._own("which"), "entry", required="yes",
                repeat=repeat, of_list=key,
            )  # fmt: skip
        if is_open:
            when = f"${{{choice}}} = {quoted(another)}" if choice else TRUE
            self._row(
                "text", self._name(f"{repeat}__{key}__called"), self._own("called"), "called",
                required="yes", relevant=when, repeat=repeat, of_list=key,
            )  # fmt: skip
        return choice

    # -- one item ----------------------------------------------------------------------------

    def _ask(
        self, names: FieldNames, asked: Question | Column, question: str, at: tuple[str, ...],
        when: str, offer: Offer, *, repeat: str = "",
    ) -> None:  # fmt: skip
        """Ask one item; `offer` gives where a condition of its choices surely holds."""
        if when == FALSE:
            return
        about: dict[str, Any] = {
            "question": question, "at": at, "asked": asked, "repeat": repeat, "choices": names,
        }  # fmt: skip
        kind = asked.kind
        required = "yes" if asked.required else ""
        given = f"${{{names.value}}}"
        unknown = f"{given} = {quoted(names.unknown)}"
        if kind in ("single", "multiple", "scale"):
            listed = self._choice_list(asked, names)
            how = "select_multiple" if kind == "multiple" else "select_one"
            bounds = self._alone(names, asked) if kind == "multiple" else {}
            shown = _choice_filter(asked, offer)
            self._row(
                f"{how} {listed}", names.value, self._said(asked), "value", relevant=when,
                required=required, hint=self._hint(asked), guidance=self._guidance(asked),
                choice_filter=shown, **bounds, **about,
            )  # fmt: skip
            if kind == "multiple":
                unknown = f"selected({given}, {quoted(names.unknown)})"
            if names.high:
                self._high_level(names, asked, listed, when, shown, about)
        else:
            self._row(
                _type(asked), names.value, self._said(asked), "value", relevant=when,
                hint=self._hint(asked), guidance=self._guidance(asked), **self._bounds(asked),
                parameters="max-pixels=2048" if kind == "photo" else "", **about,
            )  # fmt: skip
            if names.high:
                order: dict[str, Any] = {
                    "constraint": all_of(
                        [self._bounds(asked).get("constraint", TRUE), f". >= {given}"]
                    ),
                    "message": self._own("order"),
                }
                self._row(
                    _type(asked), names.high, self._own("high"), "high",
                    relevant=all_of([when, f"{given} != ''"]), **order, **about,
                )  # fmt: skip
            self._row(
                f"select_one {self._state_list(asked, names)}", names.state, self._own("state"),
                "state", relevant=all_of([when, f"{given} = ''"]), required=required,
                appearance="minimal", **about,
            )  # fmt: skip
            unknown = f"${{{names.state}}} = {quoted(names.unknown)}"
        self._row(
            "text", self._name(f"{names.value}__because"), self._own("because"), "because",
            relevant=all_of([when, unknown]), **about,
        )  # fmt: skip

    def _high_level(
        self, names: FieldNames, asked: Question | Column, listed: str, when: str, shown: str,
        about: Mapping[str, Any],
    ) -> None:  # fmt: skip
        levels = [level.key for level in self.assessment.framework.scale(asked.scale or "").levels]
        given = f"${{{names.value}}}"
        allowed = []
        for rank, level in enumerate(levels):
            above = any_of(f". = {quoted(other)}" for other in levels[rank:])
            allowed.append(all_of([f"{given} = {quoted(level)}", above]))
        known = any_of(f"{given} = {quoted(level)}" for level in levels)
        self._list(f"{listed}_only", [
            (level.key, self._said(level))
            for level in self.assessment.framework.scale(asked.scale or "").levels
        ], asked)  # fmt: skip
        self._row(
            f"select_one {listed}_only", names.high, self._own("high"), "high",
            relevant=all_of([when, known]), constraint=any_of(allowed),
            message=self._own("order"), choice_filter=shown, **about,
        )  # fmt: skip

    def _choice_list(self, asked: Question | Column, names: FieldNames) -> str:
        suffix = "" if asked.not_applicable else "_must"
        entries: Sequence[Any] = asked.options
        listed = f"options_{names.value.removesuffix('__' + MORE)}"
        if asked.kind == "scale":
            entries = self.assessment.framework.scale(asked.scale or "").levels
        if asked.kind == "scale" and not asked.levels_when:
            listed = f"scale_{asked.scale}{suffix}"
        else:
            when = asked.offered_when
            same = [(entry.key, entry.name, when.get(entry.key, "")) for entry in entries]
            for known, listed_there in self.option_lists.items():
                if listed_there == (same, asked.not_applicable):
                    return known
            self.option_lists[listed] = (same, asked.not_applicable)
        options = [(entry.key, self._said(entry)) for entry in entries]
        self._list(listed, [*options, *self._states(asked, names)], asked)
        return listed

    def _state_list(self, asked: Asked, names: FieldNames) -> str:
        name = STATES if asked.not_applicable else f"{STATES}_must"
        self._list(name, self._states(asked, names))
        return name

    def _states(self, asked: Asked, names: FieldNames) -> list[tuple[str, Words]]:
        found = [(names.unknown, self._own("unknown"))]
        if asked.not_applicable:
            found.append((names.not_applicable, self._own("not_applicable")))
        return found

    def _alone(self, names: FieldNames, asked: Asked) -> dict[str, Any]:
        states = [names.unknown, *([names.not_applicable] if asked.not_applicable else [])]
        some = any_of(f"selected(., {quoted(state)})" for state in states)
        return {
            "constraint": f"not(({some}) and count-selected(.) > 1)",
            "message": self._own("alone"),
        }

    def _bounds(self, asked: Asked) -> dict[str, Any]:
        low, high = asked.minimum, asked.maximum
        parts = [
            *([f". >= {low:.12g}"] if low is not None else []),
            *([f". <= {high:.12g}"] if high is not None else []),
        ]
        if not parts:
            return {}
        ends = {
            "low": "…" if low is None else f"{low:g}",
            "high": "…" if high is None else f"{high:g}",
        }
        return {"constraint": all_of(parts), "message": self._own("range", **ends)}

    # -- rows --------------------------------------------------------------------------------

    def _row(
        self, kind: str, name: str, label: Words | None, role: Role, *, hint: Words | None = None,
        guidance: Words | None = None, relevant: str = TRUE, message: Words | None = None,
        question: str = "", at: tuple[str, ...] = (), asked: Question | Column | None = None,
        repeat: str = "", of_list: str = "", choices: FieldNames | None = None, **cells: str,
    ) -> None:  # fmt: skip
        row = {"type": kind, "name": name}
        row |= self._worded("label", label) | self._worded("hint", hint)
        row |= self._worded("guidance_hint", guidance) | self._worded("constraint_message", message)
        row |= {column: text for column, text in cells.items() if text}
        if relevant != TRUE:
            row["relevant"] = relevant
        self.rows.append(row)
        self.fields[name] = FormField(
            name, self.path, role, question, at, asked, repeat, of_list, choices
        )

    def _begin(
        self, what: str, name: str, label: Words, relevant: str = TRUE,
        guidance: Words | None = None, appearance: str = "",
    ) -> None:  # fmt: skip
        row = {"type": f"begin_{what}", "name": name, **self._worded("label", label)}
        if relevant != TRUE:
            row["relevant"] = relevant
        if appearance:
            row["appearance"] = appearance
        self.rows.append(row)
        self.path = (*self.path, name)
        if guidance is not None and any(map(guidance, self.languages)):
            note = {"type": "note", "name": self._name(f"{name}__guidance")}
            self.rows.append(note | self._worded("label", guidance))

    def _end(self, what: str) -> None:
        self.path = self.path[:-1]
        if self.rows[-1]["type"] == f"begin_{what}":
            self.rows.pop()
            return
        self.rows.append({"type": f"end_{what}"})

    def _list(
        self, name: str, options: Iterable[tuple[str, Words]], asked: Asked | None = None
    ) -> None:
        if name in self.lists:
            return
        self.lists.add(name)
        whens = asked.offered_when if asked is not None else {}
        called = _called(whens.values())
        for key, said in options:
            row = {"list_name": name, "name": key, **self._worded("label", said)}
            if whens:
                row[SHOWN_WHEN] = called[whens[key]] if key in whens else ALWAYS
            self.choices.append(row)

    def _worded(self, column: str, said: Words | None) -> dict[str, str]:
        if said is None:
            return {}
        texts = {code: said(code) for code in self.languages}
        return {f"{column}::{language_title(c)}": text for c, text in texts.items() if text}

    # -- words -------------------------------------------------------------------------------

    def _said(self, entry: Any, name: str = "name") -> Words:
        own = str(getattr(entry, name))
        return lambda code: entry.i18n.get(code, {}).get(name, own)

    def _guidance(self, entry: Section | Asked) -> Words | None:
        """Return how to look, and whether it was not checked against the original."""
        key = entry.evidence
        is_checked = key is None or self.assessment.framework.evidence[key].verified
        parts = [
            *([self._said(entry, "guidance")] if entry.guidance else []),
            *([] if is_checked else [self._own("unchecked")]),
        ]
        return (lambda code: " ".join(part(code) for part in parts)) if parts else None

    def _own(self, key: str, **details: object) -> Words:
        return lambda code: word(key, code, **details)

    def _hint(self, asked: Asked) -> Words | None:
        return self._own("unit", unit=asked.unit) if asked.unit else None

    def _entry(self, key: str, entry: str) -> Words:
        for known in self.assessment.framework.list_of(key).entries:
            if known.key == entry:
                return self._said(known)
        added = next(e for e in self.relevance.sheet.entries[key] if e.key == entry)
        return lambda _: added.name

    def _slice(self, place: Mapping[str, str]) -> Words:
        said = [self._entry(key, entry) for key, entry in place.items()]
        return lambda code: " – ".join(each(code) for each in said)

    # -- names and conditions ----------------------------------------------------------------

    def _name(self, wanted: str) -> str:
        name = _free(wanted, self.taken)
        self.taken.add(name)
        return name

    def _names(self, wanted: str, asked: Question | Column) -> FieldNames:
        keys = [option.key for option in asked.options]
        if asked.kind == "scale":
            keys = [
                level.key for level in self.assessment.framework.scale(asked.scale or "").levels
            ]
        value = self._name(wanted)
        is_choice = asked.kind in ("single", "multiple", "scale")
        return FieldNames(
            value=value,
            high=self._name(f"{value}__high") if asked.interval else "",
            state="" if is_choice else self._name(f"{value}__state"),
            unknown=_free("unknown", keys),
            not_applicable=_free("not_applicable", keys),
        )

    def _when(self, text: str | None, place: Mapping[str, str]) -> str:
        return self.relevance.surely(parse_condition(text), place) if text else TRUE

    def _offer(self, relevance: Relevance, place: Mapping[str, str]) -> Offer:
        return lambda text: relevance.surely(parse_condition(text), place)

    @staticmethod
    def _is_asked(question: Question, place: Mapping[str, str]) -> bool:
        return all(place.get(key) in kept for key, kept in question.over.items())


class _InRepeat(Relevance):
    """
    Conditions of a block that is added on the spot.

    Questions of the same block are those of the repeat; of others that repeat over the same lists
    nothing can be said, and they count as fulfilled.
    """

    def __init__(
        self, outer: Relevance, names: Mapping[str, FieldNames], inside: set[str],
        lists: Sequence[str],
    ) -> None:  # fmt: skip
        self.reading, self.sheet = outer.reading, outer.sheet
        self.names = names
        self.known = outer.known
        self.inside = inside
        self.elsewhere = {
            item.name
            for item in self.sheet.items
            if item.name not in inside and set(item.lists) & set(lists)
        }

    def surely(self, condition: Condition, place: Place) -> str:
        """Return an expression that is true where the condition holds, or cannot be told."""
        return TRUE if self._is_elsewhere(condition) else super().surely(condition, place)

    def surely_not(self, condition: Condition, place: Place) -> str:
        """Return an expression that is true where the condition fails, or cannot be told."""
        return TRUE if self._is_elsewhere(condition) else super().surely_not(condition, place)

    def asked(self, item: Item) -> tuple[str, str]:
        """Return whether an item is asked: one of the repeat is, as far as can be told here."""
        return super().asked(item) if item.section else (TRUE, FALSE)

    def items(self, name: str, place: Place) -> list[Item]:
        """Return the items of a name: of the same block, the one of the repeat."""
        if name not in self.inside:
            return super().items(name, place)
        return [Item(_more_key(name), name, self.sheet.framework.asked(name), "")]

    def _is_elsewhere(self, condition: Condition) -> bool:
        return isinstance(condition, Compare | State) and condition.name in self.elsewhere


def _key(question: str, at: tuple[str, ...]) -> str:
    return item_key(question, at)


def _more_key(question: str) -> str:
    return f"{question}@+"


def _plain_keys(section: Section) -> set[str]:
    """Return the questions of a section that are no tables."""
    return {question.key for question in section.questions if question.kind != "table"}


def _called(conditions: Iterable[str]) -> dict[str, str]:
    """Return how the column of the choices calls each condition."""
    return {text: f"when_{n}" for n, text in enumerate(sorted(set(conditions)), start=1)}


def _choice_filter(asked: Asked, offer: Offer) -> str:
    """Return which choices of a list are offered; "" where that depends on nothing."""
    called = _called(asked.offered_when.values())
    if not called:
        return ""
    some = [all_of([f"{SHOWN_WHEN} = {quoted(n)}", offer(text)]) for text, n in called.items()]
    return any_of([f"{SHOWN_WHEN} = {quoted(ALWAYS)}", *some])


def _free(wanted: str, taken: Iterable[str]) -> str:
    known = set(taken)
    name, number = wanted, 2
    while name in known:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _type(asked: Asked) -> str:
    kind = getattr(asked, "kind", "text")
    return "integer" if kind == "number" and asked.integer else _TYPES[kind]
