"""What became of questions and answers when an assessment moved on, as lines for a person."""

from collections.abc import Sequence

from parvis.assessment import Moved, item_key
from parvis.assessment.moved import Step

_KINDS = {
    "renamed": "Called otherwise now",
    "reworded": "Asked in other words now; the answer is kept, read it again",
    "new": "Asked for the first time",
    "level": "Level called otherwise now",
    "dropped": "Asked no longer; the answer is left behind",
    "refused": "No longer an answer that is taken; it is left behind",
}


def move_lines(steps: Sequence[Step]) -> list[str]:
    """Return what changed from version to version."""
    lines = []
    for step in steps:
        lines.append(f"Version {step.before} to version {step.after}:")
        if not step.changes:
            lines.append("  nothing that was asked or answered changes")
        for kind, title in _KINDS.items():
            found = [change for change in step.changes if change.kind == kind]
            if found:
                lines += [f"  {title} ({len(found)})", *(f"    {_said(each)}" for each in found)]
    return lines


def _said(change: Moved) -> str:
    item = item_key(change.question, change.at)
    match change.kind:
        case "renamed":
            return f"{change.before} → {change.after}"
        case "new":
            return f"{item}  {change.after}"
        case "dropped" | "refused":
            return f"{item}: {change.before or '–'}"
        case _:
            return f"{item}: {change.before} → {change.after}"
