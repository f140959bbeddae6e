"""What people fill in about people: invitations, roles, names on objects, markings, tokens."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.packs import legal_bases
from parvis_web.accounts.holding import held_markings
from parvis_web.accounts.models import Authority, Membership, Owned, User
from parvis_web.accounts.services.tokens import SCOPES
from parvis_web.accounts.table import may_be_named
from parvis_web.accounts.vocabulary import Ability, Marking, Role


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **options)


class InviteForm(forms.Form):
    """Invite somebody to a role."""

    email = forms.EmailField(label=_("Email address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.READER)
    ends_on = _day(
        label=_("Until"), required=False, help_text=_("Leave empty for a role without an end.")
    )


class MemberForm(forms.Form):
    """Change a member's role and end."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    ends_on = _day(label=_("Until"), required=False)


class MemberField(forms.ModelChoiceField):
    """A choice among members, by name and role."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and role."""
        return f"{obj.user} ({Role(obj.role).label})"


class ShareForm(forms.Form):
    """Name a member, or invite a guest by address, on one object."""

    member = MemberField(
        Membership.objects.none(), label=_("Member"), required=False, empty_label=_("Nobody chosen")
    )
    email = forms.EmailField(
        label=_("Or a guest's email address"),
        required=False,
        help_text=_("Somebody outside the authority: an adviser, organiser, operator, architect."),
    )
    abilities = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=[choice for choice in Ability.choices if choice[0] != Ability.READ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Everybody named may read."),
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)
    ends_on = _day(
        label=_("Until"), required=False, help_text=_("Needed for guests, at most a year ahead.")
    )

    def __init__(self, item: Owned, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marking = Marking(item.marking)
        roles = [role for role in Role if may_be_named(role, marking)]
        field = self.fields["member"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = (
            Membership.objects.in_force()
            .filter(authority=item.authority_id, role__in=roles)
            .select_related("user")
            .order_by("user__name")
        )
        if not may_be_named(None, marking):
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one person."""
        values = super().clean() or {}
        if bool(values.get("member")) == bool(values.get("email")):
            raise ValidationError(_("Choose one member, or give one guest's email address."))
        return values


class SuggestedInput(forms.TextInput):
    """A line of text with a list of what could stand there; anything else may."""

    template_name = "accounts/suggested_input.html"
    suggestions: Sequence[tuple[str, str]] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the list and point the field to it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if self.suggestions:
            options = f"{context['widget']['attrs'].get('id', name)}_options"
            context["widget"]["attrs"]["list"] = options
            context |= {"options": options, "suggestions": self.suggestions}
        return context


class MarkingForm(forms.Form):
    """Mark an object anew."""

    marking = forms.ChoiceField(
        label=_("Marking"),
        choices=[(mark.value, f"{mark.label}: ") for mark in Marking],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to lower a marking, and for TLP:AMBER+STRICT and TLP:RED."),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=200,
        required=False,
        widget=SuggestedInput,
        help_text=_("The law that allows to withhold it; needed for TLP:AMBER+STRICT and TLP:RED."),
    )
    review_on = _day(label=_("Review on"), required=False)

    def __init__(self, item: Owned, *args: Any, **kwargs: Any) -> None:
        now = {
            "marking": item.marking,
            "reason": item.marking_reason,
            "legal_basis": item.legal_basis,
            "review_on": item.review_on,
        }
        super().__init__(*args, **{"initial": now} | kwargs)
        field = self.fields["marking"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(mark.value, f"{mark.label}: {mark.rule}") for mark in held_markings()]
        self.legal_bases = legal_bases(item.authority.country, get_language() or "en")
        suggested = self.fields["legal_basis"].widget
        assert isinstance(suggested, SuggestedInput)  # noqa: S101
        suggested.suggestions = [(basis.citation, basis.allows) for basis in self.legal_bases]


class AuthorityForm(forms.ModelForm):
    """An authority's settings."""

    class Meta:
        model = Authority
        fields = ["name", "country", "language", "time_zone", "requires_second_factor"]
        help_texts = {
            "country": _("Two letters, such as FR; decides laws and the national grid."),
            "requires_second_factor": _(
                "Every page of the authority then asks every member for a second factor."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of invitations.")
        )
        zones = [(zone, zone) for zone in sorted(available_timezones())]
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones)

    def clean_country(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["country"]).upper()


class TokenForm(forms.Form):
    """Make a token."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What it is for, such as QGIS on my laptop.")
    )
    scope = forms.ChoiceField(
        label=_("It may"),
        choices=[(SCOPES[0], _("read")), (SCOPES[1], _("read and write"))],
        widget=forms.RadioSelect,
        initial=SCOPES[0],
    )
    ends_on = _day(label=_("Until"), help_text=_("At most a year ahead."))


class ProfileForm(forms.ModelForm):
    """One's own name and language."""

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            choices=[("", _("as the browser asks")), *settings.LANGUAGES],
            required=False,
        )


class JoinForm(forms.Form):
    """Make the account of an invited person."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words are easy to remember."),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Compare both passwords and hold them against the rules."""
        values = super().clean() or {}
        password = values.get("password")
        if password:
            if password != values.get("again"):
                self.add_error("again", _("The two passwords are not the same."))
            try:
                validate_password(password, User(email=self.email, name=values.get("name", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
        return values
