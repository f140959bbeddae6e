"""Which markings may this installation hold? A network's own holds GREEN and CLEAR only."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from parvis_web.accounts.vocabulary import Marking

HELD_BY_NETWORKS = (Marking.CLEAR, Marking.GREEN)


def held_markings() -> tuple[Marking, ...]:
    """Return the markings that objects may have here, lowest first."""
    return HELD_BY_NETWORKS if settings.PARVIS_NETWORK_INSTANCE else tuple(Marking)


def default_marking() -> Marking:
    """Return the marking of what nobody marked."""
    return Marking.GREEN if settings.PARVIS_NETWORK_INSTANCE else Marking.AMBER


def check_held(marking: str) -> None:
    """Raise `ValidationError` where this installation may not hold what is marked so."""
    if marking not in held_markings():
        raise ValidationError(
            _(
                "This is the installation of a network: it holds TLP:CLEAR and TLP:GREEN only. "
                "What is marked %(marking)s stays with the authority that owns it."
            ),
            code="not_held_here",
            params={"marking": Marking(marking).label},
        )


class MarkingField(models.CharField[str, str]):
    """A marking whose default is that of the installation; the same column everywhere."""

    def get_default(self) -> Any:
        """Return the marking of what nobody marked here."""
        return default_marking()

    def deconstruct(self) -> Any:
        """Return what migrations write: a plain column, whatever the installation is for."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
