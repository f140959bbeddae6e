"""Which authorities does a person work with?"""

from django.db.models import Q
from django.utils import timezone

from parvis_web.accounts.models import Authority, User


def authorities_of(user: User) -> list[Authority]:
    """Return the authorities in which `user` has a membership or a grant in force, by name."""
    today = timezone.localdate()
    in_force = [
        Q(**{f"{rows}__ends_on__isnull": True}) | Q(**{f"{rows}__ends_on__gte": today})
        for rows in ("memberships", "grants")
    ]
    rule = (Q(memberships__user=user) & in_force[0]) | (Q(grants__user=user) & in_force[1])
    return list(Authority.objects.filter(rule).distinct())
