"""Who may do what with cities, beyond what every object follows."""

from parvis_web.accounts.rights import Actor, check_editor, check_write
from parvis_web.cities.errors import CityAtWorkError
from parvis_web.cities.models import City
from parvis_web.runs.models import AnalysisRun, RunState

RUN_KINDS = ("city-import", "city-layer")


def check_add(actor: Actor) -> None:
    """Raise unless `actor` may add cities to the authority."""
    check_editor(actor)


def check_change(actor: Actor, city: City) -> None:
    """Raise unless `actor` may change the city and nothing else is changing it."""
    check_write(actor, city)
    if is_at_work(city):
        raise CityAtWorkError(city=city.name)


def is_at_work(city: City) -> bool:
    """Return whether an import or a layer is being worked on."""
    return AnalysisRun.objects.filter(
        authority_id=city.authority_id,
        subject_kind=City.kind(),
        subject_id=city.pk,
        kind__in=RUN_KINDS,
        state__in=(RunState.QUEUED, RunState.RUNNING),
    ).exists()
