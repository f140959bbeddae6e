"""What do national lists of offences say about the kinds of incidents in a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.rights import Actor
from parvis_web.collecting import queries
from parvis_web.ui.errors import active_language

CONFIDENCE = {"high": _("high"), "medium": _("medium"), "low": _("low")}


@dataclass(frozen=True)
class Suggestion:
    """A kind of incident, its international class, and the indicator that counts this class."""

    kind: str
    iccs: str
    indicator: str
    source: str
    confidence: Any
    is_verified: bool
    note: str


@dataclass(frozen=True)
class Suggestions:
    """What a national list says of the kinds in a file, and which of them it leaves open."""

    key: str
    name: str
    edition: str
    source: str
    confidence: Any
    rows: tuple[Suggestion, ...]
    unmatched: tuple[tuple[str, str], ...]

    @property
    def by_kind(self) -> dict[str, str]:
        """Suggested indicators by kind."""
        return {row.kind: row.indicator for row in self.rows if row.indicator}


def offence_lists() -> list[tuple[str, str]]:
    """Return the keys and names of the lists that ship with Parvis."""
    from parvis.packs.offences import offence_codes

    return [(known.key, _in_language(known)) for known in offence_codes().entries]


def suggestions(
    actor: Actor, key: str, kinds: Iterable[str], counted: Mapping[str, str]
) -> Suggestions | None:
    """Return what the list of that key says of the kinds; None where there is no such list."""
    from parvis.packs.offences import offence_codes, offence_list

    known = offence_list(key)
    if known is None:
        return None
    evidence = offence_codes().evidence
    by_word = {word.casefold(): code for code in known.codes for word in (code.local, *code.names)}
    indicators = queries.catalogue_for(actor).indicators
    rows, unmatched = [], []
    for kind in kinds:
        code = by_word.get(kind.casefold())
        if code is None or code.iccs is None:
            unmatched.append((kind, code.note if code else ""))
            continue
        said = evidence[code.evidence or known.evidence]
        fitting = [
            each
            for each in counted
            if any(code.iccs.startswith(asked) for asked in indicators[each].icc)
        ]
        rows.append(
            Suggestion(
                kind,
                code.iccs,
                fitting[0] if len(fitting) == 1 else "",
                said.source,
                CONFIDENCE[str(said.confidence)],
                said.verified,
                code.note,
            )
        )
    whole = evidence[known.evidence]
    return Suggestions(
        known.key,
        _in_language(known),
        known.edition,
        whole.source,
        CONFIDENCE[str(whole.confidence)],
        tuple(rows),
        tuple(unmatched),
    )


def _in_language(named: Any) -> str:
    return str(named.i18n.get(active_language(), {}).get("name", named.name))
