"""Which place does a scenario ask about, and which analysis does it continue?"""

from parvis_web.accounts.rights import Actor, readable
from parvis_web.approach import questions
from parvis_web.approach.kept import RESULT, folder_of
from parvis_web.approach.models import Analysis
from parvis_web.runs.models import RunState
from parvis_web.scenarios.bench import Place
from parvis_web.spaces.models import Space


def latest_analysis(actor: Actor, space: Space) -> Analysis | None:
    """Return the newest finished analysis of a space that `actor` may read."""
    rows = Analysis.objects.filter(space=space, removed__isnull=True, run__state=RunState.DONE)
    return readable(actor, rows).select_related("run", "space__city").order_by("-created").first()


def is_of_today(analysis: Analysis) -> bool:
    """Return whether an analysis saw the ground and the outline of today."""
    changed = questions.outdated(analysis, analysis.assumption)
    return not {"city", "outline"} & set(changed)


def place_of(space: Space, analysis: Analysis | None) -> Place:
    """Return the place as the bench takes it; an outdated analysis only lends its question."""
    if analysis is None or "place" not in analysis.question:
        question = questions.asked(space, None, vehicles=None, design="cautious")
        result = ""
    else:
        question = {**analysis.question, "place": questions.place(space)}
        file = folder_of(analysis) / RESULT
        result = str(file) if is_of_today(analysis) and file.is_file() else ""
    asked = {name: question.get(name) for name in ("place", "vehicles", "design", "people_line")}
    return Place(
        authority_id=space.authority_id,
        question=asked,
        city_hash=space.city.state_hash,
        result=result,
    )
