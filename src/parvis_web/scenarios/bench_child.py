"""
What runs in a child of the bench: one prepared place that answers lists of changes.

Reads one JSON object a line from its input, writes one a line; imports no Django. The first
line is the place; then each line is a list of changes.
"""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO


def main() -> None:
    """Prepare the place of the first line and answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    place = json.loads(sys.stdin.readline())
    try:
        session = _prepared(place, answers)
    except Exception as error:  # noqa: BLE001
        _say(answers, _told(error))
        return
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            _say(answers, {"id": asked["id"], "answer": _answered(session, asked)})
        except Exception as error:  # noqa: BLE001
            _say(answers, {"id": asked["id"], **_told(error)})


def _prepared(place: dict[str, Any], answers: TextIO) -> Any:
    from parvis.errors import InputError
    from parvis.io.scenarios import prepare_scenarios
    from parvis.report.scenario import place_document

    def progress(step: str, done: int, total: int) -> None:
        del step
        _say(answers, {"progress": done / max(total, 1)})

    with TemporaryDirectory(prefix="parvis-bench-") as folder:
        area = _as_file(place.get("area"), Path(folder) / "area.geojson")
        people = _as_file(place.get("people_line"), Path(folder) / "people.geojson")
        session = prepare_scenarios(
            place["city"],
            None if area else place["space"],
            area_file=area,
            people_line=people,
            vehicles=place.get("vehicles"),
            analysis=place.get("analysis"),
            home=Path(place["home"]),
            progress=progress,
        )
    if place.get("city_hash") and place["city_hash"] != session.city.hash:

        class CityChangedError(InputError):
            code = "bench_city_changed"

        raise CityChangedError
    session.ask([])
    _say(answers, {"place": place_document(session)})
    return session


def _answered(session: Any, asked: dict[str, Any]) -> dict[str, Any]:
    from parvis.io.what_if import parse_changes
    from parvis.report.scenario import answer_document

    changes = parse_changes(asked["changes"], session.city.epsg, name="changes")
    return answer_document(session, session.ask(changes, people=asked.get("people")))


def _as_file(geometry: Any, path: Path) -> Path | None:
    if geometry is None:
        return None
    path.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8"
    )
    return path


def _told(error: Exception) -> dict[str, Any]:
    """Return an error as data; what is no error of the library is told by its kind alone."""
    from parvis.errors import ParvisError

    if isinstance(error, MemoryError):
        return {"failed": "bench_memory", "details": {}}
    if isinstance(error, ParvisError):
        details = json.loads(json.dumps(error.details, default=str))
        return {"failed": error.code, "details": details}
    sys.stderr.write(f"bench: {type(error).__name__}\n")
    return {"failed": "internal", "details": {}}


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
