"""What the streets of a fictional town are called: names of our own invention."""

import numpy as np

TOWN_NAME = "Tessenmark"
RIVER_NAME = "Tesse"

# fmt: off
_FIRST = (
    "Saddlers", "Chandlers", "Coopers", "Glovers", "Potters", "Dyers", "Ropers", "Bakers",
    "Fullers", "Thatchers", "Joiners", "Brewers", "Linen", "Copper", "Pewter", "Amber",
    "Salt", "Honey", "Barley", "Candle", "Lantern", "Bell", "Anchor", "Ferry",
    "Heron", "Otter", "Swan", "Stork", "Finch", "Magpie", "Linden", "Alder",
    "Hazel", "Rowan", "Walnut", "Medlar", "Quince", "Poplar", "Willow", "Orchard",
    "Meadow", "Kiln", "Quarry", "Granary", "Windmill", "Smithy", "Cellar", "Cloister",
    "Almoner", "Pilgrim", "Harper", "Fiddler", "Clockmaker", "Printer", "Mapmaker", "Astronomer",
    "Gardener", "Shepherd", "Falconer", "Carter", "Waggoner",
)
# fmt: on
_BEFORE = ("", "Upper", "Lower", "Little", "Old", "New", "Long", "Short", "East", "West", "Far")


class StreetNames:
    """
    An endless supply of distinct street names in a drawn order.

    Parameters
    ----------
    rng : numpy.random.Generator
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._order = rng.permutation(len(_FIRST))
        self._count = 0

    def next(self, kind: str) -> str:
        """Return a new name that ends in `kind`, e.g. ``"Lane"``."""
        round_, index = divmod(self._count, len(_FIRST))
        self._count += 1
        again, before = divmod(round_, len(_BEFORE))
        words = [_BEFORE[before], _FIRST[self._order[index]], kind]
        if again:
            words.append(str(again + 1))
        return " ".join(word for word in words if word)
