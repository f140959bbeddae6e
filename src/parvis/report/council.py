"""What stands in the council paper: facts and questions, nothing computed about weaknesses."""

from typing import Any

from parvis import __version__
from parvis.approach.results import ApproachResult
from parvis.report.layout_data import data_date, frame, space_title
from parvis.report.wording import Wording


def council_data(result: ApproachResult, language: str = "en") -> dict[str, Any]:
    """
    Return the data of the template ``council.typ``.

    Parameters
    ----------
    result : ApproachResult
        Read for name, kind, area and the data's date alone: two results of one place that differ
        in anything else give the same paper.
    language : {"en", "fr"}
    """
    wording = Wording(language)
    space = space_title(result, wording)
    t = wording.tree("council", space=space)
    rows = t["sections"]["looked_at"]["rows"]
    facts = [
        [rows["name"], space],
        [rows["kind"], wording.space_kind(result.space_kind)],
        [rows["area"], f"{wording.number(result.area)} m²"],
        [rows["data"], t["sections"]["looked_at"]["map_data"]],
        [rows["data_date"], wording.date(data_date(result))],
        [rows["made_with"], f"Parvis {__version__}"],
    ]
    return frame(result, wording, t, space=space) | {
        "alt": t["sections"]["looked_at"]["figure_alt"],
        "facts_head": [wording("what"), wording("fact")],
        "facts": facts,
    }
