"""On what does it hang which items are asked: told as data, for a device that decides alone."""

from collections.abc import Collection
from typing import Any

from parvis.assessment.model import Assessment, Item
from parvis.assessment.reading import Reading, read
from parvis.packs.conditions import (
    Compare,
    Condition,
    Reached,
    State,
    condition_document,
    end_document,
)


def asked_when(
    assessment: Assessment, *, assessor: str | None = None, withheld: Collection[str] = ()
) -> dict[str, dict[str, Any] | None]:
    """
    Return, for every item by its key, what must hold for it to be asked; None where nothing must.

    Parameters
    ----------
    assessment : Assessment
    assessor : str, optional
        Whose answers decide; all together where left out.
    withheld : collection of str
        Sections whose answers must not be told: what rests on them is told as decided by now.

    Returns
    -------
    dict
        Trees as `parvis.packs.conditions.condition_document` writes them. What asks about a
        question also carries the keys of the ``items`` it means at the item's place: it holds when
        it holds of one of them. What is withheld is ``{"truth": True, False or None}``.
    """
    reading = read(assessment, assessor=assessor)
    return {
        item.key: _joined(
            [_tree(reading, item, one, withheld) for one in reading.sheet.conditions_of(item)]
        )
        for item in reading.sheet.items
    }


def offered_when(
    assessment: Assessment, *, assessor: str | None = None, withheld: Collection[str] = ()
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by item and by option or level, what must hold for it to be offered; see above."""
    reading = read(assessment, assessor=assessor)
    return {
        item.key: {
            key: _tree(reading, item, one, withheld)
            for key, one in reading.sheet.offers_of(item).items()
        }
        for item in reading.sheet.items
        if reading.sheet.offers_of(item)
    }


def _joined(trees: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(trees) > 1:
        return {"all": trees}
    return trees[0] if trees else None


def _tree(
    reading: Reading, item: Item, condition: Condition, withheld: Collection[str]
) -> dict[str, Any]:
    place = item.place

    def told(asked: Compare | State | Reached) -> dict[str, Any]:
        if isinstance(asked, Reached) or asked.name.startswith("score."):
            return {"truth": reading.truth(asked, place)}
        if asked.name.startswith("attribute."):
            return end_document(asked)
        meant = reading.items_at(asked.name, place)
        if any(each.section in withheld for each in meant):
            return {"truth": reading.truth(asked, place)}
        return {**end_document(asked), "items": [each.key for each in meant]}

    return condition_document(condition, told)
