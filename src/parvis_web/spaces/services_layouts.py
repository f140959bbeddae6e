"""Writing temporary layouts: taken from files, barriers placed, taken away and brought back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.config.data import library_home
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.layout_files import take_layout
from parvis_web.spaces.layouts import get_layout, get_removed_layout
from parvis_web.spaces.models import Space
from parvis_web.spaces.rules import RefusedError

SECONDS = 120


@service("layout.add")
def add_layout(
    actor: Actor, space: Space, *, name: str, files: Mapping[str, Path], crs: str = ""
) -> dict[str, Any]:
    """
    Take a layout from its files; return what of them was not used and how the drawing fits.

    Raises
    ------
    RefusedError
        Where the space is not one of the city's data.
    parvis.errors.InputError, parvis.errors.LimitError
    """
    check_write(actor, space)
    if not space.store_id:
        raise RefusedError(
            _("A layout stands on a public space of the city's data, not on a drawn area.")
        )
    home = library_home(space.authority_id)
    taken: dict[str, Any] = run_limited(
        take_layout,
        space.city.store,
        name,
        space=space.store_id,
        files=dict(files),
        crs=crs or None,
        time_zone=space.authority.time_zone,
        home=home,
        memory_mb=2048,
        seconds=SECONDS,
        file=files["geometry"].name,
    )
    try:
        note(space, after={"layout": taken["hash"]}, layout=name)
    except BaseException:
        from parvis.io.layouts import remove_layout

        remove_layout(space.city.store, name, home=home)
        raise
    return taken


@service("layout.place-barrier")
def place_barrier(
    actor: Actor,
    space: Space,
    *,
    layout: str,
    barrier: str,
    places: Sequence[tuple[float, float]],
    length: float,
) -> None:
    """
    Give a barrier known by its address its place on a layout's plan.

    Raises
    ------
    parvis.errors.InputError
    """
    from parvis.io import layout_placing

    before = _hold(actor, space, layout)
    store, home = space.city.store, library_home(space.authority_id)
    after = layout_placing.place_barrier(
        store, layout, barrier, path=places, length=length, home=home
    )
    try:
        note(
            space,
            before={"layout": before},
            after={"layout": after.hash},
            layout=layout,
            barrier=barrier,
        )
    except BaseException:
        layout_placing.take_off_plan(store, layout, barrier, home=home)
        raise


@service("layout.take-off-plan")
def take_off_plan(actor: Actor, space: Space, *, layout: str, barrier: str) -> None:
    """
    Take a placed barrier off the plan again; it waits for a place as before.

    Raises
    ------
    parvis.errors.InputError
    """
    from parvis.io import layout_placing

    before = _hold(actor, space, layout)
    home = library_home(space.authority_id)
    after = layout_placing.take_off_plan(space.city.store, layout, barrier, home=home)
    note(
        space, before={"layout": before}, after={"layout": after.hash}, layout=layout,
        barrier=barrier,
    )  # fmt: skip


@service("layout.remove")
def remove_layout(actor: Actor, space: Space, *, layout: str) -> None:
    """Take a layout away from a space; it can be brought back."""
    from parvis.io.layout_removal import bring_layout_back, set_layout_aside

    before = _hold(actor, space, layout)
    store, home = space.city.store, library_home(space.authority_id)
    set_layout_aside(store, layout, home=home)
    try:
        note(space, before={"layout": before}, after=None, layout=layout)
    except BaseException:
        bring_layout_back(store, layout, home=home)
        raise


@service("layout.bring-back")
def bring_back_layout(actor: Actor, space: Space, *, layout: str) -> None:
    """
    Put a removed layout back on its space.

    Raises
    ------
    parvis.errors.InputError
        Where another of its name was brought since.
    """
    from parvis.io.layout_removal import bring_layout_back, set_layout_aside

    check_write(actor, space)
    found = get_removed_layout(space, layout)
    store, home = space.city.store, library_home(space.authority_id)
    bring_layout_back(store, layout, home=home)
    try:
        note(space, before=None, after={"layout": found.hash}, layout=layout)
    except BaseException:
        set_layout_aside(store, layout, home=home)
        raise


def _hold(actor: Actor, space: Space, layout: str) -> str:
    """Let nobody else change the space's layouts meanwhile; return what the layout is now."""
    check_write(actor, space)
    Space.objects.select_for_update().get(pk=space.pk)
    return get_layout(space, layout).hash
