"""Where the files of an analysis or a closure plan lie, and what pages read from them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from parvis.approach.results import ApproachResult
from parvis.closure.results import ClosureResult
from parvis.closure.stock import StockPlan
from parvis.io.kept_results import KeptResultError, kept_result
from parvis.report.wording import LANGUAGES
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.config.data import run_folder

RESULT, SUPPLY = "result.zip", "supply.zip"


def folder_of(item: Analysis | ClosurePlan) -> Path:
    """Return the folder of the files of `item`."""
    return run_folder(item.authority_id, item.run_id)


def report_language() -> str:
    """Return the reader's language where the library speaks it, else English."""
    language = (get_language() or "").split("-")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def document(item: Analysis | ClosurePlan) -> dict[str, Any]:
    """
    Return the result as plain data with sentences in the reader's language.

    Raises
    ------
    KeptResultError
    """
    return dict(_json(item, "document"))


def texts(analysis: Analysis) -> dict[str, Any]:
    """Return the sentences and tables of the restricted annex, which the page shows too."""
    return dict(_json(analysis, "annex"))


def overlay(item: Analysis | ClosurePlan, layers: Sequence[str] = ()) -> bytes:
    """Return what the map shows of `item` as GeoJSON; some layers alone where they are named."""
    if not layers:
        return _bytes(item, "overlay.json")
    whole = _json(item, "overlay")
    chosen = [one for one in whole["features"] if one["properties"]["layer"] in layers]
    return json.dumps(whole | {"features": chosen}, ensure_ascii=False).encode()


def picture(item: Analysis | ClosurePlan, name: str) -> bytes:
    """Return a picture of `item`: ``map`` or ``profile``; SVG."""
    return _bytes(item, f"{name}.svg")


def supply(plan: ClosurePlan) -> StockPlan | None:
    """Return what can really be had for a plan, None where nothing limited it."""
    path = folder_of(plan) / SUPPLY
    return kept_result(path, StockPlan) if path.is_file() else None


def result_of(analysis: Analysis, *, with_speed_maps: bool = False) -> ApproachResult:
    """Return the whole result of an analysis as the library made it."""
    without = () if with_speed_maps else ("speed_maps",)
    return kept_result(folder_of(analysis) / RESULT, ApproachResult, without=without)


def closure_of(plan: ClosurePlan) -> ClosureResult:
    """Return the whole closure plan as the library made it."""
    return kept_result(folder_of(plan) / RESULT, ClosureResult)


def _json(item: Analysis | ClosurePlan, name: str) -> Any:
    content = _bytes(item, f"{name}.json")
    try:
        return json.loads(content)
    except ValueError as problem:
        raise KeptResultError(file=name) from problem


def _bytes(item: Analysis | ClosurePlan, name: str) -> bytes:
    """Return a file in the reader's language; in English where it was kept before there was one."""
    stem, _, ending = name.partition(".")
    folder = folder_of(item)
    path = folder / f"{stem}.{report_language()}.{ending}"
    try:
        return (path if path.is_file() else folder / f"{stem}.en.{ending}").read_bytes()
    except OSError as problem:
        raise KeptResultError(file=name) from problem
