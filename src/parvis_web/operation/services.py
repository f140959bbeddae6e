"""Writes about the installation as a whole: operators, backups that exist, what was restored."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.chain import INSTANCE
from parvis_web.audit.models import AuditHead
from parvis_web.audit.recording import note, service


@service("instance.backup")
def record_backup(actor: InstanceActor, *, seal: str, n_rows: int, n_files: int) -> None:
    """Record that a copy of everything exists outside the application."""
    del actor
    note(AuditHead(chain=INSTANCE), seal=seal, rows=n_rows, files=n_files)


@service("instance.restore")
def record_restore(actor: InstanceActor, *, seal: str, n_rows: int) -> None:
    """Record that everything was replaced by what a backup held."""
    del actor
    note(AuditHead(chain=INSTANCE), seal=seal, rows=n_rows)


@service("operator.create")
def create_operator(actor: InstanceActor, *, email: str, name: str = "") -> User:
    """
    Make an account that runs the installation and belongs to no authority.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where the address is none, or somebody has it.
    """
    del actor
    email = email.strip().lower()
    validate_email(email)
    if User.objects.filter(email=email).exists():
        raise ValidationError(
            _("%(email)s has an account already. An operator needs an address of their own.")
            % {"email": email}
        )
    user = User.objects.create_user(email, name=name, is_operator=True)
    note(user, after={"email": email, "is_operator": True})
    return user
