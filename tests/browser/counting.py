"""What a journey costs: clicks, fields and seconds of each step, written into the manual."""

import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browser.steps import Person

logger = logging.getLogger(__name__)
MANUAL = Path(__file__).parents[2] / "docs/how-to/coordinator-journey.md"


@dataclass(frozen=True)
class Step:
    """What one step took."""

    name: str
    clicks: int
    fields: int
    seconds: float


class Walk:
    """Somebody's way through the pages, counted step by step."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is done inside as one step."""
        person, started = self.person, time.monotonic()
        clicks, fields = person.clicks, person.fields
        yield
        seconds = time.monotonic() - started
        self.steps.append(Step(name, person.clicks - clicks, person.fields - fields, seconds))
        logger.info("%s", self.steps[-1])

    @property
    def total(self) -> Step:
        """All steps together."""
        return Step(
            "Together",
            sum(step.clicks for step in self.steps),
            sum(step.fields for step in self.steps),
            sum(step.seconds for step in self.steps),
        )

    def table(self) -> str:
        """Return the steps as a table of the manual."""
        rows = [
            f"| {step.name} | {step.clicks} | {step.fields} | {step.seconds:,.0f} |"
            for step in (*self.steps, self.total)
        ]
        return "\n".join(("| Step | Clicks | Fields | Seconds |", "|---|--:|--:|--:|", *rows))

    def keep(self, name: str) -> None:
        """Write the table between its marks in the manual, when asked to."""
        if os.environ.get("PARVIS_SCREENSHOTS") != "1":
            return
        text = MANUAL.read_text(encoding="utf-8")
        begin, end = f"% counted: {name}\n", f"% end: {name}\n"
        between = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        assert between.search(text), f"{MANUAL} has no mark {name}"
        made = f"{begin}\n{self.table()}\n\n{end}"
        MANUAL.write_text(between.sub(lambda _: made, text), encoding="utf-8")
