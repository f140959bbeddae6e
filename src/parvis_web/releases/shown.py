"""How a release is said on pages: items, figures, findings, the state and what may follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from parvis_web.accounts.rights import Actor
from parvis_web.collecting.queries import area_names, catalogue_for
from parvis_web.collecting.shown import indicator_names
from parvis_web.releases import queries
from parvis_web.releases.choosing import OTHER_AREAS, Offer
from parvis_web.releases.content import PublicContent, PublicItem, read_content
from parvis_web.releases.figures import figure_of
from parvis_web.releases.models import FigureRelease, ReleaseItem, ReleaseState, Scope
from parvis_web.releases.rules import MOVES, Who

if TYPE_CHECKING:
    from parvis.report.figures import Embedded

LANGUAGES = ("en", "fr", "pl")
ENDINGS = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON-stat",
    "parquet": "Parquet",
    "svg": "SVG",
    "png": "PNG",
}
REASONS: Mapping[str, str | Promise] = {
    "few": _lazy("too few"),
    "rest_few": _lazy("too few others in the group"),
    "group": _lazy("all or nobody of a small group"),
    "contributors": _lazy("too few persons behind it"),
    "place": _lazy("sensitive, only for the whole city"),
    "reliability": _lazy("not reliable enough"),
    "secondary": _lazy("others could be computed from it"),
}
TONES = {
    ReleaseState.DRAFT: "",
    ReleaseState.CHECKED: "accent",
    ReleaseState.APPROVED: "accent",
    ReleaseState.EMBARGO: "warn",
    ReleaseState.RELEASED: "good",
    ReleaseState.WITHDRAWN: "bad",
    ReleaseState.SUPERSEDED: "",
}
WHO = {
    Who.DRAFTER: _lazy("owner, coordinator, or the analyst who drafted it"),
    Who.EDITOR: _lazy("owner or coordinator"),
    Who.SECOND: _lazy("owner or coordinator who did not work on it"),
}
PATH = (
    ReleaseState.DRAFT,
    ReleaseState.CHECKED,
    ReleaseState.APPROVED,
    ReleaseState.EMBARGO,
    ReleaseState.RELEASED,
)


def language_now() -> str:
    """Return the language of figures for the reader: theirs where figures speak it."""
    language = (get_language() or "en").partition("-")[0]
    return language if language in LANGUAGES else "en"


@dataclass(frozen=True)
class Piece:
    """
    A published item, ready for a page.

    Attributes
    ----------
    item : PublicItem
    chart : Embedded
    description : str
        What the indicator is.
    downloads : list of (label, address)
    embed_url : str
        Empty in previews.
    """

    item: PublicItem
    chart: "Embedded"
    description: str
    downloads: list[tuple[str, str]]
    embed_url: str = ""


def pieces(content: Mapping[str, Any], *, slug: str = "", pk: Any = None) -> list[Piece]:
    """Return the items of a release as pages show them; with files where it is public."""
    from parvis.report.figures import embedded

    read, language = read_content(content), language_now()
    found = []
    for item in read.items:
        names = item.names.get(language, item.names["en"])
        found.append(
            Piece(
                item,
                embedded(figure_of(read, item, language)),
                names["description"],
                downloads(slug, pk, item.key, language) if pk else [],
                reverse("public-figures:embed", args=[slug, pk, item.key]) if pk else "",
            )
        )
    return found


def downloads(slug: str, pk: Any, key: str, language: str) -> list[tuple[str, str]]:
    """Return the files of an item with their addresses."""
    return [
        (
            label,
            reverse("public-figures:download", args=[slug, pk, key, ending])
            + f"?language={language}",
        )
        for ending, label in ENDINGS.items()
    ]


def item_of(content: PublicContent, key: str) -> PublicItem | None:
    """Return the item of that key."""
    return next((item for item in content.items if item.key == key), None)


class Words:
    """Names of indicators, areas and layers for one page."""

    def __init__(self, actor: Actor) -> None:
        self._names = indicator_names(actor)
        self._areas = area_names(actor)
        self._layers = queries.layer_names(actor)
        self._blocks = {code: each.block for code, each in catalogue_for(actor).indicators.items()}

    def indicator(self, code: str) -> str:
        """Return what an indicator is called."""
        return self._names.get(code, code)

    def block(self, code: str) -> str:
        """Return the key of an indicator's block."""
        return self._blocks.get(code, code.partition("-")[0])

    def block_name(self, key: str) -> str:
        """Return what a block is called."""
        from parvis.packs.indicators import shipped_catalogue
        from parvis.report.dashboard_figures import translated

        found = next((each for each in shipped_catalogue().blocks if each.key == key), None)
        return key if found is None else translated(found, language_now())

    def of(self, scope: str, part: str) -> str:
        """Return of whom the figures of an item are."""
        from parvis.report.wording import Wording

        if scope == Scope.GROUPS:
            words, key = Wording(language_now()), f"dashboard.split.{part}"
            return words(key) if words.has(key) else part
        if scope == Scope.AREAS:
            if part == OTHER_AREAS:
                return _("areas")
            return self._layers.get(part, _("areas"))
        return str(Scope(scope).label)

    def cell(self, key: Sequence[str]) -> str:
        """Return what a cell is of."""
        from parvis.report.figures.makers import category_name

        code, period, area, split = key
        parts = [self.indicator(code), period, self._areas.get(area, area)]
        for word in split.split(";") if split else ():
            name, _equals, value = word.partition("=")
            parts.append(category_name(name, value, language_now()))
        return ", ".join(parts)


def shown_items(items: Sequence[ReleaseItem], words: Words) -> list[dict[str, Any]]:
    """Return the chosen items in words."""
    return [
        {
            "item": item,
            "name": words.indicator(item.indicator),
            "of": words.of(item.scope, item.part),
            "periods": _span(item.periods),
        }
        for item in items
    ]


def shown_offers(
    offers: Sequence[Offer], chosen: Sequence[str], words: Words
) -> list[dict[str, Any]]:
    """Return what can be chosen, by block and indicator."""
    blocks: dict[str, dict[str, dict[str, Any]]] = {}
    for offer in offers:
        rows = blocks.setdefault(words.block(offer.indicator), {})
        row = rows.setdefault(
            offer.indicator,
            {"code": offer.indicator, "name": words.indicator(offer.indicator), "offers": []},
        )
        row["offers"].append(
            {
                "key": offer.key,
                "of": words.of(offer.scope, offer.part),
                "is_areas": offer.scope == Scope.AREAS,
                "periods": _span(offer.proposed),
                "is_chosen": offer.key in chosen,
            }
        )
    return [
        {"key": key, "name": words.block_name(key), "rows": list(rows.values())}
        for key, rows in blocks.items()
    ]


def shown_findings(release: FigureRelease, words: Words) -> dict[str, Any]:
    """Return what the check found in words."""
    found = release.findings
    if not found:
        return {}
    hidden = [
        {
            "what": words.cell(each["key"]),
            "why": REASONS.get(each["reason"], each["reason"]),
            "is_primary": each["reason"] != "secondary",
            "low": each["low"],
            "high": each["high"],
            "is_known_earlier": each["is_known_earlier"],
        }
        for each in found["hidden"]
    ]
    return {
        **found,
        "hidden": hidden,
        "unprotected": [words.cell(key) for key in found["unprotected"]],
        "left_out": [
            {**each, "name": words.indicator(each["indicator"])} for each in found["left_out"]
        ],
        "overlaps": [words.indicator(code) for code in found["overlaps"]],
        "n_hidden": len(hidden),
        "is_fit": bool(release.digest),
    }


def path_of(release: FigureRelease) -> list[dict[str, Any]]:
    """Return the way of a release with where it stands, for the stepper."""
    state = release.state_now
    steps = [each for each in PATH if each != ReleaseState.EMBARGO or release.embargo]
    if state not in steps:
        steps = [*steps, state]
    here = steps.index(state)
    return [
        {"label": each.label, "is_done": number < here, "is_here": number == here}
        for number, each in enumerate(steps)
    ]


def table_of_moves() -> list[dict[str, Any]]:
    """Return the table of states in words."""
    return [
        {
            "label": move.label,
            "states": ", ".join(str(each.label) for each in ReleaseState if each in move.states),
            "becomes": ", ".join(str(ReleaseState(each).label) for each in move.becomes),
            "who": WHO[move.who],
        }
        for move in MOVES.values()
    ]


def _span(periods: Sequence[str]) -> str:
    if len(periods) > 1:
        return f"{periods[0]} – {periods[-1]}"
    return "".join(periods)
