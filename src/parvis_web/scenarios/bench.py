"""Asks the bench what changes to a place do, and says in every case what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import AuthenticationError
from typing import Any
from uuid import UUID

from django.conf import settings

from parvis_web.config.data import library_home
from parvis_web.scenarios.bench_link import bench_address, bench_key, connect, receive, send

CONNECTING = 2.0
"""A bench that has not answered by then counts as not running. [s]"""

ANSWERING = 20.0
"""One question may take so long. [s]"""


@dataclass(frozen=True)
class Place:
    """
    What a prepared place depends on.

    Attributes
    ----------
    authority_id : UUID
    question : mapping
        Place, vehicle classes, design speed and people line, as `approach.questions.asked` has it.
    city_hash : str
        State of the city, "" for whatever it is.
    result : str
        File of the analysis that is continued, "" for none.
    """

    authority_id: UUID
    question: Mapping[str, Any]
    city_hash: str = ""
    result: str = ""

    def message(self) -> dict[str, Any]:
        """Return the place as the bench takes it; two authorities never share one."""
        return {
            "authority": str(self.authority_id),
            "home": str(library_home(self.authority_id)),
            "question": dict(self.question),
            "city_hash": self.city_hash,
            "result": self.result,
        }


@dataclass(frozen=True)
class Reply:
    """
    What the bench says.

    Attributes
    ----------
    state : {"result", "ready", "preparing", "waiting", "refused", "failed", "absent"}
        ``waiting``: all its places are being prepared or asked; ``refused``: the changes cannot
        be; ``absent``: no bench is running.
    progress : float
        Of the preparation. [0, 1]
    place, answer : dict or None
        See `parvis.report.scenario`.
    code, details
        Of a refusal or failure.
    """

    state: str
    progress: float = 0.0
    place: dict[str, Any] | None = None
    answer: dict[str, Any] | None = None
    code: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_underway(self) -> bool:
        """Whether asking again in a moment will help."""
        return self.state in {"preparing", "waiting"}


def ask(
    place: Place,
    changes: dict[str, Any] | None = None,
    *,
    people: float | None = None,
    with_place: bool = False,
    patience: float = 0.0,
    deadline: float = ANSWERING,
) -> Reply:
    """
    Ask what changes to a place do.

    Parameters
    ----------
    place : Place
    changes : dict, optional
        A document as `parvis.io.what_if.parse_changes` takes it; None only prepares.
    people : float, optional
        Greatest number inside.
    with_place : bool
        Also return what is known of the place.
    patience : float
        Wait so long for a place that is being prepared. [s]
    deadline : float
        Never take longer. [s]

    Returns
    -------
    Reply
        Never raises for what the bench does or does not do.
    """
    return _converse(
        {
            "op": "ask",
            "place": place.message(),
            "changes": changes,
            "people": people,
            "with_place": with_place,
            "patience": patience,
            "deadline": deadline,
        },
        deadline,
    )


def is_running() -> bool:
    """Return whether a bench answers."""
    return _converse({"op": "status"}, CONNECTING).state == "status"


def _converse(message: dict[str, Any], deadline: float) -> Reply:
    key = _key(settings.SECRET_KEY)
    try:
        with connect(bench_address(settings.PARVIS_DATA), key, deadline + CONNECTING) as connection:
            send(connection, message)
            said = receive(connection)
    except (AuthenticationError, FileNotFoundError, ConnectionRefusedError):
        return Reply("absent")
    except (OSError, EOFError, ValueError, TypeError):
        return Reply("failed", code="bench_late")
    known = {name: said[name] for name in Reply.__dataclass_fields__ if name in said}
    return Reply(**known)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return bench_key(secret)
