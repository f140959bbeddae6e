"""What is known of a space, how good the data are, and what to do next."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis_web.accounts.rights import Actor, readable
from parvis_web.spaces.facts import facts_of
from parvis_web.spaces.models import AssessmentState, Space
from parvis_web.spaces.tabs import address_of
from parvis_web.ui import formats


@dataclass
class NextStep:
    """Something to do, with where."""

    sentence: str
    url: str
    is_main: bool = False


@dataclass
class Overview:
    """
    What the overview of a space shows beside its map.

    Attributes
    ----------
    analysis : Analysis or None
        The latest one that the actor may read.
    summary : dict
        Its summary.
    is_outdated : bool
        Outline or city changed since.
    next_steps : list of NextStep
    """

    analysis: Any = None
    summary: dict[str, Any] = field(default_factory=dict)
    is_outdated: bool = False
    n_corrections: int = 0
    grade: str = ""
    sentence: str = ""
    facts: list[Any] = field(default_factory=list)
    assignees: list[Any] = field(default_factory=list)
    next_steps: list[NextStep] = field(default_factory=list)


def latest_analysis(actor: Actor, space: Space) -> Any:
    """Return the latest finished analysis of a space that `actor` may read, or None."""
    model = apps.get_model("approach.Analysis")
    rows = model.objects.filter(space=space, removed__isnull=True, run__state="done")
    return readable(actor, rows).select_related("run").order_by("-created").first()


def overview_of(actor: Actor, space: Space) -> Overview:
    """Return what is known of a space to `actor`."""
    analysis = latest_analysis(actor, space)
    overview = Overview(
        analysis=analysis,
        summary=dict(analysis.summary) if analysis else {},
        assignees=list(space.assignees.all()),
        n_corrections=readable(actor, space.corrections.filter(withdrawn__isnull=True)).count(),
    )
    if analysis is not None:
        overview.is_outdated = _is_outdated(analysis, space)
        overview.grade = str(analysis.summary.get("grade", ""))
        overview.sentence = _in_words(analysis.summary)
        overview.facts = facts_of(analysis)
    overview.next_steps = list(_next_steps(actor, space, overview))
    return overview


def _is_outdated(analysis: Any, space: Space) -> bool:
    from parvis_web.approach.questions import outline_digest

    has_other_ground = bool(analysis.outline) and analysis.outline != outline_digest(space)
    now = space.city.state_hash
    return has_other_ground or bool(now and analysis.city_state and analysis.city_state != now)


def _in_words(summary: dict[str, Any]) -> str:
    n_points, speed = summary.get("n_access_points"), summary.get("speed_kmh")
    if n_points is None:
        return ""
    if not n_points:
        return _("No vehicle of the classes looked at can enter this space.")
    places = ngettext(
        "Vehicles can enter this space at %(n)s place.",
        "Vehicles can enter this space at %(n)s places.",
        n_points,
    ) % {"n": n_points}
    if speed is None:
        return places
    fastest = _("The highest speed they can have there is about %(speed)s.")
    return f"{places} {fastest % {'speed': formats.speed_kmh(speed)}}"


def _next_steps(actor: Actor, space: Space, overview: Overview) -> list[NextStep]:
    steps: list[NextStep] = []

    def add(tab: str, sentence: str) -> None:
        if url := address_of(tab, actor, space):
            steps.append(NextStep(sentence, url, is_main=not steps))

    if overview.analysis is None:
        add("approach", _("Analyse from where and how fast vehicles could come"))
    elif overview.is_outdated:
        add("approach", _("Analyse again: the city's data or the outline changed since"))
    if overview.analysis is not None and space.state in {
        AssessmentState.UNSEEN,
        AssessmentState.ANALYSED,
    }:
        add("scenarios", _("Try out barriers and propose a plan"))
    add("site", _("Check on site what the result rests on"))
    return steps
