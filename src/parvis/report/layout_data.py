"""What both documents tell the typesetter first: title, language, date, texts."""

from collections.abc import Mapping
from typing import Any

from parvis import __version__
from parvis.approach.results import ApproachResult
from parvis.report.basemap import shortened
from parvis.report.wording import Wording

REGIONS = {"en": "GB", "fr": "FR", "pl": "PL"}
EPOCH = "1970-01-01T00:00:00+00:00"


def space_title(result: ApproachResult, wording: Wording) -> str:
    """Return the name of the place, or kind and id where it has none."""
    return result.space_name or f"{wording.space_kind(result.space_kind)} {result.space_id}"


def data_date(result: ApproachResult) -> str:
    """Return the date of the map data as ISO text, a dash where nobody knows it."""
    source = result.provenance.get("source")
    known = source.get("date") if isinstance(source, Mapping) else None
    return str(known or "–")


def frame(
    result: ApproachResult, wording: Wording, t: Mapping[str, Any], *, space: str
) -> dict[str, Any]:
    """Return the data that both templates read."""
    moment = str(result.provenance.get("created", EPOCH))
    return {
        "t": t,
        "title": t["title"],
        "title_size": 20 if len(t["title"]) <= 60 else 16,
        "description": t["how_to_read"],
        "author": f"Parvis {__version__}",
        "lang": wording.language,
        "region": REGIONS.get(wording.language),
        "space": space,
        "space_short": shortened(space, 60),
        "created": moment,
        "date": wording.date(moment),
    }
