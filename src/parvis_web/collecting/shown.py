"""How are values of deliveries said in a table of a page?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from parvis_web.accounts.rights import Actor
from parvis_web.collecting import queries
from parvis_web.collecting.forms import SPLIT_LABELS
from parvis_web.collecting.models import Delivery
from parvis_web.ui.errors import active_language, sentence_for
from parvis_web.ui.formats import MISSING, number

if TYPE_CHECKING:
    from parvis.indicators.values import Observation
    from parvis.indicators.vintages import Revisions

DIGITS = 2
REASONS = {
    "flag": _lazy("marked as a break by who delivered it"),
    "definition": _lazy("the definition changed"),
    "unit": _lazy("the unit changed"),
    "source": _lazy("the source changed"),
}


@dataclass(frozen=True)
class ShownValue:
    """One value in words, and what it was before where it was revised."""

    code: str
    name: str
    area: str
    period: str
    split: str
    value: str
    before: str = ""
    behind: str = ""


def indicator_names(actor: Actor) -> dict[str, str]:
    """Return the names of the indicators that hold, in the reader's language where translated."""
    language = active_language()
    return {
        code: each.i18n.get(language, {}).get("name", each.name)
        for code, each in queries.catalogue_for(actor).indicators.items()
    }


def shown_values(actor: Actor, delivery: Delivery, most: int) -> list[ShownValue]:
    """Return the first values of a waiting delivery."""
    table = queries.waiting_observations(delivery)
    words = _Words(actor)
    return [words.of(table[row]) for row in range(min(most, len(table)))]


def shown_changes(actor: Actor, found: "Revisions", rows: Sequence[int]) -> list[ShownValue]:
    """Return some of the values that a delivery revised."""
    words = _Words(actor)
    return [words.of(found.after[row], before=found.before[row]) for row in rows]


@dataclass(frozen=True)
class ShownBreak:
    """A place in a series of totals after which values cannot be compared, and why."""

    indicator: str
    name: str
    area: str
    period: str
    reasons: str


def shown_breaks(actor: Actor) -> list[ShownBreak]:
    """Return the breaks of what holds."""
    names, areas = indicator_names(actor), queries.area_names(actor)
    return [
        ShownBreak(
            each.indicator,
            names.get(each.indicator, ""),
            areas.get(each.area, each.area),
            found.period,
            ", ".join(str(REASONS[reason]) for reason in found.reasons),
        )
        for each in queries.breaks_of(queries.observations_of(actor))
        for found in each.breaks
    ]


class _Words:
    def __init__(self, actor: Actor) -> None:
        self._names = indicator_names(actor)
        self._areas = queries.area_names(actor)
        self._units = queries.catalogue_for(actor).units

    def of(self, said: "Observation", before: "Observation | None" = None) -> ShownValue:
        return ShownValue(
            code=said.indicator,
            name=self._names.get(said.indicator, ""),
            area=self._areas.get(said.area, said.area),
            period=said.period,
            split=split_words(said.split),
            value=self._value(said),
            before=self._value(before) if before is not None else "",
            behind=_behind(said),
        )

    def _value(self, said: "Observation") -> str:
        if said.value is None:
            return MISSING
        return f"{number(said.value, DIGITS)} {self._units.get(said.unit, said.unit)}"


def _behind(said: "Observation") -> str:
    if said.numerator is not None and said.denominator is not None:
        values = {"above": number(said.numerator), "below": number(said.denominator)}
        return _("%(above)s of %(below)s") % values
    if said.n is not None:
        return _("n = %(n)s") % {"n": number(said.n)}
    return ""


def split_words(split: str) -> str:
    """Return a split such as ``age=15-24;sex=f`` in words."""
    parts: list[Any] = []
    for part in split.split(";") if split else ():
        name, _equals, word = part.partition("=")
        parts.append(f"{SPLIT_LABELS.get(name, name)}: {word}")
    return ", ".join(parts)


def counted_indicators(actor: Actor) -> dict[str, str]:
    """Return the indicators that incidents can be counted as, with their names by code."""
    from parvis.incidents.observed import PEOPLE

    known = queries.catalogue_for(actor).indicators
    names = indicator_names(actor)
    return {
        code: f"{code} {names[code]}"
        for code, each in known.items()
        if each.error_model == "poisson" and each.unit in PEOPLE
    }


def counted_texts(found: Mapping[str, Any]) -> list[str]:
    """Return what must be known of values that were summed up."""
    texts = []
    counted, answered = found.get("counted"), found.get("answered")
    if counted:
        shown = {name: number(n) for name, n in counted.items()}
        texts.append(
            _(
                "Incidents counted: %(n_counted)s. Not counted: %(n_left_out)s of other kinds, "
                "%(n_outside)s outside all areas, %(n_without_time)s without a time. Without a "
                "place, so in no area: %(n_without_place)s."
            )
            % shown
        )
        if counted["n_few"]:
            texts.append(
                _(
                    "%(n_few)s values of areas rest on fewer than 5 incidents and may point at "
                    "single people: they are marked TLP:AMBER."
                )
                % shown
            )
        texts.append(_("What is recorded is not what happens: part of it is never reported."))
    texts += [sentence_for(each["code"], each["details"]) for each in found.get("notices", ())]
    if answered:
        texts.append(_("Answers used: %(n)s.") % {"n": number(answered["n_rows"])})
        if answered["not_asked"]:
            codes = ", ".join(answered["not_asked"])
            texts.append(_("Not asked, so without a value: %(codes)s.") % {"codes": codes})
    return texts


INVENTORY_KINDS = {
    "dead_end": _lazy("dead ends of streets"),
    "dead_end_on_foot": _lazy("dead ends on foot"),
    "lamp": _lazy("street lamps"),
    "camera": _lazy("cameras"),
}


def shown_inventories(actor: Actor, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the map has of dead ends, lamps and cameras, area by area, in words."""
    areas = queries.area_names(actor)
    return [
        {
            "kind": INVENTORY_KINDS[row["kind"]],
            "area": areas.get(row["area"], row["area"]),
            "n": number(row["n"]),
            "per_km": MISSING if row["per_km"] is None else number(row["per_km"], DIGITS),
            "mapped": MISSING
            if row["mapped_share"] is None
            else _("%(share)s %%") % {"share": number(100 * row["mapped_share"])},
        }
        for row in found.get("inventories", ())
    ]


CAUSES = {
    "same": _lazy("the same"),
    "rounding": _lazy("rounded otherwise"),
    "revision": _lazy("revised since"),
    "definition": _lazy("another definition"),
    "unit": _lazy("another unit"),
    "denominator": _lazy("counted among others"),
    "code_list": _lazy("another list of codes"),
    "boundary": _lazy("another boundary"),
    "period": _lazy("another period"),
    "not_ours": _lazy("not among ours"),
    "unexplained": _lazy("not explained yet"),
}


def shown_comparison(actor: Actor, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return published figures beside ours in words."""
    names, areas = indicator_names(actor), queries.area_names(actor)
    rows = [
        row
        | {
            "name": names.get(row["indicator"], ""),
            "area": areas.get(row["area"], row["area"]),
            "split": split_words(row["split"]),
            "cause_word": CAUSES[row["cause"]],
            "sentences": [sentence_for(each["code"], each["details"]) for each in row["notes"]],
        }
        for row in found["rows"]
    ]
    counts = [(CAUSES[cause], number(n), cause) for cause, n in found["counts"].items()]
    return {"rows": rows, "counts": counts, "n_rejected": found["n_rejected"]}
