"""Which themes hold: the shipped ones, or an authority's own."""

from functools import cache
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack, validated

if TYPE_CHECKING:
    from parvis.packs.theme_models import Themes


@cache
def shipped_themes() -> "Themes":
    """
    Return the themes that ship with Parvis.

    Examples
    --------
    >>> shipped_themes().home_of["SEC-06"].name
    'Burglary'
    """
    return cast("Themes", load_pack("themes"))


def read_themes(text: str, *, name: str) -> "Themes":
    """
    Read themes from the content of their file.

    Parameters
    ----------
    text : str
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or breaks the rules of themes; names every line and key.
    """
    from parvis.packs.theme_models import Themes

    return validated(text, Themes, name)
