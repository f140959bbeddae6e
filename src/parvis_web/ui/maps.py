"""What does a map on a page show, and what may one do with it? Settings for ``<parvis-map>``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from parvis_web.ui import formats

SPEED_BANDS_KMH = (30, 50, 65, 80)
"""Upper ends of the speed bands, as in the reports. [km/h]"""

Text = str | Promise
Corner = tuple[float, float]


@dataclass(frozen=True)
class Overlay:
    """
    One layer of the authority's own data over the base map.

    Attributes
    ----------
    id : str
        Name of the layer on this map.
    kind : str
        How it is drawn, and by which properties: ``area``; ``perimeter`` (lines, ``speed_kmh``);
        ``access-points`` (points with ``number``); ``barriers`` (points and lines, ``state`` one of
        existing, proposed, removed); ``spaces`` (``name``); ``facts`` (``label``).
    label : str
        In the list of layers and in messages.
    url : str
        GeoJSON, fetched for this person and not kept. Features that can be selected have the
        properties ``id`` and ``text``: one sentence with all values, shown on focus.
    data : mapping
        GeoJSON on the page instead of `url`.
    select_url : str
        Asked for by htmx when a feature is selected, see `url_for_each`; empty: only an event.
    select_target : str
        Where the answer goes.
    """

    id: str
    kind: Literal["area", "perimeter", "access-points", "barriers", "spaces", "facts"]
    label: Text
    url: str = ""
    data: Mapping[str, Any] | None = None
    is_selectable: bool = False
    select_url: str = ""
    select_target: str = "#panel"
    is_fitted: bool = False
    is_hidden: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what the script reads."""
        settings: dict[str, Any] = {"id": self.id, "kind": self.kind, "label": str(self.label)}
        if self.url:
            settings["url"] = self.url
        if self.data is not None:
            settings["data"] = self.data
        if self.is_selectable or self.select_url:
            settings["select"] = {"url": self.select_url, "target": self.select_target}
        return settings | {"fit": self.is_fitted, "hidden": self.is_hidden}


@dataclass(frozen=True)
class Tool:
    """One thing that can be drawn; `name` becomes the property ``tool`` of what was drawn."""

    name: str
    shape: Literal["point", "line", "polygon"]
    label: Text
    hint: Text = ""
    is_repeated: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what the script reads."""
        settings = {"name": self.name, "shape": self.shape, "label": str(self.label)}
        if self.hint:
            settings["hint"] = str(self.hint)
        return settings | {"isRepeated": self.is_repeated}


@dataclass(frozen=True)
class Drawing:
    """
    What is drawn on the map and mirrored into a form field.

    Attributes
    ----------
    field_id : str
        Identity of the hidden field; its value is read at the start.
    tools : sequence of Tool
    limit : int, optional
        How many things there may be.
    format : {"geometry", "features"}
        One geometry, or a feature collection whose features keep id and properties.
    """

    field_id: str
    tools: Sequence[Tool]
    limit: int | None = None
    format: Literal["geometry", "features"] = "geometry"

    def to_dict(self) -> dict[str, Any]:
        """Return what the script reads."""
        settings: dict[str, Any] = {
            "field": self.field_id,
            "tools": [tool.to_dict() for tool in self.tools],
            "format": self.format,
        }
        return settings if self.limit is None else settings | {"limit": self.limit}


@dataclass(frozen=True)
class Underlay:
    """A picture of a plan under the map's lines; corners from top left, clockwise, as lon, lat."""

    url: str
    corners: tuple[Corner, Corner, Corner, Corner]
    opacity: float = 0.7

    def to_dict(self) -> dict[str, Any]:
        """Return what the script reads."""
        return {"url": self.url, "corners": self.corners, "opacity": self.opacity}


@dataclass(frozen=True)
class MapSettings:
    """
    Everything a ``<parvis-map>`` needs; put on a page by ``{% parvis_map settings "map" %}``.

    Attributes
    ----------
    label : str
        Name of the map for those who do not see it.
    tiles : str
        Address of the archive of tiles, or of tiles with ``{z}``, ``{x}`` and ``{y}``.
    bounds : tuple of float, optional
        West, south, east, north. [°]
    overlays, drawing, underlay
        What lies on the base map.
    picture : str
        Address of a still picture for browsers without WebGL or scripts.
    """

    label: Text
    tiles: str = ""
    bounds: tuple[float, float, float, float] | None = None
    overlays: Sequence[Overlay] = field(default_factory=tuple)
    drawing: Drawing | None = None
    underlay: Underlay | None = None
    picture: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return what the script reads, in the reader's language."""
        settings: dict[str, Any] = {
            "label": str(self.label),
            "tiles": self.tiles,
            "overlays": [overlay.to_dict() for overlay in self.overlays],
            "legend": legend(overlay.kind for overlay in self.overlays),
            "words": words(),
        }
        if self.tiles:
            settings["attribution"] = _("© OpenStreetMap contributors")
        if self.bounds is not None:
            settings["bounds"] = self.bounds
        if self.drawing is not None:
            settings["edit"] = self.drawing.to_dict()
        if self.underlay is not None:
            settings["underlay"] = self.underlay.to_dict()
        if self.picture:
            settings["picture"] = self.picture
        return settings


def url_for_each(name: str, *args: Any) -> str:
    """Return the address of the page `name` with ``__id__`` in place of its last, random key."""
    return reverse(name, args=[*args, UUID(int=0)]).replace(str(UUID(int=0)), "__id__")


def speed_bands() -> list[str]:
    """Return the bands' names in the reader's language, from slow to fast."""
    spoken = [formats.speed_kmh(end) for end in SPEED_BANDS_KMH]
    between = [
        _("over %(low)s up to %(high)s") % {"low": formats.number(low), "high": high}
        for low, high in zip(SPEED_BANDS_KMH, spoken[1:], strict=False)
    ]
    return [
        _("up to %(speed)s") % {"speed": spoken[0]},
        *between,
        _("over %(speed)s") % {"speed": spoken[-1]},
    ]


def legend(kinds: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows that explain the overlays of these kinds."""
    rows: list[tuple[str, str]] = []
    for kind in dict.fromkeys(kinds):
        if kind == "area":
            rows.append(("area", _("Protected area")))
        elif kind == "perimeter":
            rows += [(f"speed-{band}", text) for band, text in enumerate(speed_bands(), 1)]
        elif kind == "access-points":
            rows.append(("access-point", _("Access point")))
        elif kind == "barriers":
            rows += [("barrier", _("Barrier")), ("proposed", _("Proposed barrier"))]
    return [{"kind": kind, "label": label} for kind, label in rows]


def words() -> dict[str, str]:
    """Return the sentences that the map's script says."""
    return {
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "fit": _("Show everything"),
        "layers": _("Layers"),
        "legend": _("Legend"),
        "opacity": _("Strength of the plan"),
        "onTheMap": _("On the map"),
        "notLoaded": _("The layer “%s” could not be loaded. Reload the page to try again."),
        "stillPicture": _(
            "This browser cannot draw the moving map (WebGL is missing); this is a still picture."
            " The tables on this page say the same as the map."
        ),
        "noPicture": _(
            "This browser cannot draw the map (WebGL is missing)."
            " The tables on this page say the same as the map."
        ),
        "drawing": _("Drawing"),
        "finish": _("Finish"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "remove": _("Remove"),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "removed": _("Removed. Undo brings it back."),
        "changed": _("Changed."),
        "grabbed": _("Held: move it with the arrow keys, Enter sets it down."),
        "vertexAdded": _("Corner %s set."),
        "place": _("%(north)s north, %(east)s east"),
        "away": _("%s metres from the last corner"),
        "editHint": _("Drag what should move. Choose something to remove it."),
        "draw_point": _("Click where it stands."),
        "draw_line": _("Click from corner to corner; a click on the last corner ends the line."),
        "draw_polygon": _("Click from corner to corner; a click on the first corner closes it."),
        "keys": _(
            "Arrow keys move the crosshair, with Shift in small steps; Enter sets a corner or takes"
            " hold of one; Backspace removes; V goes to the next corner; Escape leaves;"
            " plus and minus zoom."
        ),
    }
