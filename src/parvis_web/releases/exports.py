"""How the register leaves the application: every release, exactly what it told, by which rules."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from parvis.report.cells import neutralised
from parvis_web.accounts.rights import Actor
from parvis_web.releases.models import FigureRelease

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = (
    "number", "register", "title", "state", "released", "ended", "ended_reason", "corrects",
    "rounding", "rules", "least_count", "areas_reason", "digest", "indicator", "period", "area",
    "split", "value", "low", "high", "count", "unit", "flags",
)  # fmt: skip


def register_file(actor: Actor, releases: Sequence[FigureRelease], ending: str) -> HttpResponse:
    """Return the register as a file: in CSV one row a figure, told or hidden; in JSON all of it."""
    content = _csv(releases) if ending == "csv" else _json(actor, releases)
    name = f"{actor.authority.slug}-releases-{timezone.localdate().isoformat()}.{ending}"
    return HttpResponse(
        content,
        content_type=FORMATS[ending],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _head(release: FigureRelease) -> dict[str, Any]:
    rules = release.told.get("rules", {})
    return {
        "number": release.number,
        "register": release.register_id,
        "title": release.title,
        "state": str(release.state_now),
        "released": _moment(release.released or release.embargo),
        "ended": _moment(release.ended),
        "ended_reason": release.ended_reason,
        "corrects": release.replaces.number if release.replaces else None,
        "rounding": release.base,
        "rules": f"{rules.get('id', '')} {rules.get('version', '')}".strip(),
        "least_count": rules.get("least_count"),
        "areas_reason": release.areas_reason,
        "digest": release.digest,
    }


def _csv(releases: Sequence[FigureRelease]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for release in releases:
        head = _head(release)
        for said in (*release.told.get("figures", ()), *_hidden(release)):
            row = head | {name: said[name] for name in COLUMNS if name in said}
            row["flags"] = " ".join(said["flags"])
            writer.writerow({name: neutralised(cell) for name, cell in row.items()})
    return "\ufeff" + stream.getvalue()


def _hidden(release: FigureRelease) -> list[dict[str, Any]]:
    names = ("indicator", "period", "area", "split")
    return [
        {**dict(zip(names, each["key"], strict=True)), "flags": [each["flag"]]}
        for each in release.told.get("hidden", ())
    ]


def _json(actor: Actor, releases: Sequence[FigureRelease]) -> str:
    said = {
        "authority": actor.authority.name,
        "releases": [
            {
                **_head(release),
                "rules": release.told.get("rules", {}),
                "figures": release.told.get("figures", []),
                "hidden": release.told.get("hidden", []),
            }
            for release in releases
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1)


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
