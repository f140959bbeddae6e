"""How phases, gate duties and days reach a calendar program, as iCalendar of RFC 5545."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parvis.events.layout import Layout, Times
from parvis.report.documents import created
from parvis.report.layout_data import EPOCH
from parvis.report.layout_words import space_of, users_text
from parvis.report.wording import Wording

LONGEST_LINE = 75
"""Octets in a line without its end."""


@dataclass(frozen=True)
class DayEvent:
    """
    Something that falls on a day.

    Attributes
    ----------
    identity : str
        What tells it from others, for ever.
    day : date
    summary, description, location : str
    """

    identity: str
    day: dt.date
    summary: str
    description: str = ""
    location: str = ""


def day_calendar(name: str, events: Iterable[DayEvent], *, made: dt.datetime) -> bytes:
    """
    Return days as a calendar; they do not make anybody busy.

    Parameters
    ----------
    name : str
        Of the calendar.
    events : iterable of DayEvent
    made : datetime
        Aware.

    Returns
    -------
    bytes
        UTF-8. Equal identities give equal identifiers, so that reading a newer file changes
        events and adds none.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parvis//Days//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _text("X-WR-CALNAME", name),
    ]
    for event in events:
        digest = hashlib.sha256(event.identity.encode()).hexdigest()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{digest[:32]}@parvis",
            f"DTSTAMP:{_utc(made)}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + dt.timedelta(days=1):%Y%m%d}",
            _text("SUMMARY", event.summary),
            _text("DESCRIPTION", event.description),
            _text("LOCATION", event.location),
            "CLASS:CONFIDENTIAL",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def layout_calendar(layout: Layout, language: str = "en") -> bytes:
    """
    Return phases and gate duties as a calendar, one event for each time.

    Parameters
    ----------
    layout : Layout
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        UTF-8; times in UTC, so that no program needs the rules of a time zone. Equal layouts give
        equal identifiers: reading a file again changes events and adds none.
    """
    wording = Wording(language)
    stamp = _utc(created(str(layout.source.get("added", EPOCH))))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parvis//Temporary layouts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _text("X-WR-CALNAME", f"{layout.name} ({wording('layout.marking')})"),
        _text("X-WR-TIMEZONE", layout.time_zone),
    ]
    for time, identity, said, more in _events(layout, wording):
        digest = hashlib.sha256(f"{layout.name} {layout.space_id} {identity}".encode()).hexdigest()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{digest[:32]}@parvis",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{_utc(time.starts)}",
            f"DTEND:{_utc(time.ends)}",
            _text("SUMMARY", said),
            _text("DESCRIPTION", more),
            _text("LOCATION", space_of(layout)),
            "CLASS:CONFIDENTIAL",
            "TRANSP:OPAQUE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _events(layout: Layout, wording: Wording) -> Iterator[tuple[Times, str, str, str]]:
    """Yield time, what tells it from others, summary and description of every event."""
    marking = f"{wording('layout.marking')}. {wording('layout.handling')}"
    for phase in layout.phases:
        kind = wording(f"layout.phase_kind.{phase.kind}")
        said = wording("layout.calendar.phase", layout=layout.name, phase=phase.key, kind=kind)
        more = f"{phase.notes}\n{marking}" if phase.notes else marking
        for at, time in enumerate(phase.times):
            yield time, f"phase {phase.key} {at}", said, more
    for gate in layout.gates:
        for phase in layout.phases:
            opening = gate.opening(phase.key)
            if opening is None:
                continue
            users = users_text(gate, phase.key, wording)
            said = wording("layout.calendar.duty", layout=layout.name, gate=gate.id, users=users)
            role = opening.staffed_by or wording("layout.nobody")
            what = opening.on_leaving or wording("layout.duty.leave_default")
            more = "\n".join(
                [
                    wording("layout.calendar.staffed", role=role),
                    wording("layout.calendar.leaving", what=what),
                    marking,
                ]
            )
            for at, time in enumerate(phase.times):
                yield time, f"gate {gate.id} {phase.key} {at}", said, more


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(name: str, value: str) -> str:
    """Return a property whose value is text, its special signs escaped."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return f"{name}:" + "".join(sign for sign in plain if sign >= " " and sign != "\x7f")


def _folded(line: str) -> bytes:
    """Return a line with its end, folded between characters to `LONGEST_LINE` octets."""
    parts: list[bytes] = []
    part = b""
    for sign in line:
        octets = sign.encode()
        room = LONGEST_LINE - (1 if parts else 0)
        if len(part) + len(octets) > room:
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
