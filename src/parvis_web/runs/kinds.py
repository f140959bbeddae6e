"""Which kinds of runs are there, what carries each out, and where does one go afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from parvis_web.runs.models import AnalysisRun
    from parvis_web.runs.progress import Progress

Handler = Callable[["AnalysisRun", "Progress"], dict[str, Any]]
NextUrl = Callable[["AnalysisRun"], str]
OnEnd = Callable[["AnalysisRun"], None]
Asked = Callable[["AnalysisRun"], Sequence[tuple[Any, Any]]]

KINDS: dict[str, "RunKind"] = {}
"""Every kind by its name; filled by the `handlers` modules of the apps."""


@dataclass(frozen=True)
class RunKind:
    """
    A kind of run.

    Attributes
    ----------
    name : str
    handler : callable
        Takes the run and a `Progress`, returns a small JSON result; files go to the run's folder.
    minutes : int
        A run that takes longer is stopped.
    label : str
        What people call it, translated.
    steps : mapping of str to str
        What people read for each step the handler reports.
    next_url : callable or None
        Address of the page that shows what came of a run; the run's own page where None.
    asked : callable or None
        Labels and values of what was asked, for the run's page.
    on_end : callable or None
        Called with a run that has just ended, within the service that writes its end: also where
        its process was killed or it was cancelled while it waited.
    """

    name: str
    handler: Handler
    minutes: int
    label: Any
    steps: Mapping[str, Any] = field(default_factory=dict)
    next_url: NextUrl | None = None
    asked: Asked | None = None
    on_end: OnEnd | None = None


def run_kind(
    name: str,
    *,
    minutes: int = 60,
    label: Any = "",
    steps: Mapping[str, Any] | None = None,
    next_url: NextUrl | None = None,
    asked: Asked | None = None,
    on_end: OnEnd | None = None,
) -> Callable[[Handler], Handler]:
    """Make a function the handler of a kind of run; see `RunKind`."""

    def register(handler: Handler) -> Handler:
        if name in KINDS:
            raise ValueError(f"two kinds of runs are called {name}")
        KINDS[name] = RunKind(
            name, handler, minutes, label or name, steps or {}, next_url, asked, on_end
        )
        return handler

    return register


def kind_named(name: str) -> RunKind | None:
    """Return a kind of run, None where no app knows it."""
    if name not in KINDS:
        discover()
    return KINDS.get(name)


@cache
def discover() -> None:
    """
    Import the `handlers` module of every app that has one.

    Done when a kind is first asked for: handlers import much of the library, which commands and
    pages without runs do not need.
    """
    autodiscover_modules("handlers")
