"""Components and formats for templates: ``{% load ui %}``; see README.md beside the templates."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis_web.accounts.vocabulary import Marking
from parvis_web.ui import formats, navigation
from parvis_web.ui.icons import ICONS
from parvis_web.ui.maps import SPEED_BANDS_KMH, MapSettings

register = template.Library()

for _written in (
    formats.number,
    formats.speed,
    formats.speed_kmh,
    formats.metres,
    formats.millimetres,
    formats.area,
    formats.mass,
    formats.energy,
    formats.degrees,
    formats.percent,
    formats.money,
    formats.day,
    formats.moment,
    formats.ago,
    formats.file_size,
):
    register.filter(_written.__name__, _written)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; decorative unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            ICONS[name],
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def marking(value: str) -> SafeString:
    """Show a Traffic Light Protocol label."""
    label = Marking(value)
    kind = label.value.lower().replace("+", "-")
    return format_html('<span class="marking marking-{}">{}</span>', kind, label.label)


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    """Show a state: kind is empty, good, warn, bad or accent."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{kind}" if kind else "", text)


@register.simple_tag
def grade(letter: str) -> SafeString:
    """Show a data grade with what it means."""
    words = {
        "A": _("Surveyed on site"),
        "B": _("Municipal data"),
        "C": _("OpenStreetMap: screening only"),
    }
    return format_html(
        '<span class="grade grade-{}"><b>{}</b> {}</span>',
        letter.lower(),
        letter,
        words[letter.upper()],
    )


def speed_band(kmh: float) -> int:
    """Return the band 1 to 5 of a speed in km/h."""
    return 1 + sum(kmh > end for end in SPEED_BANDS_KMH)


@register.simple_tag
def speed_chip(kmh: float | None) -> SafeString:
    """Show a speed in km/h beside the colour it has on the map."""
    band = "" if kmh is None else f" speed-{speed_band(kmh)}"
    return format_html('<span class="speed-chip{}">{}</span>', band, formats.speed_kmh(kmh))


@register.inclusion_tag("ui/figure.html")
def figure(
    label: str, value: str, unit: str = "", note: str = "", kind: str = ""
) -> dict[str, Any]:
    """Show one figure large, with unit and note (range, grade, source)."""
    return {"label": label, "value": value, "unit": unit, "note": note, "kind": kind}


@register.inclusion_tag("ui/button.html")
def button(
    text: str,
    *,
    href: str = "",
    kind: str = "",
    icon: str = "",
    size: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """Show a link (with `href`) or a submit button; kind is primary, danger or quiet."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    if not href:
        named.setdefault("type", "submit")
    return {
        "text": text, "href": href, "kind": kind, "icon": icon, "size": size, "attributes": named,
    }  # fmt: skip


@register.inclusion_tag("ui/progress.html")
def progress(label: str, value: float | None = None, note: str = "") -> dict[str, Any]:
    """Show a bar for a share in [0, 1]; without a value it only says that something is going on."""
    percent = None if value is None else round(100 * value)
    return {"label": label, "percent": percent, "note": note}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Show the pages of a list; other query parameters are kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"number": number, "query": _query(context, page=number), "is_gap": number == "…"}
        for number in map(str, numbers)
    ]
    return {
        "page": page,
        "links": links,
        "previous": _query(context, page=page.number - 1),
        "next": _query(context, page=page.number + 1),
    }


@register.inclusion_tag("ui/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, key: str, css: str = "") -> dict[str, Any]:
    """Show a table header that sorts by ``?sort=key`` and ``?sort=-key``."""
    current = context["request"].GET.get("sort", "")
    is_up, is_down = current == key, current == f"-{key}"
    return {
        "label": label,
        "css": css,
        "direction": "ascending" if is_up else "descending" if is_down else "",
        "query": _query(context, sort=f"-{key}" if is_up else key, page=None),
    }


def _query(context: Context, **changes: Any) -> str:
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return query.urlencode()


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def section_navigation(context: Context) -> dict[str, Any]:
    """Show the sections of the authority that the person finds."""
    request = context["request"]
    actor = context["actor"]
    match = getattr(request, "resolver_match", None)
    current = match.app_name if match else ""
    return {
        "work": navigation.entries(navigation.WORK, actor, current),
        "administration": navigation.entries(navigation.ADMINISTRATION, actor, current),
    }


@register.simple_tag
def input_kind(field: BoundField) -> str:
    """Return the kind of widget a field's template draws: check, choices, file, hidden or none."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind == "checkbox" and not field.use_fieldset:
        return "check"
    if field.use_fieldset:
        return "choices"
    return kind if kind in {"file", "hidden"} else ""


@register.simple_tag
def map_assets() -> SafeString:
    """Tell the scripts where the map library and its worker lie."""
    assets = {
        "map": static("parvis/map.js"),
        "mapStyle": static("parvis/map-style.css"),
        "worker": static("parvis/map-worker.js"),
    }
    return json_script(assets, "parvis-assets")


@register.simple_tag
def parvis_map(settings: MapSettings, name: str = "map") -> SafeString:
    """Place a map; where scripts do not run its still picture stands there."""
    picture = (
        format_html(
            '<noscript><img class="map-picture" src="{}" alt="{}"></noscript>',
            settings.picture,
            settings.label,
        )
        if settings.picture
        else ""
    )
    return format_html(
        '<parvis-map id="{}" role="group" aria-label="{}" data-settings="{}">{}</parvis-map>',
        name,
        settings.label,
        json.dumps(settings.to_dict(), ensure_ascii=False),
        picture,
    )


@register.simple_tag
def map_data(overlay: str, geojson: Mapping[str, Any]) -> SafeString:
    """Bring new data for a layer of the page's map along with a fragment."""
    return format_html(
        '<div hidden data-overlay="{}" data-geojson="{}"></div>',
        overlay,
        json.dumps(geojson, ensure_ascii=False),
    )


def _block(html: str, content: str, **parts: Any) -> SafeString:
    return format_html(html, content=content, **parts)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Set a message apart: kind is info, good, warn or bad."""
    icons = {"info": "info", "good": "check-circle", "warn": "alert", "bad": "circle-alert"}
    heading = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return _block(
        '<div class="notice notice-{kind}">{icon}<div>{heading}{content}</div></div>',
        content,
        kind=kind,
        icon=icon(icons[kind]),
        heading=heading,
    )


@register.simple_block_tag
def panel(content: str, title: str = "", level: int = 2, heading_id: str = "") -> SafeString:
    """Frame a part of a page; an empty title leaves the heading out."""
    identity = format_html(' id="{}"', heading_id) if heading_id else ""
    heading = (
        format_html("<header><h{}{}>{}</h{}></header>", level, identity, title, level)
        if title
        else ""
    )
    return _block(
        '<section class="panel">{heading}<div class="panel-body">{content}</div></section>',
        content,
        heading=heading,
    )


@register.simple_block_tag
def empty_state(content: str, title: str, icon_name: str = "info", level: int = 2) -> SafeString:
    """Say that there is nothing yet and what to do next."""
    return _block(
        '<div class="empty">{icon}<h{level}>{title}</h{level}>{content}</div>',
        content,
        icon=icon(icon_name),
        title=title,
        level=level,
    )


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """Hold content in a dialog that ``data-opens="name"`` opens."""
    return _block(
        '<dialog id="{name}" aria-labelledby="{name}-title"><header><h2 id="{name}-title">{title}'
        '</h2><button type="button" class="button button-quiet button-icon" data-closes '
        'aria-label="{close}">{icon}</button></header>'
        '<div class="dialog-body">{content}</div></dialog>',
        content,
        name=name,
        title=title,
        close=conditional_escape(_("Close")),
        icon=icon("close"),
    )
