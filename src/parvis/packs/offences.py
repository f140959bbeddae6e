"""Which national lists of offences ship with Parvis."""

from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack

if TYPE_CHECKING:
    from parvis.packs.offence_models import OffenceCodes, OffenceList


def offence_codes() -> "OffenceCodes":
    """Return the pack of national lists of offences."""
    return cast("OffenceCodes", load_pack("offence-codes"))


def offence_list(key: str) -> "OffenceList | None":
    """
    Return a national list of offences, None where there is none of that key.

    Examples
    --------
    >>> offence_list("police-uk").country
    'GB'
    """
    return next((known for known in offence_codes().entries if known.key == key), None)
