"""
What runs in a child of the bench: one prepared place that answers lists of changes.

Reads one JSON object a line from its input, writes one a line; imports no Django. The first
line is the place; then each line is a list of changes.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
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
            _say(
                answers,
                {
                    "id": asked["id"],
                    "answer": answer_of(session, asked["changes"], asked.get("people")),
                },
            )
        except Exception as error:  # noqa: BLE001
            _say(answers, {"id": asked["id"], **_told(error)})


class CityChangedError(Exception):
    """The city's data are no longer those that were asked about."""


def session_of(place: dict[str, Any], progress: Callable[[str, int, int], None]) -> Any:
    """
    Return the prepared session of a place.

    Parameters
    ----------
    place : dict
        See `parvis_web.scenarios.bench.Place.message`.
    progress : callable
        See `parvis.closure.scenario_session.ScenarioSession.prepare`.
    """
    from parvis.approach.results import ApproachResult
    from parvis.io.kept_results import kept_result
    from parvis.io.protected_area import DrawnArea
    from parvis.io.scenarios import prepare_scenarios

    question = place["question"]
    where = question["place"]
    drawn = DrawnArea(where["id"], where["name"], where["area"]) if "area" in where else None
    analysis = None
    if place.get("result"):
        analysis = kept_result(Path(place["result"]), ApproachResult, without=("speed_maps",))
    session = prepare_scenarios(
        where["city"],
        where.get("store_id"),
        drawn=drawn,
        people_line=question.get("people_line"),
        vehicles=question.get("vehicles"),
        design=question.get("design") or "cautious",
        analysis=analysis,
        home=Path(place["home"]),
        progress=progress,
    )
    if place.get("city_hash") and place["city_hash"] != session.city.hash:
        raise CityChangedError
    return session


def answer_of(session: Any, changes: dict[str, Any], people: float | None) -> dict[str, Any]:
    """Return what changes do, as a document."""
    from parvis.io.what_if import parse_changes
    from parvis.report.scenario import answer_document

    asked = parse_changes(changes, session.city.epsg, name="changes")
    return answer_document(session, session.ask(asked, people=people))


def _prepared(place: dict[str, Any], answers: TextIO) -> Any:
    from parvis.report.scenario import place_document

    def progress(step: str, done: int, total: int) -> None:
        del step
        _say(answers, {"progress": done / max(total, 1)})

    session = session_of(place, progress)
    _say(answers, {"place": place_document(session)})
    return session


def _told(error: Exception) -> dict[str, Any]:
    """Return an error as data; what is no error of the library is told by its kind alone."""
    from parvis.errors import ParvisError

    if isinstance(error, CityChangedError):
        return {"failed": "bench_city_changed", "details": {}}
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
