"""Users, authorities, memberships, grants on single objects, invitations and API tokens."""

import uuid
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis_web.accounts.holding import MarkingField, check_held
from parvis_web.accounts.vocabulary import Marking, Role

ERASED_DOMAIN = "erased.invalid"
"""Domain of the addresses that accounts have once their person was erased."""


class UserManager(BaseUserManager["User"]):
    """Makes users by their mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password they sign in otherwise."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by mail address, whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. Operators run the instance and belong to no authority."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        """Return the name, else the address; of an emptied account that its person is erased."""
        if self.email.endswith(f"@{ERASED_DOMAIN}"):
            return str(_("erased person"))
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name, else the address."""
        return str(self)


class Authority(models.Model):
    """Who owns everything: an urban authority, or a network of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    requires_second_factor = models.BooleanField(_("second factor required"), default=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "authorities"
        ordering = ["name"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


RowT = TypeVar("RowT", bound=models.Model)


class InForceQuerySet(models.QuerySet[RowT]):
    """Rows that have not ended."""

    def in_force(self) -> "InForceQuerySet[RowT]":
        """Keep what has no end or an end still to come."""
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=timezone.localdate())
        )


class Membership(models.Model):
    """A person's role in an authority, until a date if one is set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]


class Grant(models.Model):
    """
    One person named on one object, whether a guest or a member.

    `object_kind` is the model's label ("spaces.space"). A grant on a space also shows what hangs
    below it, up to AMBER; what is marked higher needs a grant of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    abilities = models.JSONField(default=list)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = InForceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "user", "object_kind", "object_id"], name="grant_once"
            )
        ]
        indexes = [models.Index(fields=["user", "object_kind", "object_id"])]

    @classmethod
    def on(cls, item: "Owned") -> "InForceQuerySet[Grant]":
        """Return the grants in force on one object."""
        return cls.objects.in_force().filter(
            authority=item.authority_id, object_kind=item.kind(), object_id=item.pk
        )

    @classmethod
    def copy(cls, source: "Owned", target: "Owned") -> None:
        """Name the members who are named on `source` on `target` too."""
        members = Membership.objects.in_force().filter(authority=source.authority_id)
        rows = cls.on(source).filter(user__in=members.values("user"))
        named = set(cls.on(target).values_list("user", flat=True))
        cls.objects.bulk_create(
            cls(
                authority_id=target.authority_id,
                user_id=row.user_id,
                object_kind=target.kind(),
                object_id=target.pk,
                abilities=row.abilities,
                purpose=row.purpose,
                ends_on=row.ends_on,
                given_by_id=row.given_by_id,
            )
            for row in rows
            if row.user_id not in named
        )


class Invitation(models.Model):
    """A link that makes its bearer a member, or names them on one object."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    abilities = models.JSONField(default=list)
    access_ends_on = models.DateField(_("access until"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    accepted = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(role__in=Role.values, object_id__isnull=True)
                    | models.Q(role="", object_id__isnull=False)
                ),
                name="invitation_to_a_role_or_an_object",
            )
        ]


class ApiToken(models.Model):
    """A key for machines: one person, one authority, some scopes, an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now, editable=False)


class MarkingProposal(models.Model):
    """A marking to CLEAR that one editor proposed and another one confirms or declines."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "object_kind", "object_id"],
                condition=models.Q(decided__isnull=True),
                name="marking_proposal_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(is_confirmed=False),
                name="marking_proposal_two_people",
            ),
        ]


class Owned(models.Model):
    """
    Base of every object an authority owns and marks.

    Subclasses may set `shared_by` to the name of the foreign key whose target's grants and
    assignees also count for them ("space").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    marking = MarkingField(
        _("marking"), max_length=12, choices=Marking.choices, default=Marking.AMBER
    )
    marking_reason = models.CharField(_("reason for the marking"), max_length=500, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    review_on = models.DateField(_("review the marking on"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    shared_by: str | None = None

    class Meta:
        abstract = True

    @classmethod
    def kind(cls) -> str:
        """Return the label that grants and audit events use."""
        return cls._meta.label_lower

    @classmethod
    def below(cls, item: "Owned") -> "models.QuerySet[Any]":
        """Return the objects of this model that belong to `item` and rise with its marking."""
        field = cls._meta.get_field(cls.shared_by) if cls.shared_by else None
        if field is None or field.related_model is not type(item):
            return cls._base_manager.none()
        return cls._base_manager.filter(**{field.name: item})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """
        Save; a new object that nobody marked is marked as high as what it belongs to.

        Raises
        ------
        django.core.exceptions.ValidationError
            Where this installation may not hold what is marked so.
        """
        above = self._above() if self._state.adding else None
        field = self._meta.get_field("marking")
        assert isinstance(field, models.Field)  # noqa: S101
        unmarked = self.marking == field.get_default()
        now = Marking(self.marking).order
        if above is None or not unmarked or Marking(above.marking).order <= now:
            check_held(self.marking)
            super().save(*args, **kwargs)
            return
        for name in ("marking", "marking_reason", "legal_basis", "review_on"):
            setattr(self, name, getattr(above, name))
        check_held(self.marking)
        super().save(*args, **kwargs)
        if self.marking == Marking.RED:
            Grant.copy(above, self)

    def _above(self) -> "Owned | None":
        above = getattr(self, self.shared_by) if self.shared_by else None
        assert above is None or isinstance(above, Owned)  # noqa: S101
        return above
