"""The words of need to know: markings, roles, actions and abilities."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Marking(models.TextChoices):
    """Traffic Light Protocol 2.0, from what is public to what only named persons read."""

    CLEAR = "CLEAR", "TLP:CLEAR"
    GREEN = "GREEN", "TLP:GREEN"
    AMBER = "AMBER", "TLP:AMBER"
    STRICT = "AMBER+STRICT", "TLP:AMBER+STRICT"
    RED = "RED", "TLP:RED"

    @property
    def is_restricted(self) -> bool:
        """Whether reading needs a second factor and leaves an audit event."""
        return self in {Marking.STRICT, Marking.RED}

    @property
    def order(self) -> int:
        """Return 0 for CLEAR up to 4 for RED."""
        return list(Marking).index(self)

    @property
    def rule(self) -> Promise:
        """Return in one sentence who may read it."""
        return _READERS[self]


_READERS = {
    Marking.CLEAR: _("Anybody may read it; only what is approved is published."),
    Marking.GREEN: _("All members may read it, and it may go to partners."),
    Marking.AMBER: _("Members may read it; assessors where they are assigned."),
    Marking.STRICT: _("Owners, coordinators and people named on it may read it."),
    Marking.RED: _("Only the members named on it may read it."),
}


class Role(models.TextChoices):
    """What a member does for an authority."""

    OWNER = "owner", _("Owner")
    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    ASSESSOR = "assessor", _("Assessor")
    READER = "reader", _("Reader")


class Ability(models.TextChoices):
    """What a grant lets a named person do with one object."""

    READ = "read", pgettext_lazy("ability", "Read")
    WRITE = "write", pgettext_lazy("ability", "Change")
    COMMENT = "comment", pgettext_lazy("ability", "Comment")
    ANSWER = "answer", pgettext_lazy("ability", "Answer")
    UPLOAD = "upload", pgettext_lazy("ability", "Upload")
    SIGN = "sign", pgettext_lazy("ability", "Sign")
