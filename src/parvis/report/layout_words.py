"""How phases, gates, times and findings of a layout are said in a document."""

import datetime as dt
from typing import Any

from babel.dates import format_datetime

from parvis import __version__
from parvis.events.layout import Finding, Gate, Layout, Phase
from parvis.report.basemap import shortened
from parvis.report.layout_data import EPOCH, REGIONS
from parvis.report.wording import LOCALES, Wording


def moment_text(moment: dt.datetime, language: str) -> str:
    """Return day and clock time of the event's place, the weekday with them."""
    pattern = "EEE d MMM y HH:mm"
    said = format_datetime(moment.replace(tzinfo=None), pattern, locale=LOCALES[language])
    return str(said)


def phase_times(phase: Phase, wording: Wording) -> str:
    """Return when a phase is."""
    language = wording.language
    first = wording(
        "layout.times",
        first=moment_text(phase.times[0].starts, language),
        last=moment_text(phase.times[0].ends, language),
    )
    if len(phase.times) == 1:
        return first
    last = wording(
        "layout.times",
        first=moment_text(phase.times[-1].starts, language),
        last=moment_text(phase.times[-1].ends, language),
    )
    return wording("layout.repeats", count=len(phase.times), first=first, last=last)


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
    if reason := details.get("reason"):
        details["reason"] = reason.replace("_", " ")
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
