"""Writing temporary layouts: taken from files into the city's folder, never changed there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.config.data import library_home
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.layout_files import take_layout
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
