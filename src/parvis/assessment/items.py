"""What is asked: every question at every place its block and its table repeat over."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from parvis.assessment.errors import ListEntryError
from parvis.assessment.model import Item, ListEntry, Subject, item_key
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Column, Question, Section

Lists = Mapping[str, tuple[ListEntry, ...]]


def items(framework: Framework, subject: Subject, lists: Lists | None = None) -> tuple[Item, ...]:
    """
    Return all items of an assessment, in the order in which they are asked.

    Parameters
    ----------
    framework : Framework
    subject : Subject
        Whether an item applies to it is said by `parvis.assessment.shown`.
    lists : mapping of str to tuple of ListEntry, optional
        Entries that assessors added to open lists.

    Raises
    ------
    ListEntryError
        If entries were added to a list that is closed or does not exist.
    """
    del subject  # which items exist does not depend on it; which are shown does
    return tuple(_expanded(framework, entries(framework, lists or {})))


def entries(framework: Framework, lists: Lists) -> dict[str, tuple[ListEntry, ...]]:
    """
    Return the entries of every list: the framework's own, then those that assessors added.

    Raises
    ------
    ListEntryError
        If entries were added to a list that is closed or does not exist.
    """
    open_lists = [known.key for known in framework.lists if known.open]
    for key, added in lists.items():
        if added and key not in open_lists:
            raise ListEntryError(list=key, known=", ".join(open_lists) or "–")
    return {
        known.key: (
            *(ListEntry(entry.key, entry.name) for entry in known.entries),
            *lists.get(known.key, ()),
        )
        for known in framework.lists
    }


def places(
    entries_by_list: Mapping[str, tuple[ListEntry, ...]], by: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return every combination of entries of the lists `by`; one empty one where `by` is empty."""
    return tuple(product(*([entry.key for entry in entries_by_list[key]] for key in by)))


def _expanded(framework: Framework, known: Mapping[str, tuple[ListEntry, ...]]) -> Iterator[Item]:
    for section in framework.sections:
        for at in places(known, section.repeat):
            for question in section.questions:
                if _is_asked(question, dict(zip(section.repeat, at, strict=True))):
                    yield from _items_of(section, question, at, known)


def _is_asked(question: Question, place: Mapping[str, str]) -> bool:
    return all(place.get(key) in kept for key, kept in question.over.items())


def _items_of(
    section: Section,
    question: Question,
    at: tuple[str, ...],
    known: Mapping[str, tuple[ListEntry, ...]],
) -> Iterator[Item]:
    if question.kind != "table" or question.rows is None:
        yield _item(question.key, question, section, section.repeat, at)
        return
    for row in known[question.rows]:
        for column in question.columns:
            name = f"{question.key}.{column.key}"
            lists = (*section.repeat, question.rows)
            yield _item(name, column, section, lists, (*at, row.key), question)


def _item(
    name: str,
    question: Question | Column,
    section: Section,
    lists: tuple[str, ...],
    at: tuple[str, ...],
    table: Question | None = None,
) -> Item:
    return Item(item_key(name, at), name, question, section.key, lists, at, table)
