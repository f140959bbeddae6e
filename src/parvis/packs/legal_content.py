"""Which provisions may an authority name where it withholds a document."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack

if TYPE_CHECKING:
    from parvis.packs.legal_models import LegalBases


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """
    A provision that may let an authority withhold documents about security.

    Attributes
    ----------
    key : str
    citation : str
        Act and section, in the language of the law.
    allows : str
        What it lets withhold, in the language asked for where the pack has it.
    url : str
        Where the law can be read.
    is_verified : bool
        Whether the citation was read in the original; otherwise it is a suggestion to check.
    """

    key: str
    citation: str
    allows: str
    url: str
    is_verified: bool


@cache
def legal_bases(country: str, language: str = "en") -> tuple[LegalBasis, ...]:
    """
    Return the provisions of a country, then those of the Union where it is a member.

    Parameters
    ----------
    country : str
        Two letters; any others have no provisions.
    language : str
        Two letters.

    Examples
    --------
    >>> [basis.is_verified for basis in legal_bases("FR")][:1]
    [False]
    >>> legal_bases("ZZ")
    ()
    """
    from parvis.packs.legal_models import UNION

    pack = cast("LegalBases", load_pack("legal-bases"))
    code = country.upper()
    wanted = [code, UNION] if code in pack.eu_members else [code]
    return tuple(
        LegalBasis(
            key=entry.key,
            citation=entry.name,
            allows=entry.i18n.get(language, {}).get("description", entry.description),
            url=entry.url,
            is_verified=pack.evidence[entry.evidence].verified,
        )
        for place in wanted
        for entry in pack.entries
        if entry.country == place
    )
