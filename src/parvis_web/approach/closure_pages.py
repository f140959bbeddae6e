"""What the page of a closure plan shows: lines, what is laid out, what it does to the place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parvis.report.closure_speech import code_text
from parvis.report.closure_terminal import side_by_side
from parvis.report.speech import rating_text
from parvis.report.wording import Wording
from parvis_web.approach import kept
from parvis_web.approach.models import ClosurePlan


@dataclass(frozen=True)
class ClosureLine:
    """One line of the plan told first."""

    document: Mapping[str, Any]
    option: Mapping[str, Any] | None
    vehicle: str
    required: str
    open_to: list[str]
    kind: str
    permanence: str

    @property
    def number(self) -> int:
        """Its number, as on the map."""
        return int(self.document["id"])

    @property
    def speed(self) -> int | None:
        """What the governing class is told to arrive with. [km/h]"""
        for entry in self.document["classes"]:
            if entry["vehicle"] == self.document["vehicle"]:
                said = entry["said_speed_kmh"]
                return None if said is None else int(said)
        return None

    @property
    def n_elements(self) -> int:
        """How many elements stand on it."""
        return len(self.document["elements"])

    @property
    def greatest_gap(self) -> float | None:
        """Widest clear gap between faces. [m]"""
        gaps = [gap for gap in self.document["clear_gaps_m"] if gap is not None]
        return max(gaps, default=None)


@dataclass(frozen=True)
class ClosurePage:
    """Everything the page of one closure plan shows."""

    document: Mapping[str, Any]
    first: Mapping[str, Any] | None
    lines: list[ClosureLine]
    head: list[str]
    rows: list[list[str]]
    still_reached: list[str]
    risks: list[Mapping[str, Any]]
    supply: list[str]


def closure_page(item: ClosurePlan) -> ClosurePage:
    """
    Return what the page of a finished closure plan shows.

    Raises
    ------
    parvis.io.kept_results.KeptResultError
        Where the files of the run are gone.
    """
    document = kept.document(item)
    language = kept.report_language()
    wording = Wording(language)
    result = kept.closure_of(item)
    head, rows = side_by_side(result, wording) if result.plans else ([], [])
    first = document["plans"][0] if document["plans"] else None
    lines = []
    if first is not None:
        lines = [
            _line(told, found.line.classes, wording)
            for told, found in zip(first["lines"], result.plans[0].lines, strict=True)
        ]
    risks = {risk["key"]: risk for line in lines for risk in line.document["residual_risks"]}
    return ClosurePage(
        document=document,
        first=first,
        lines=lines,
        head=head,
        rows=rows,
        still_reached=[
            wording.vehicle(key, key) for key in (first or {}).get("still_reached_by", ())
        ],
        risks=list(risks.values()),
        supply=_supply_lines(item, document, result.told_first),
    )


def _supply_lines(item: ClosurePlan, document: Mapping[str, Any], shown: str) -> list[str]:
    """Return what can really be had, where stock, money or time limit the plan."""
    from parvis.report.stock_speech import stock_lines_text

    supply = kept.supply(item)
    if supply is None:
        return []
    currency = str(document["provenance"]["prices"]["currency"])
    return stock_lines_text(supply, currency, kept.report_language(), shown=shown)


def _line(told: Mapping[str, Any], classes: Any, wording: Wording) -> ClosureLine:
    option = None if told["chosen"] is None else told["options"][told["chosen"]]
    governing = next((entry for entry in classes if entry.vehicle == told["vehicle"]), None)
    kinds = {element["kind"] for element in told["elements"]}
    return ClosureLine(
        document=told,
        option=option,
        vehicle=wording.vehicle(told["vehicle"], told["vehicle"]) if told["vehicle"] else "",
        required=rating_text(governing, wording) if governing is not None else "",
        open_to=[wording.vehicle(key, key) for key in told["open_to"]],
        kind=", ".join(code_text("element", kind, wording) for kind in sorted(kinds)),
        permanence=code_text("permanence", option["permanence"], wording) if option else "",
    )
