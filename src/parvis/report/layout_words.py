"""How phases, gates, times and findings of a layout are said in a document."""

import datetime as dt
from typing import Any

from babel.dates import format_datetime

from parvis import __version__
from parvis.events.layout import Finding, Gate, Layout, Phase
from parvis.report.basemap import shortened
from parvis.report.layout_data import EPOCH, REGIONS
from parvis.report.wording import LOCALES, Wording


def moment_text(moment: dt.datetime, language: str, *, with_clock: bool = True) -> str:
    """Return weekday, day and, by default, clock time at the event's place."""
    pattern = "EEE d MMM y HH:mm" if with_clock else "EEE d MMM y"
    said = format_datetime(moment.replace(tzinfo=None), pattern, locale=LOCALES[language])
    return str(said)


def phase_times(phase: Phase, wording: Wording) -> str:
    """Return when a phase is: from to, or its hours and days where it repeats."""
    language = wording.language
    first, last = phase.times[0], phase.times[-1]
    if len(phase.times) == 1:
        return wording(
            "layout.times",
            first=moment_text(first.starts, language),
            last=moment_text(first.ends, language),
        )
    hours = {(time.starts.time(), time.ends.time()) for time in phase.times}
    return wording(
        "layout.repeats" if len(hours) == 1 else "layout.varies",
        count=len(phase.times),
        starts=f"{first.starts:%H:%M}",
        ends=f"{first.ends:%H:%M}",
        first=moment_text(first.starts, language, with_clock=False),
        last=moment_text(last.starts, language, with_clock=False),
    )


def users_text(gate: Gate, phase: str, wording: Wording) -> str:
    """Return for whom a gate is open in a phase, or that it is closed."""
    opening = gate.opening(phase)
    if opening is None:
        return wording("layout.closed")
    return ", ".join(wording(f"layout.users.{users}") for users in opening.users)


def staff_text(gate: Gate, phase: str, wording: Wording) -> str:
    """Return who stands at a gate in a phase, a dash where it is closed."""
    opening = gate.opening(phase)
    if opening is None:
        return "–"
    return opening.staffed_by or wording("layout.nobody")


def finding_texts(layout: Layout, language: str) -> list[str]:
    """Return what a person should settle, one sentence a finding."""
    wording = Wording(language)
    return [_finding(finding, wording) for finding in layout.findings]


def _finding(finding: Finding, wording: Wording) -> str:
    details: dict[str, Any] = dict(finding.details)
    if kind := details.get("kind"):
        details["kind"] = wording(f"layout.kind.{kind}").lower()
    return wording(
        f"layout.finding.{finding.code}",
        sheet=finding.sheet,
        row=finding.row,
        value=finding.value,
        **details,
    )


def space_of(layout: Layout) -> str:
    """Return the name of the space a layout stands on, its id where it has none."""
    return layout.space_name or layout.space_id


def layout_frame(layout: Layout, wording: Wording, part: str = "") -> dict[str, Any]:
    """
    Return what every template of a layout reads.

    Parameters
    ----------
    layout : Layout
    wording : Wording
    part : str
        Texts below ``layout`` that hold title and how to read, "" for the set-up plan's.
    """
    space = space_of(layout)
    t = wording.tree("layout", layout=layout.name, space=space)
    own = t[part] if part else t
    moment = str(layout.source.get("added", EPOCH))
    return {
        "t": t,
        "title": own["title"],
        "title_size": 18,
        "description": own.get("how_to_read", t["how_to_read"]),
        "author": f"Parvis {__version__}",
        "lang": wording.language,
        "region": REGIONS[wording.language],
        "space": space,
        "space_short": shortened(f"{layout.name}, {space}", 60),
        "created": moment,
        "date": wording.date(moment),
        "run": layout.hash[:12],
    }
