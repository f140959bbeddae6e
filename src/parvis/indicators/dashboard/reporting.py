"""How much of what is recorded is reported at all: recorded crime is never shown without it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from parvis.indicators.dashboard.model import Card, Dashboard, Point

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator
    from parvis.packs.theme_models import Themes


def is_recorded(indicator: "Indicator") -> bool:
    """Return whether an indicator counts crime as the police recorded it."""
    return bool(indicator.icc) or (indicator.block == "SEC" and "register" in indicator.sources)


def reporting_of(found: Dashboard, themes: "Themes") -> dict[str, Point | None]:
    """
    Return the share of victims who reported, beside each indicator of recorded crime.

    Parameters
    ----------
    found : Dashboard
    themes : Themes
        Says which indicator tells it of which.

    Returns
    -------
    dict from code to Point or None
        None where it is not known, which has to be said.
    """
    rates: Mapping[str, str] = {code: each.rate for each in themes.reporting for code in each.of}

    def rate(card: Card) -> Point | None:
        told = found.by_code.get(rates.get(card.code, ""))
        return None if told is None or told.is_missing else told.latest

    return {card.code: rate(card) for card in found.cards() if is_recorded(card.indicator)}
