"""The file of a space as of a day: what was known and decided then, with its inputs."""

import io
import json
import zipfile
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.serializers.python import Serializer

from parvis import __version__
from parvis_web.accounts.models import Owned
from parvis_web.audit.chain import canonical
from parvis_web.audit.models import AuditEvent
from parvis_web.config.data import run_folder, stored_file
from parvis_web.spaces.models import Space

PERSONAL = frozenset({"created_by", "proposed_by", "approved_by", "assignees"})
EPOCH = (1980, 1, 1, 0, 0, 0)


def end_of_day(space: Space, day: date) -> datetime:
    """Return the last moment of `day` where the authority is."""
    return datetime.combine(day, time.max, ZoneInfo(space.authority.time_zone))


def parts_of_space() -> list[type[Owned]]:
    """Return the models whose objects belong to a space, by name."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, Owned) and model.shared_by == "space"
    ]
    return sorted(found, key=lambda model: model.kind())


def space_file(space: Space, day: date) -> bytes:
    """
    Return a ZIP archive of everything about `space` that was there at the end of `day`.

    Rows made later are left out. A row that was changed later is marked so: ``events.json`` tells
    the changes up to the day, with the digests that prove what it held. People are left out.
    """
    moment = end_of_day(space, day)
    rows: list[dict[str, Any]] = [_told(space)]
    files: dict[str, bytes] = {}
    for model in parts_of_space():
        parts: Any = model._base_manager
        for item in parts.filter(space=space, created__lte=moment).order_by("pk"):
            rows.append(_told(item))
            files |= _files_of(item)
    ids = {row["id"] for row in rows}
    events = AuditEvent.objects.filter(chain=str(space.authority_id), object_id__in=ids)
    for event in events.filter(time__gt=moment).exclude(action="read"):
        for row in rows:
            if row["id"] == event.object_id:
                row["changed_later"] = True
    told = [_event(event) for event in events.filter(time__lte=moment).order_by("seq")]
    about = {
        "space": space.name,
        "space_id": str(space.pk),
        "authority": space.authority.name,
        "marking": space.marking,
        "as_of": moment.isoformat(),
        "version": __version__,
        "n_objects": len(rows),
        "n_events": len(told),
        "n_files": len(files),
    }
    contents = {"about.json": about, "objects.json": rows, "events.json": told}
    return _archive({name: _json(value) for name, value in contents.items()} | files)


def _told(item: Owned) -> dict[str, Any]:
    facts = Serializer().serialize([item])[0]["fields"]
    kept = {name: value for name, value in facts.items() if name not in PERSONAL}
    return {"kind": item.kind(), "id": str(item.pk), "changed_later": False, "facts": kept}


def _event(event: AuditEvent) -> dict[str, Any]:
    names = ("seq", "action", "object_kind", "object_id", "before", "after", "details", "digest")
    return {"time": event.time.isoformat()} | {name: getattr(event, name) for name in names}


def _files_of(item: Owned) -> dict[str, bytes]:
    """Return the files that belong to a row: what was computed, and what somebody added."""
    found: dict[str, bytes] = {}
    digest = getattr(item, "digest", "")
    if isinstance(digest, str) and len(digest) == 64:
        path = stored_file(item.authority_id, digest)
        if path.is_file():
            found[f"files/{digest}"] = path.read_bytes()
    if run_id := getattr(item, "run_id", None):
        for path in sorted(run_folder(item.authority_id, run_id).glob("*.json")):
            found[f"results/{item.pk}/{path.name}"] = path.read_bytes()
    return found


def _json(value: Any) -> bytes:
    return (json.dumps(json.loads(canonical(value)), indent=1, ensure_ascii=False) + "\n").encode()


def _archive(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()
