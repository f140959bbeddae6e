"""What a figure says in a few sentences, for those who do not see or do not read pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from parvis.report.figures.spec import HOURS, Against, Figure, Kind, Mark
from parvis.report.figures.words import Words

N_NAMED = 4
"""At most so many values are said one by one."""
N_STEPS = 3
N_THEMES = 8


def summary(figure: Figure) -> str:
    """
    Return what a figure says, in whole sentences of its language.

    Areas are never named as the highest or lowest.
    """
    words = Words(figure)
    if not figure.marks:
        return words("sum.nothing")
    return " ".join(sentence for sentence in _SAYING[figure.kind](figure, words) if sentence)


def _values(figure: Figure, words: Words) -> list[str]:
    shown = [mark for mark in figure.marks if mark.value is not None]
    if 0 < len(figure.marks) <= N_NAMED and shown and figure.kind is not Kind.AREA_MAP:
        said = [words("sum.mark", label=_name(figure, mark), value=words.mark(mark))
                for mark in figure.marks]  # fmt: skip
        return [*said, *_beside(figure, words)]
    return [_spread(shown, words), *_beside(figure, words), *_apart(figure, words),
            *_gaps(figure, words)]  # fmt: skip


def _groups(figure: Figure, words: Words) -> list[str]:
    found = []
    for series in figure.series:
        said = [
            words("sum.each", label=mark.label, value=words.bare(mark)) for mark in series.marks
        ]
        found.append(words("sum.group", label=series.name, values=words.join(said)))
    return [*found, *_beside(figure, words), *_gaps(figure, words)]


def _trend(figure: Figure, words: Words) -> list[str]:
    found = []
    for series in figure.series:
        shown = [mark for mark in series.marks if mark.value is not None]
        if not shown:
            continue
        last = shown[-1]
        found.append(
            words("sum.latest", series=series.name, value=words.mark(last), label=last.label)
        )
        base = next((mark for mark in shown if mark.key == figure.base), None)
        if base is not None and base is not last:
            found.append(words("sum.base", label=base.label, value=words.quantity(base.value)))
    if not found:
        found.append(words("sum.nothing"))
    if figure.change:
        found.append(words(f"sum.{figure.change}"))
    breaks = list(dict.fromkeys(mark.label for mark in figure.marks if mark.is_break))
    if breaks:
        found.append(words("sum.breaks", count=len(breaks), labels=words.join(breaks)))
    return [*found, *_beside(figure, words), *_gaps(figure, words)]


def _pair(figure: Figure, words: Words) -> list[str]:
    first, second = figure.series
    others = {mark.key: mark for mark in second.marks}
    keys = dict.fromkeys([mark.key for mark in (*first.marks, *second.marks)])
    mine = {mark.key: mark for mark in first.marks}
    found = []
    for key in list(keys)[:N_THEMES]:
        one, two = mine.get(key), others.get(key)
        found.append(
            words(
                "sum.pair",
                label=(one or two or Mark(key)).label,
                first=first.name,
                first_value=words.half(one),
                second=second.name,
                second_value=words.half(two),
            )
        )
    if len(keys) > N_THEMES:
        found.append(words("sum.rest", number=words.number(len(keys), 0)))
    return [*found, *_beside(figure, words)]


def _waterfall(figure: Figure, words: Words) -> list[str]:
    start, *steps, end = figure.series[0].marks
    if start.value is None or end.value is None:
        return [words("sum.not_moved")]
    moved = words(
        "sum.moved",
        before=words.bare(start),
        after=words.bare(end),
        change=words.change(end.value - start.value),
    )
    known = [
        (step.value, step.label)
        for step in steps
        if step.value is not None and round(step.value, figure.decimals)
    ]
    largest = sorted(known, key=lambda step: -abs(step[0]))[:N_STEPS]
    if not largest:
        return [moved]
    said = [words("sum.step", label=label, change=words.change(value)) for value, label in largest]
    return [moved, words("sum.largest", steps=words.join(said))]


def _profile(figure: Figure, words: Words) -> list[str]:
    hours = [(series.name, mark) for series in figure.series[:7] for mark in series.marks]
    known = [(mark.value, day, mark) for day, mark in hours if mark.value is not None]
    total = sum(value for value, _, _ in known)
    if not total:
        return [words("sum.nothing")]
    value, day, busiest = max(known, key=lambda each: each[0])
    said = words(
        "sum.busiest",
        day=day,
        hour=busiest.label,
        value=words.number(value),
        mean=words.number(total / len(known), 1),
    )
    return [said, _told_apart(figure, words)]


def _told_apart(figure: Figure, words: Words) -> str:
    standings = [mark.against for series in figure.series[:7] for mark in series.marks]
    if set(standings) == {Against.UNKNOWN}:
        return ""
    return words(
        "sum.above",
        above=standings.count(Against.HIGHER),
        below=standings.count(Against.LOWER),
        number=HOURS * 7,
    )


def _concentration(figure: Figure, words: Words) -> list[str]:
    reached = figure.reference
    if reached is None or reached.value is None:
        return [words("sum.nothing")]
    said = words(
        "sum.concentrated",
        value=words.percent(reached.value / 100.0),
        at=words.percent(reached.at, 1),
    )
    return [said]


def _beside(figure: Figure, words: Words) -> list[str]:
    found = []
    if figure.reference is not None:
        reference = figure.reference
        found.append(words("sum.reference", label=reference.label, value=words.mark(reference)))
    if figure.target is not None:
        found.append(words("sum.target", value=words.quantity(figure.target)))
    return found


def _apart(figure: Figure, words: Words) -> list[str]:
    standings = [mark.against for mark in figure.marks if mark.value is not None]
    if not set(standings) - {Against.UNKNOWN}:
        return []
    return [
        words(
            "sum.apart",
            higher=standings.count(Against.HIGHER),
            lower=standings.count(Against.LOWER),
            same=standings.count(Against.NOT_DIFFERENT),
        )
    ]


def _gaps(figure: Figure, words: Words) -> list[str]:
    hidden = sum(mark.is_hidden for mark in figure.marks)
    missing = sum(mark.value is None for mark in figure.marks) - hidden
    unreliable = sum(mark.is_unreliable for mark in figure.marks)
    counts = {"hidden": hidden, "missing": missing, "unreliable": unreliable}
    return [
        words(f"sum.{key}", count=count, number=words.number(count, 0))
        for key, count in counts.items()
        if count
    ]


def _spread(shown: list[Mark], words: Words) -> str:
    values = [mark.value for mark in shown if mark.value is not None]
    if not values:
        return words("sum.nothing")
    return words(
        "sum.spread",
        count=len(values),
        number=words.number(len(values), 0),
        least=words.quantity(min(values)),
        most=words.quantity(max(values)),
    )


def _name(figure: Figure, mark: Mark) -> str:
    if len(figure.series) == 1:
        return mark.label
    series = next(each for each in figure.series if any(one is mark for one in each.marks))
    return f"{series.name}, {mark.label}"


_SAYING: Mapping[Kind, Callable[[Figure, Words], list[str]]] = MappingProxyType(
    {
        Kind.INTERVAL_DOTS: _values,
        Kind.TREND: _trend,
        Kind.PAIR: _pair,
        Kind.SMALL_MULTIPLES: _groups,
        Kind.WATERFALL: _waterfall,
        Kind.AREA_MAP: _values,
        Kind.SHARE: _values,
        Kind.PROFILE: _profile,
        Kind.CONCENTRATION: _concentration,
    }
)
