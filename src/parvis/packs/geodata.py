"""By which distances and kinds are indicators computed from geodata: shipped, or a city's own."""

from functools import cache
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack, validated

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Geodata


@cache
def shipped_geodata() -> "Geodata":
    """
    Return the definitions that ship with Parvis.

    Examples
    --------
    >>> shipped_geodata().open_space.within.value
    400.0
    """
    return cast("Geodata", load_pack("geodata"))


def read_geodata(text: str, *, name: str) -> "Geodata":
    """
    Read definitions from the content of their file.

    Parameters
    ----------
    text : str
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or breaks the rules of the pack; names every line and key.
    """
    from parvis.packs.geodata_models import Geodata

    return validated(text, Geodata, name)
