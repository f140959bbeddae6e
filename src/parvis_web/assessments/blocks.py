"""For which places is a section that repeats asked, and which of them is shown?"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from parvis.assessment import Item
from parvis.assessment.items import entries as entries_of
from parvis.assessment.items import places
from parvis.packs.framework_questions import Section
from parvis_web.accounts.models import User
from parvis_web.assessments.held import Held, replies_of
from parvis_web.assessments.models import ReplyState
from parvis_web.assessments.results import place_words


@dataclass(frozen=True)
class Block:
    """One place that a repeated section is asked for."""

    at: tuple[str, ...]
    name: str
    is_current: bool
    is_done: bool

    @property
    def href(self) -> str:
        """Address of the place, seen from its section."""
        return f"?at={quote(self.key)}"

    @property
    def key(self) -> str:
        """As it stands in addresses."""
        return "/".join(self.at)


def blocks_of(
    held: Held,
    section: Section,
    chosen: str,
    language: str,
    *,
    asked: Iterable[Item],
    voice: User | None,
) -> tuple[list[Block], tuple[str, ...]]:
    """Return the places a section is asked for and the one that is shown."""
    size = len(section.repeat)
    said = replies_of(held, voice)
    is_open = {
        item.at[:size]
        for item in asked
        if item.section == section.key
        and item.question.required
        and (item.key not in said or said[item.key].state == ReplyState.CLEARED)
    }
    known = entries_of(held.framework, held.lists)
    all_places = list(places(known, section.repeat))
    at = tuple(chosen.split("/"))[:size] if chosen else ()
    if at not in all_places:
        at = all_places[0] if all_places else ()
    blocks = [
        Block(
            place,
            place_words(held, section.repeat, place, language),
            place == at,
            place not in is_open,
        )
        for place in all_places
    ]
    return blocks, at
