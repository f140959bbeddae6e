"""Which figures stand on which page, and under which names are they downloaded?"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from parvis_web.dashboard.queries import Shown, peers_of
from parvis_web.ui.errors import active_language

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Peers, Sphere
    from parvis.report.dashboard_figures import DashboardFigures
    from parvis.report.figures import Figure

ENDINGS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
LABELS = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON-stat",
    "parquet": "Parquet",
    "svg": "SVG",
    "png": "PNG",
}


def figures_of(shown: Shown) -> "DashboardFigures":
    """Return what makes the figures of a dashboard in the active language."""
    from parvis.report.dashboard_figures import REPORTED, DashboardFigures
    from parvis.report.wording import catalogued

    reporting = None if shown.is_empty else shown.found.by_code.get(REPORTED)
    return DashboardFigures(shown.catalogue, catalogued(active_language()), reporting=reporting)


def trend(shown: Shown, card: "Card") -> "Figure | None":
    """Return how an indicator went."""
    return figures_of(shown).trend(card)


def groups(shown: Shown, card: "Card") -> "Figure | None":
    """Return who feels what."""
    from parvis.indicators.dashboard import by_group

    found = by_group(shown.table, shown.catalogue, card.code, area=shown.area, period=shown.period)
    return figures_of(shown).groups(card, found)


def areas(shown: Shown, card: "Card") -> "Figure | None":
    """Return an indicator by area, in the areas of the map where there are such."""
    from parvis.indicators.dashboard import by_area

    names = shown.areas
    drawn = {code: name for code, name in names.items() if code in shown.shapes}
    whole = shown if shown.area == shown.city else None
    period = card.latest.period if card.latest else shown.period
    values = by_area(
        shown.table,
        shown.catalogue,
        card.code,
        city=shown.city,
        period=period,
        names=drawn or names,
    )
    if whole is None:
        return None
    return figures_of(shown).areas(card, values, shown.shapes, city=shown.area_name, period=period)


def pair(shown: Shown, block: "Block") -> "Figure | None":
    """Return the scores of a block's themes."""
    return figures_of(shown).pair(block, shown.found)


def moved(shown: Shown, block: "Block", sphere: "Sphere") -> "Figure | None":
    """Return what moved the score of a block's half."""
    from parvis.indicators.dashboard import moved as moved_by

    said = moved_by(shown.found, block.key, sphere)
    return figures_of(shown).moved(block, said, shown.found)


def share(shown: Shown) -> "Figure":
    """Return how much of each block there is a value for."""
    return figures_of(shown).share(shown.found)


def compared(shown: Shown, card: "Card", *, is_anonymous: bool) -> "Peers":
    """Return an indicator beside other cities' values."""
    from parvis.indicators.dashboard import Peer, Point
    from parvis.indicators.dashboard import peers as beside
    from parvis.indicators.dashboard.figures_of import estimated
    from parvis.indicators.values import Observation, observations_of

    others = []
    for row in peers_of(shown.actor):
        said = next((each for each in row.values if each["indicator"] == card.code), None)
        if said is None:
            continue
        observation = observations_of([Observation(**said)])[0]
        point = Point(observation.period, estimated(observation, card.indicator), observation)
        others.append(Peer(str(row.pk), row.name, point, row.may_name, row.may_group))
    return beside(
        card.latest if shown.area == shown.city else None,
        others,
        indicator=card.indicator,
        is_anonymous=is_anonymous,
    )


def peers(shown: Shown, card: "Card", *, is_anonymous: bool) -> "Figure | None":
    """Return an indicator beside other cities' values as a figure."""
    return figures_of(shown).peers(card, compared(shown, card, is_anonymous=is_anonymous))


def named(shown: Shown, name: str) -> "Figure":
    """
    Return the figure of a name, as addresses of downloads have it.

    Raises
    ------
    django.http.Http404
    """
    key, _dash, what = name.rpartition("_")
    figure = _made(shown, key, what) if not shown.is_empty else None
    if figure is None:
        raise Http404
    return figure


def _made(shown: Shown, key: str, what: str) -> "Figure | None":
    of_cards: dict[str, Callable[[Shown, Card], Figure | None]] = {
        "trend": trend,
        "groups": groups,
        "areas": areas,
        "named": lambda all_, card: peers(all_, card, is_anonymous=False),
        "group": lambda all_, card: peers(all_, card, is_anonymous=True),
    }
    if what in of_cards:
        return of_cards[what](shown, shown.card(key))
    if what == "pair":
        return pair(shown, shown.block(key))
    if what == "objective":
        return moved(shown, shown.block(key), "objective")
    if what == "perceived":
        return moved(shown, shown.block(key), "perceived")
    return share(shown) if (key, what) == ("all", "share") else None


def downloads(shown: Shown, name: str) -> list[tuple[str, str]]:
    """Return label and address of every file of a figure."""
    query = f"?{urlencode(shown.asked.query)}" if shown.asked.query else ""
    slug = shown.actor.authority.slug
    return [
        (label, reverse("dashboard:figure", args=[slug, name, ending]) + query)
        for ending, label in LABELS.items()
    ]


def file_of(figure: "Figure", ending: str) -> HttpResponse:
    """Return a figure as a file."""
    from parvis.report.figures import to_png, to_svg
    from parvis.report.figures.exports import to_csv, to_json_stat, to_parquet, to_xlsx

    making: dict[str, Callable[[Figure], str | bytes]] = {
        "csv": to_csv,
        "xlsx": to_xlsx,
        "json": to_json_stat,
        "parquet": to_parquet,
        "svg": to_svg,
        "png": to_png,
    }
    response = HttpResponse(making[ending](figure), content_type=ENDINGS[ending])
    response["Content-Disposition"] = f'attachment; filename="{figure.key}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
