"""Share files that an authority made, and those it received from others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Owned
from parvis_web.accounts.vocabulary import Marking


class ShareFile(Owned):
    """A file of chosen figures that left the authority; `content` is what was signed."""

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    recipient = models.CharField(_("for whom"), max_length=200)
    consent = models.CharField(_("consent"), max_length=300)
    expires_on = models.DateField(_("may be used until"))
    content = models.JSONField()
    signature = models.CharField(max_length=128)
    withdrawn = models.DateTimeField(null=True)


class ReceivedShare(Owned):
    """Figures another authority handed over; gone when they expire or are withdrawn."""

    marking = models.CharField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.GREEN
    )
    sender = models.CharField(max_length=200)
    public_key = models.CharField(max_length=64)
    share_id = models.UUIDField()
    expires_on = models.DateField()
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "public_key", "share_id"], name="share_received_once"
            )
        ]
