"""Which temporary layouts stand on a space, and which were taken away."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404

from parvis.errors import InputError
from parvis_web.config.data import library_home
from parvis_web.spaces.models import Space

if TYPE_CHECKING:
    from parvis.events.layout import Layout


def layouts_of(space: Space) -> list["Layout"]:
    """Return the layouts of a space by name."""
    from parvis.io.layouts import list_layouts

    return _of(space, list_layouts)


def removed_layouts_of(space: Space) -> list["Layout"]:
    """Return the layouts of a space that can be brought back."""
    from parvis.io.layout_removal import layouts_aside

    return _of(space, layouts_aside)


def get_layout(space: Space, name: str) -> "Layout":
    """Return a layout of a space, or answer that there is none."""
    return _get(layouts_of(space), name)


def get_removed_layout(space: Space, name: str) -> "Layout":
    """Return a layout of a space that can be brought back, or answer that there is none."""
    return _get(removed_layouts_of(space), name)


def _of(space: Space, listed: Callable[..., Any]) -> list["Layout"]:
    if not space.store_id:
        return []
    try:
        found = listed(space.city.store, home=library_home(space.authority_id))
    except InputError:
        return []
    return [layout for layout in found if layout.space_id == space.store_id]


def _get(layouts: list["Layout"], name: str) -> "Layout":
    found = next((each for each in layouts if each.name == name), None)
    if found is None:
        raise Http404
    return found
