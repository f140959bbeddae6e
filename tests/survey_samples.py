"""Small surveys in the module's own words, for tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from parvis.packs.questions import question_module

MODULE = question_module()
DAYS = ("2025-05-12", "2025-06-30")
AREAS = ("D1", "D2", "D3")


def sheets(n: int = 400, *, seed: int = 3) -> list[dict[str, str]]:
    """Answer sheets drawn at random, a weight, a stratum and a person's number besides."""
    drawn = np.random.default_rng(seed)
    found = []
    for at in range(n):
        sheet = {"id": f"p{at}", "w": str(1 + at % 3), "day": DAYS[at % 2]}
        for question in MODULE.entries:
            offered = [choice.key for choice in MODULE.choices_of(question.key)]
            if offered:
                sheet[question.key] = offered[int(drawn.integers(0, len(offered)))]
        sheet["D2"] = str(int(drawn.integers(16, 90)))
        sheet["D4"] = AREAS[at % 3]
        found.append(sheet)
    return found


def write_sheets(path: Path, found: Sequence[dict[str, str]], delimiter: str = ",") -> Path:
    """Write answer sheets as a table."""
    names = list(found[0])
    lines = [names, *([sheet.get(name, "") for name in names] for sheet in found)]
    text = "\n".join(delimiter.join(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path
