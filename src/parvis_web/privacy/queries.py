"""What the record of processing holds."""

from django.db.models import QuerySet

from parvis_web.accounts.rights import Actor, readable
from parvis_web.privacy.models import Dataset


def datasets(actor: Actor) -> "QuerySet[Dataset]":
    """Return the datasets that `actor` may read, the next to be deleted first."""
    return readable(actor, Dataset.objects.all()).order_by("deleted", "delete_on", "name")
