"""Which fields may become public, one by one, and what may not stand in them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from parvis_web.audit.chain import canonical


class MeasureKind(models.TextChoices):
    """What kind of thing is done; a kind and never a product."""

    PERMANENT = "permanent", _("permanent barriers")
    REMOVABLE = "removable", _("barriers that can be taken away")
    TEMPORARY = "temporary", _("barriers during events")
    STREET = "street", _("change of the street")
    GREENERY = "greenery", _("trees, planting, seating")
    LIGHTING = "lighting", _("lighting")
    PEOPLE = "people", _("people on site")
    ORGANISATION = "organisation", _("organisation and exercises")


class MeasureStatus(models.TextChoices):
    """How far a measure is."""

    CONSIDERED = "considered", _("being considered")
    DECIDED = "decided", _("decided")
    BUILT = "built", _("built")


class PublicTextError(ValidationError):
    """A text for the public says what the public page does not say."""


_PLACE_WORDS = re.compile(
    r"\d|\b(north|south|east|west|left|right|nord|sud|est|ouest|gauche|droite"
    r"|północ\w*|południ\w*|wsch\w*|zach\w*|lew\w*|praw\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PublicMeasure:
    """One measure: its kind, what it is for, how far it is, why it was chosen."""

    kind: str
    status: str
    purpose: str
    reason: str = ""


@dataclass(frozen=True)
class PublicContent:
    """
    All that the public page says of a space.

    Attributes
    ----------
    title, place_kind, summary : str
    measures : tuple of PublicMeasure
    stays_open : str
        What remains possible for people on foot, on wheels, with deliveries.
    decided_on : str
        ISO date, or empty.
    """

    title: str
    place_kind: str = ""
    summary: str = ""
    measures: tuple[PublicMeasure, ...] = field(default=())
    stays_open: str = ""
    decided_on: str = ""


FIELDS = tuple(item.name for item in fields(PublicContent))
MEASURE_FIELDS = tuple(item.name for item in fields(PublicMeasure))


def read_content(values: Mapping[str, Any]) -> PublicContent:
    """
    Return the content of `values`; fields that are not on the list are refused.

    Raises
    ------
    PublicTextError
        Where a field is unknown, or a measure that is not built yet says a number or a side.
    """
    _refuse_unknown(values, FIELDS)
    measures = []
    for row, measure in enumerate(values.get("measures", ()), start=1):
        _refuse_unknown(measure, MEASURE_FIELDS)
        read = PublicMeasure(**measure)
        if read.kind not in MeasureKind.values or read.status not in MeasureStatus.values:
            raise PublicTextError(
                _say("Measure %(row)d has a kind or a state that is not on the list.")
                % {"row": row}
            )
        if read.status != MeasureStatus.BUILT:
            for text in (read.purpose, read.reason):
                if found := _PLACE_WORDS.search(text):
                    raise PublicTextError(
                        _say(
                            "Measure %(row)d is not built yet and says “%(word)s”: until it is "
                            "built, the public reads its kind and purpose, no number and no side."
                        )
                        % {"row": row, "word": found.group()}
                    )
        measures.append(read)
    return PublicContent(**{**values, "measures": tuple(measures)})


def _refuse_unknown(values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in sorted(set(values) - set(known)):
        raise PublicTextError(
            _say("The field “%(name)s” is not on the list of what may be public.") % {"name": name}
        )


def as_facts(content: PublicContent) -> dict[str, Any]:
    """Return `content` as JSON keeps it."""
    facts = asdict(content)
    facts["measures"] = [dict(measure) for measure in facts["measures"]]
    return facts


def content_digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of one spelling of the content: what is approved is what is published."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
