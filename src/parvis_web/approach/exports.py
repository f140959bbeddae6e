"""How a result leaves the application as a file: every format, marked, signed with who and when."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis import __version__
from parvis.report.coordinates import Projection
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach import kept, rules
from parvis_web.approach.models import Analysis, ClosurePlan

if TYPE_CHECKING:
    from parvis.report.geodata import Layer
    from parvis.report.stamped import Stamp

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "dxf": "image/vnd.dxf",
}
FORMATS = (
    ("xlsx", "XLSX"),
    ("csv", "CSV"),
    ("geojson", "GeoJSON"),
    ("gpkg", "GeoPackage"),
    ("dxf", "DXF"),
)
GRIDS = ("wgs84", "city")
Writer = Callable[..., Path]


def export_analysis(actor: Actor, item: Analysis, *, ending: str, grid: str) -> HttpResponse:
    """Return a result as a file; `grid` is "wgs84" or "city", the grid of the city's country."""
    from parvis.report.drawing import write_dxf
    from parvis.report.geodata import layers, write_geojson, write_gpkg

    check_format(ending, grid)
    result, language = kept.result_of(item), kept.report_language()
    found = layers(result, language)
    writers: dict[str, Writer] = {
        "geojson": write_geojson,
        "gpkg": write_gpkg,
        "dxf": write_dxf,
    }
    content = _content(actor, item, result, found, "access_points", writers, ending, grid)
    return _answer(item, content, ending, _("access-points"))


def export_closure(actor: Actor, item: ClosurePlan, *, ending: str, grid: str) -> HttpResponse:
    """Return a closure plan as a file; see `export_analysis`."""
    from parvis.report.closure_drawing import write_closure_dxf
    from parvis.report.closure_geodata import (
        closure_layers,
        write_closure_geojson,
        write_closure_gpkg,
    )

    check_format(ending, grid)
    result, language = kept.closure_of(item), kept.report_language()
    found = closure_layers(result, language)
    writers: dict[str, Writer] = {
        "geojson": write_closure_geojson,
        "gpkg": write_closure_gpkg,
        "dxf": write_closure_dxf,
    }
    content = _content(actor, item, result, found, "closure_lines", writers, ending, grid)
    return _answer(item, content, ending, _("closure-lines"))


def check_format(ending: str, grid: str) -> None:
    """Raise `RefusedError` unless there is such a format and grid."""
    if ending not in MEDIA_TYPES:
        raise rules.RefusedError(
            _("There is no such format; choose CSV, XLSX, GeoJSON, GeoPackage or DXF.")
        )
    if grid not in GRIDS:
        raise rules.RefusedError(
            _("There is no such grid; choose longitude and latitude or the city's grid.")
        )


def stamp_of(actor: Actor, item: Analysis | ClosurePlan) -> "Stamp":
    """Return what a file made now says of itself."""
    from parvis.report.stamped import Stamp

    return Stamp(
        marking=Marking(item.marking).label,
        authority=actor.authority.name,
        author=str(actor.user or "Parvis"),
        time=timezone.now().isoformat(timespec="seconds"),
        version=__version__,
    )


def _content(
    actor: Actor,
    item: Analysis | ClosurePlan,
    result: Any,
    found: "Sequence[Layer]",
    main: str,
    writers: dict[str, Writer],
    ending: str,
    grid: str,
) -> bytes:
    from parvis.report import stamped

    stamp, language = stamp_of(actor, item), kept.report_language()
    projection = Projection(result.epsg, grid)
    if ending == "csv":
        layer = next(layer for layer in found if layer.name == main)
        return stamped.stamped_csv(layer, stamp, projection)
    if ending == "xlsx":
        return stamped.stamped_xlsx(found, stamp, projection)
    with tempfile.TemporaryDirectory(prefix="parvis-export-") as folder:
        path = Path(folder) / f"result.{ending}"
        if ending == "geojson":
            writers[ending](result, path, language=language)
            return stamped.stamp_geojson(path.read_bytes(), stamp)
        if ending == "dxf":
            writers[ending](result, path, crs="city", language=language)
            return stamped.stamp_dxf(path.read_bytes(), stamp)
        writers[ending](result, path, crs=grid, language=language)
        return stamped.stamp_gpkg(path, stamp).read_bytes()


def _answer(item: Analysis | ClosurePlan, content: bytes, ending: str, what: str) -> HttpResponse:
    day = timezone.localdate().isoformat()
    name = f"{slugify(item.space.name) or 'space'}-{what}-{day}.{ending}"
    response = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
