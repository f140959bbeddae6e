"""What do council paper and annex say of the phase of an event, and what do they keep silent."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from parvis.events.egress_by_phase import PhaseEgress
from parvis.events.layout import Layout, Phase
from parvis.report.closure_council import egress_kept
from parvis.report.layout_words import phase_times, staff_text, users_text
from parvis.report.wording import Wording

TEXTS = "layout.report"
ANSWERS = {"pass": "kept", "fail": "solve", "verify": "check"}
"""Outcome of the check of the ways out to the council's answer."""


@dataclass(frozen=True, eq=False)
class PhaseOfEvent:
    """
    The phase of a layout that documents are about.

    Attributes
    ----------
    layout : Layout
    key : str
        Of the phase.
    egress : PhaseEgress
        Its ways out.
    """

    layout: Layout
    key: str
    egress: PhaseEgress

    @property
    def phase(self) -> Phase:
        """The phase itself."""
        return self.layout.phase(self.key)


def council_event(event: PhaseOfEvent, wording: Wording) -> dict[str, Any]:
    """
    Return what the event plans and what it does to openness, for the council paper.

    Nothing of barriers, gates, who stands where and widths is in it.
    """
    t = wording.tree(TEXTS)
    phase = event.phase
    standing = Counter(
        item.kind for item in event.layout.standing(event.key) if not item.is_barrier
    )
    stands = [f"{count} × {wording(f'layout.kind.{kind}').lower()}" for kind, count in
              sorted(standing.items())]  # fmt: skip
    rows = t["rows"]
    people = wording.number(phase.people) if phase.people else wording("layout.not_stated")
    answers = "council.sections.options.worked_out"
    leaving = wording(f"{answers}.answers.{ANSWERS[event.egress.check.outcome]}")
    share = egress_kept((event.egress.check,))
    if share is not None:
        leaving = f"{leaving} {wording(f'{answers}.egress_kept', share=share)}"
    ways = [way for way in event.egress.exits if way.widths]
    return {
        "t": t,
        "facts": [
            [rows["event"], event.layout.name],
            [rows["phase"], _phase_name(phase, wording)],
            [rows["when"], phase_times(phase, wording)],
            [rows["stands"], ", ".join(stands) or t["nothing"]],
            [rows["people"], people],
        ],
        "openness": [
            [rows["ways"], wording(f"{TEXTS}.ways", count=len(ways), all=len(event.egress.exits))],
            [rows["leaving"], leaving],
        ],
    }


def annex_event(event: PhaseOfEvent, wording: Wording) -> str:
    """Return a paragraph for the annex: phase, times, what stands and which gates open."""
    phase = event.phase
    gates = [
        wording(
            f"{TEXTS}.gate",
            gate=gate.id,
            users=users_text(gate, event.key, wording),
            staff=staff_text(gate, event.key, wording),
        )
        for gate in event.layout.gates
        if gate.opening(event.key) is not None
    ]
    return wording(
        f"{TEXTS}.annex",
        event=event.layout.name,
        phase=_phase_name(phase, wording),
        when=phase_times(phase, wording),
        items=len(event.layout.standing(event.key)),
        gates="; ".join(gates) or wording(f"{TEXTS}.no_gate"),
        hash=event.layout.hash[:12],
    )


def event_title(event: PhaseOfEvent) -> str:
    """Return event and phase in one name."""
    return f"{event.layout.name}, {event.key}"


def _phase_name(phase: Phase, wording: Wording) -> str:
    return f"{phase.key} ({wording(f'layout.phase_kind.{phase.kind}')})"
