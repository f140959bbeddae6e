"""Say what changes of the ground do: lines for the terminal and a document for machines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.approach.what_if import WhatIf
from parvis.report.messages import fill
from parvis.terms import KMH_PER_MPS

MARKING = "TLP:AMBER"


def what_if_document(answers: Sequence[WhatIf]) -> dict[str, Any]:
    """
    Return the answers as JSON-ready data: metre by metre along the boundary, in km/h.

    Parameters
    ----------
    answers : sequence of WhatIf
        One per class.

    Returns
    -------
    dict
    """
    return {
        "marking": MARKING,
        "classes": [
            {
                "vehicle": answer.baseline.approach.vehicle.key,
                "scenario": answer.baseline.approach.scenario.name.lower(),
                "speed_before_kmh": _speeds(answer.before.speed),
                "speed_after_kmh": _speeds(answer.after.speed),
                "metres_opened": np.flatnonzero(answer.opened).tolist(),
                "metres_closed": np.flatnonzero(answer.closed).tolist(),
                "stretches_before": len(answer.stretches[0]),
                "stretches_after": len(answer.stretches[1]),
                "is_full_run": answer.is_full_run,
                "notices": list(answer.notices),
            }
            for answer in answers
        ],
    }


def what_if_lines(answers: Sequence[WhatIf]) -> list[str]:
    """
    Return the answers as lines of text.

    Parameters
    ----------
    answers : sequence of WhatIf

    Returns
    -------
    list of str
    """
    lines = [f"What the changes do · {MARKING}"]
    for answer in answers:
        before, after = answer.before.speed, answer.after.speed
        stretches = answer.stretches
        lines.append(
            f"{answer.baseline.approach.vehicle.key}: fastest arrival {_fastest(before)} before, "
            f"{_fastest(after)} after; {len(stretches[0])} open stretches before, "
            f"{len(stretches[1])} after; {int(answer.opened.sum())} m opened, "
            f"{int(answer.closed.sum())} m closed; "
            f"{int(np.sum(after < before - 1e-9))} m slower, "
            f"{int(np.sum(after > before + 1e-9))} m faster"
        )
    for code in sorted({code for answer in answers for code in answer.notices}):
        lines.append(fill(code, {}))
    return lines


def _speeds(speed: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value) * KMH_PER_MPS, 1) for value in speed]


def _fastest(speed: NDArray[np.float64]) -> str:
    return "none" if np.isnan(speed).all() else f"{float(np.nanmax(speed)) * KMH_PER_MPS:.0f} km/h"
