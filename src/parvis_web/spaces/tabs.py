"""
Which tabs does the page of a space have?

An app that has a page about a space calls `register` in its `AppConfig.ready`; its template
extends ``spaces/space_base.html`` with `space` and `current_tab` in the context and fills the
block `tab`. Addresses take ``slug`` and ``pk``, the id of the space. A tab is shown only where its
address exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from parvis_web.accounts.rights import Actor, can
from parvis_web.accounts.vocabulary import Ability
from parvis_web.spaces.models import Space


@dataclass(frozen=True)
class Tab:
    """
    One tab: where it leads and when it is shown.

    Attributes
    ----------
    key : str
        What templates call it in `current_tab`.
    title : str
        Lazily translated.
    url_name : str
        Takes ``slug`` and ``pk``.
    order : int
        Overview 0, approach 10, layouts 20, sightlines 30, assessments 40, incidents 50,
        measures 60, scenarios 15, documents 80, history 90.
    count : callable, optional
        Number shown beside the title.
    is_for_guests : bool
        People who were only named on the space see it too.
    """

    key: str
    title: Any
    url_name: str
    order: int
    count: Callable[[Actor, Space], int] | None = None
    is_for_guests: bool = True


@dataclass(frozen=True)
class ShownTab:
    """A tab as the template shows it."""

    key: str
    title: Any
    url: str
    is_current: bool
    count: int | None


_TABS: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Add a tab; the same key again replaces it."""
    _TABS[tab.key] = tab


def tabs_of(actor: Actor, space: Space, current: str = "") -> list[ShownTab]:
    """Return the tabs of a space that `actor` sees, in order."""
    if actor.is_guest and not can(actor, Ability.READ, space):
        return []
    shown = []
    for tab in sorted(_TABS.values(), key=lambda each: each.order):
        if actor.is_guest and not tab.is_for_guests:
            continue
        url = address_of(tab.key, actor, space)
        if url is None:
            continue
        count = tab.count(actor, space) if tab.count else None
        shown.append(ShownTab(tab.key, tab.title, url, tab.key == current, count))
    return shown


def address_of(key: str, actor: Actor, space: Space) -> str | None:
    """Return the address of a tab, None where no app has a page for it."""
    tab = _TABS.get(key)
    if tab is None:
        return None
    try:
        return reverse(tab.url_name, kwargs={"slug": actor.authority.slug, "pk": space.pk})
    except NoReverseMatch:
        return None
