"""Who sees a city's base map: everybody who acts for the authority, for it is the open extract."""

from parvis_web.accounts.rights import Actor, check_read
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.reads import record_read
from parvis_web.cities.models import City


def check_base_map(actor: Actor, city: City) -> None:
    """
    Raise unless `actor` may see the base map of `city`; reads of a restricted one are recorded.

    Raises
    ------
    django.http.Http404
    parvis_web.accounts.rights.NotAllowed
    """
    if not _is_open(actor, city):
        check_read(actor, city)
        if Marking(city.marking).is_restricted:
            record_read(actor, city)


def _is_open(actor: Actor, city: City) -> bool:
    """Tell whether acting for the authority is enough: guests see the ground of what is shared."""
    may_read = actor.scopes is None or "read" in actor.scopes
    is_ours = city.authority_id == actor.authority.pk
    return is_ours and may_read and not Marking(city.marking).is_restricted
