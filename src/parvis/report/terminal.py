"""The approach result in a few lines for a terminal."""

import math

from parvis.approach.results import AccessPoint, ApproachResult
from parvis.report.speech import (
    fastest_class,
    first_speed,
    governing_class,
    notice_texts,
    spoken_speed,
    summary,
)
from parvis.report.wording import Wording

GRADES = {"A": "measured", "B": "municipal data", "C": "screening only"}


def result_lines(result: ApproachResult) -> list[str]:
    """Return heading, summary, a line per access point and the notices."""
    wording = Wording("en")
    lines = [
        f"{result.space_name or result.space_id} ({result.space_id}), {result.area:,.0f} m²",
        summary(result, wording),
        wording("meaning"),
        "",
    ]
    lines += [_point_line(point) for point in result.access_points]
    if result.access_points:
        lines.append("")
    lines += [f"- {text}" for text in notice_texts(result, wording)]
    if result.inputs:
        lines += ["", f"Measure these {min(len(result.inputs), 8)} first (parvis survey-sheet):"]
        lines += [
            f"  {item.what.replace('_', ' ')}"
            + (f", {item.label}" if item.label else "")
            + f": access point{'s' if len(item.access_points) > 1 else ''} "
            + ", ".join(map(str, item.access_points))
            for item in result.inputs[:8]
        ]
    return lines


def _point_line(point: AccessPoint) -> str:
    entry, fastest = governing_class(point), fastest_class(point)
    speed = spoken_speed(first_speed(fastest))
    rating = entry.required_rating or entry.rating_reason.replace("_", " ")
    where = point.street or "unnamed ground"
    extra = " (only over unmapped ground)" if point.only_limit else ""
    if point.over_steps:
        extra = " (over steps)"
    return (
        f"{point.id:>3}  {point.clear_width:5.1f} m clear  {fastest.vehicle:<4} {speed:>4} km/h  "
        f"{math.degrees(fastest.angle):3.0f}°  {entry.vehicle}: {rating:<20} "
        f"existing: {point.existing:<8} "
        f"{GRADES[str(point.grade)]}  {where}{extra}"
    )
