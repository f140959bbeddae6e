"""What does a person take to the place to measure: a numbered plan with boxes to fill in."""

import math
from typing import Any

from parvis.approach.results import ApproachResult, UncertainInput
from parvis.city.model import City
from parvis.report.documents import compile_document
from parvis.report.layout_data import frame, space_title
from parvis.report.maps import measuring_plan
from parvis.report.wording import Wording


def survey_plan(result: ApproachResult, city: City, language: str = "en") -> bytes:
    """
    Return the survey sheet as PDF/UA-1: plan, then a row of boxes for each place.

    Parameters
    ----------
    result : ApproachResult
        Its `inputs` are what to measure, numbered M1, M2, … as in the annex.
    city : City
        For the plan.
    language : {"en", "fr", "pl"}
    """
    wording = Wording(language)
    space = space_title(result, wording)
    count = len(result.inputs)
    texts = wording.tree("survey", space=space, count=count)
    data: dict[str, Any] = frame(result, wording, texts, space=space) | {
        "figure_alt": wording("survey.figure_alt", space=space, count=count),
        "run": str(result.provenance.get("run_id", ""))[:12],
        "rows": [
            _row(number, entry, wording) for number, entry in enumerate(result.inputs, start=1)
        ],
    }
    pictures = {"measure.svg": measuring_plan(city, result, language)}
    return compile_document("survey.typ", data, pictures)


def survey_words(language: str) -> dict[str, dict[str, str]]:
    """Return the words of the workbook: ``what`` by input, ``columns`` by name, ``sheet``."""
    tree = Wording(language).tree("survey")
    return {name: dict(tree[name]) for name in ("what", "columns", "sheet")}


def _row(number: int, entry: UncertainInput, wording: Wording) -> dict[str, Any]:
    """One place: what a person measures there and what the data say now."""
    what = f"survey.what.{entry.what}"
    label = wording.obstacle_kind(entry.label) if entry.label else wording("survey.unnamed")
    used = wording("survey.unknown")
    if math.isfinite(entry.value):
        used = f"{wording.number(entry.value, 1)} m"
    return {
        "number": f"M{number}",
        "what": wording(what) if wording.has(what) else entry.what,
        "where": label,
        "used": used,
        "grade": str(entry.grade),
        "points": ", ".join(str(point) for point in entry.access_points),
        "is_length": entry.what in ("clear_width", "street_width"),
        "is_obstacle": entry.what == "obstacle",
    }
