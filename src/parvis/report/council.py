"""What stands in the council paper: facts and questions, nothing computed about weaknesses."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parvis import __version__
from parvis.approach.results import ApproachResult
from parvis.closure.results import CostRange
from parvis.report.closure_council import CENTS, PERMANENCE, YARDSTICKS, PublicOptions
from parvis.report.closure_speech import range_text
from parvis.report.layout_data import data_date, frame, space_title
from parvis.report.phase_speech import PhaseOfEvent, council_event
from parvis.report.wording import Wording


def council_data(
    result: ApproachResult,
    language: str = "en",
    options: PublicOptions | None = None,
    event: PhaseOfEvent | None = None,
    overrides: Path | None = None,
) -> dict[str, Any]:
    """
    Return the data of the template ``council.typ``.

    Parameters
    ----------
    result : ApproachResult
        Read for name, kind, area and the data's date alone: two results of one place that differ
        in anything else give the same paper.
    language : {"en", "fr", "pl"}
    options : PublicOptions, optional
        Of a closure plan; without them the paper says that none are worked out yet.
    event : PhaseOfEvent, optional
        Where the paper is about a phase of an event; only its `council_event` is used.
    overrides : Path, optional
        Folder with a city's own texts, see `Wording`. Machine translations among them that nobody
        has reviewed are owned to on every page.
    """
    wording = Wording(language, overrides)
    space = space_title(result, wording)
    t = wording.tree("council", space=space)
    if wording.has("unreviewed"):
        t = {**t, "marking": f"{t['marking']} · {t['machine_translation']}"}
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
        "event": None if event is None else council_event(event, wording),
        "options": None if options is None else _options(options, t, wording),
    }


def _options(options: PublicOptions, t: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    texts = t["sections"]["options"]["worked_out"]
    rows = [
        [texts["kinds"][key]["name"], texts["kinds"][key]["what"], _cost(options, key, wording)]
        for key in PERMANENCE
    ]
    yardsticks = t["sections"]["options"]["rows"]
    answers = [texts["answers"][options.answers[key]] for key in YARDSTICKS]
    if options.egress_kept is not None:
        kept = wording("council.sections.options.worked_out.egress_kept", share=options.egress_kept)
        place = list(YARDSTICKS).index("leaving")
        answers[place] = f"{answers[place]} {kept}"
    return {
        "costs": rows,
        "yardsticks": [[*row, said] for row, said in zip(yardsticks, answers, strict=True)],
    }


def _cost(options: PublicOptions, key: str, wording: Wording) -> str:
    cost = options.costs[key]
    if cost is None:
        return wording("council.sections.options.worked_out.no_cost")
    low, high, currency = cost
    return range_text(CostRange(low * CENTS, high * CENTS, currency, False), wording)
