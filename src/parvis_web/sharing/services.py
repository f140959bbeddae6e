"""Every write of share files: made, withdrawn, received, ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.holding import check_held
from parvis_web.accounts.rights import Actor, check_owner, check_write
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.recording import note, service
from parvis_web.sharing.figures import FIGURES, counted
from parvis_web.sharing.models import ReceivedShare, ShareFile
from parvis_web.sharing.signing import is_signed, public_key, sign

FORMAT = "parvis-share-1"
WITHDRAWAL = "parvis-share-withdrawal-1"
LONGEST = timedelta(days=3 * 365)


@service("share.make")
def make_share(
    actor: Actor, *, figures: Sequence[str], recipient: str, consent: str, expires_on: date
) -> ShareFile:
    """
    Make a signed file of chosen figures that an owner consents to hand over.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where no figure is chosen or the end is not within three years.
    """
    check_owner(actor)
    today = timezone.localdate()
    if not set(figures) or set(figures) - set(FIGURES):
        raise ValidationError(_("Choose at least one of the figures that are offered."))
    if not today < expires_on <= today + LONGEST:
        raise ValidationError(_("Choose an end between tomorrow and three years from now."))
    share = ShareFile(
        authority=actor.authority,
        created_by=actor.user,
        recipient=recipient,
        consent=consent,
        expires_on=expires_on,
    )
    share.content = {
        "format": FORMAT,
        "id": str(share.pk),
        "authority": actor.authority.name,
        "country": actor.authority.country,
        "recipient": recipient,
        "consent": consent,
        "made_on": today.isoformat(),
        "expires_on": expires_on.isoformat(),
        "marking": str(share.marking),
        "version": __version__,
        "figures": counted(actor.authority, figures),
    }
    share.signature = sign(actor.authority.pk, share.content)
    share.save(force_insert=True)
    note(share, after=share.content, recipient=recipient)
    return share


@service("share.withdraw")
def withdraw_share(actor: Actor, share: ShareFile) -> dict[str, Any]:
    """Withdraw a share file; return the signed withdrawal to hand to whoever has the file."""
    check_owner(actor)
    check_write(actor, share)
    share.withdrawn = share.withdrawn or timezone.now()
    share.save(update_fields=["withdrawn"])
    note(share, after={"withdrawn": True})
    return signed_document(actor.authority.pk, withdrawal(share))


@service("share.receive")
def receive_share(actor: Actor, document: Any) -> ReceivedShare | None:
    """
    Take a share file or a withdrawal that another authority handed over.

    Returns
    -------
    ReceivedShare or None
        None after a withdrawal.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where it is no share file, was changed, has expired or was withdrawn.
    """
    check_owner(actor)
    content, key = _checked(document)
    rows = ReceivedShare.objects.filter(authority=actor.authority, public_key=key)
    known = rows.filter(share_id=UUID(content["id"])).first()
    if content["format"] == WITHDRAWAL:
        if known is None:
            raise ValidationError(_("There is nothing here that this withdrawal is about."))
        note(known, before=known.content)
        known.delete()
        return None
    end = parse_date(content["expires_on"])
    if end is None or end < timezone.localdate():
        raise ValidationError(_("This share file has expired: ask for a new one."))
    if known is not None:
        raise ValidationError(_("This share file was taken already."))
    check_held(content["marking"])
    received = ReceivedShare.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        sender=content["authority"],
        public_key=key,
        share_id=UUID(content["id"]),
        expires_on=end,
        content=content,
        marking=content["marking"],
    )
    note(received, after=content, sender=received.sender)
    return received


@service("share.end")
def end_share(actor: Actor, received: ReceivedShare) -> None:
    """Delete received figures whose day has come."""
    note(received, before=received.content)
    ReceivedShare.objects.filter(pk=received.pk).delete()


def end_expired(today: date) -> int:
    """Delete all received figures whose day has come; return how many files they came in."""
    expired = list(ReceivedShare.objects.filter(expires_on__lt=today).select_related("authority"))
    for received in expired:
        end_share(Actor(received.authority, via="date"), received)
    return len(expired)


def withdrawal(share: ShareFile) -> dict[str, Any]:
    """Return what a withdrawal says."""
    return {"format": WITHDRAWAL, "id": str(share.pk), "authority": share.content["authority"]}


def signed_document(authority_id: UUID, content: dict[str, Any]) -> dict[str, Any]:
    """Return content with signature and key, as the file holds it."""
    return {
        "content": content,
        "signature": sign(authority_id, content),
        "public_key": public_key(authority_id),
    }


def _checked(document: Any) -> tuple[dict[str, Any], str]:
    wrong = ValidationError(_("This is no share file, or it was changed after it was signed."))
    if not isinstance(document, dict):
        raise wrong
    content, key = document.get("content"), document.get("public_key")
    signature = document.get("signature")
    if not isinstance(content, dict) or not isinstance(key, str) or not isinstance(signature, str):
        raise wrong
    if content.get("format") not in {FORMAT, WITHDRAWAL} or not is_signed(content, signature, key):
        raise wrong
    texts = [content.get(name) for name in ("id", "authority")]
    try:
        UUID(str(texts[0]))
    except ValueError:
        raise wrong from None
    if content["format"] == FORMAT and not _has_figures(content):
        raise wrong
    return content, key


def _has_figures(content: dict[str, Any]) -> bool:
    figures = content.get("figures")
    return (
        isinstance(content.get("expires_on"), str)
        and content.get("marking") in Marking.values
        and isinstance(figures, list)
        and all(isinstance(row, dict) and {"key", "value", "unit"} <= set(row) for row in figures)
    )
