"""Which object does a kind and an id name?"""

from uuid import UUID

from django.apps import apps
from django.http import Http404

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.holding import held_markings
from parvis_web.accounts.models import Owned
from parvis_web.accounts.rights import Actor


def owned_model(kind: str) -> type[Owned]:
    """
    Return the model of a kind such as "spaces.space".

    Raises
    ------
    django.http.Http404
        Where no such kind of object is owned by authorities.
    """
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Owned):
        raise Http404
    return model


def owned_models() -> list[type[Owned]]:
    """Return every model of objects that authorities own."""
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def held_above() -> list[str]:
    """Return the kinds of objects here whose marking this installation may not hold."""
    return [
        model.kind()
        for model in owned_models()
        if model._base_manager.exclude(marking__in=held_markings()).exists()
    ]


def get_object(actor: Actor, kind: str, pk: UUID) -> Owned:
    """Return the object that `actor` may read, or 404; the read is recorded where it must be."""
    return get_readable(actor, owned_model(kind)._base_manager.all(), pk)


def find_object(authority_id: UUID, kind: str, pk: UUID | None) -> Owned | None:
    """Return the object for the application's own checks, without asking for rights."""
    if pk is None:
        return None
    try:
        model = owned_model(kind)
    except Http404:
        return None
    return model._base_manager.filter(authority=authority_id, pk=pk).first()
