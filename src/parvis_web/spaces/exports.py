"""How does the list of spaces leave the application: every format, marked, nothing else."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.spaces.models import AssessmentState, Space
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.uploads import epsg_of

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


def export_spaces(actor: Actor, spaces: Sequence[Space], *, ending: str, grid: str) -> HttpResponse:
    """
    Return the list as a file to download.

    Parameters
    ----------
    actor : Actor
    spaces : sequence of Space
        Those the actor may read.
    ending : str
        One of `FORMATS`.
    grid : str
        "wgs84" or "city": the grid of the one city the spaces lie in.

    Raises
    ------
    RefusedError
    """
    from parvis.report.space_export import FORMATS, write_spaces

    if ending not in FORMATS:
        raise RefusedError(_("There is no such format; choose CSV, XLSX, GeoJSON or GeoPackage."))
    marking = _highest(spaces)
    with tempfile.TemporaryDirectory(prefix="parvis-export-") as folder:
        path = Path(folder) / f"spaces.{ending}"
        write_spaces(
            [_row(space) for space in spaces],
            path,
            epsg=_epsg(spaces) if grid == "city" else 4326,
            marking=_marking_line(actor, marking),
            headings=_headings(),
        )
        content = path.read_bytes()
    name = f"{actor.authority.slug}-spaces-{timezone.localdate().isoformat()}.{ending}"
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[ending],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _highest(spaces: Sequence[Space]) -> Marking:
    return max(
        (Marking(space.marking) for space in spaces), key=lambda m: m.order, default=Marking.AMBER
    )


def _marking_line(actor: Actor, marking: Marking) -> str:
    return _("%(marking)s · %(authority)s · %(person)s · %(time)s") % {
        "marking": marking.label,
        "authority": actor.authority.name,
        "person": actor.user or "",
        "time": timezone.localtime().strftime("%Y-%m-%d %H:%M %Z"),
    }


def _row(space: Space) -> dict[str, object]:
    return {
        "id": str(space.pk),
        "name": space.name,
        "kind": space.kind_label,
        "city": space.city.name,
        "state": str(AssessmentState(space.state).label),
        "marking": Marking(space.marking).label,
        "size_m2": space.area_size,
        "source": space.store_id,
        "area": space.area,
    }


def _headings() -> dict[str, str]:
    return {
        "id": _("Id"),
        "name": _("Name"),
        "kind": _("Kind"),
        "city": _("City"),
        "state": _("State of work"),
        "marking": _("Marking"),
        "size_m2": _("Size in m²"),
        "source": _("Id in the city's data"),
        "center_x": _("Longitude or easting"),
        "center_y": _("Latitude or northing"),
    }


def _epsg(spaces: Sequence[Space]) -> int:
    found = {epsg_of(city) for city in {space.city for space in spaces}}
    if len(found) > 1:
        raise RefusedError(
            _("These spaces lie in cities with different grids; filter by one city first.")
        )
    return found.pop() if found else 4326
