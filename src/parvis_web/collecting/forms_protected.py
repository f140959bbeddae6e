"""What people fill in about protected data: why they are here, until when, what is counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Role
from parvis_web.collecting.files import INCIDENT_ENDINGS, MOST_BYTES, SURVEY_ENDINGS
from parvis_web.collecting.forms import day_input, file_field
from parvis_web.collecting.models import AreaLayer, ContentKind
from parvis_web.collecting.queries import area_layers
from parvis_web.collecting.rules import check_delete_on, latest_day
from parvis_web.privacy.models import Regime

SUBMISSION_ENDINGS = (".csv", ".xlsx", ".json", ".zip")
ENDINGS = {
    ContentKind.INCIDENTS: INCIDENT_ENDINGS,
    ContentKind.SURVEY: SURVEY_ENDINGS,
    ContentKind.SUBMISSIONS: SUBMISSION_ENDINGS,
}
PEOPLE_ENDINGS = (".csv", ".xlsx")
INCIDENT_COLUMNS = {
    "time": _("When"),
    "until": _("Until when"),
    "time_format": _("How days are written"),
    "x": _("East or longitude"),
    "y": _("North or latitude"),
    "crs": _("Coordinate system"),
    "kind": _("Kind of incident"),
    "place": _("Kind of place"),
    "area": _("Code of the area"),
    "count": _("Incidents a row stands for"),
    "id": _("Number of the incident"),
}
TYPED = ("time_format", "crs")
PERIODS = (("year", _("years")), ("quarter", _("quarters")), ("month", _("months")))
MOST_SHOWN_KINDS = 60


def members_for_lists(actor: Actor) -> Any:
    """Return who can be on an access list: members of the authority who are no readers."""
    rows = actor.authority.memberships.in_force().exclude(role=Role.READER)
    return User.objects.filter(pk__in=rows.values("user")).order_by("name", "email")


class ProtectForm(forms.Form):
    """A file about single people or incidents, and why, for whom and until when it is here."""

    file = file_field(_("File"), (*INCIDENT_ENDINGS, *SURVEY_ENDINGS, ".zip", ".json"))
    content_kind = forms.ChoiceField(label=_("It holds"), choices=ContentKind.choices)
    name = forms.CharField(label=_("What it is"), max_length=200)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    regime = forms.ChoiceField(
        label=_("Legal regime"),
        choices=Regime.choices,
        help_text=_("Data of the police about incidents are mostly under the directive."),
    )
    basis = forms.CharField(label=_("Legal basis"), max_length=200)
    people = forms.CharField(label=_("People concerned"), max_length=200)
    data_owner = forms.CharField(
        label=_("Responsible office"), max_length=200, help_text=_("An office, not a person.")
    )
    retention = forms.CharField(label=_("Why it is kept so long"), max_length=300)
    delete_on = forms.DateField(label=_("Deleted on"), widget=day_input())
    members = forms.ModelMultipleChoiceField(
        label=_("Also on the access list"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You are on it. Nobody else sees what the file holds, whatever their role."),
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=20,
        help_text=_("Of incidents whose coordinates are no degrees: EPSG:25832, for example."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        field.queryset = members_for_lists(actor).exclude(pk=actor.user.pk if actor.user else None)
        self.fields["delete_on"].help_text = _now("At the latest on %(day)s.") % {
            "day": latest_day().isoformat()
        }
        self.fields["file"].help_text = _now("Up to %(limit)d MB.") % {"limit": MOST_BYTES // 2**20}

    def clean_delete_on(self) -> date:
        """Refuse days on which it would be kept longer than allowed."""
        day: date = self.cleaned_data["delete_on"]
        try:
            check_delete_on(day)
        except ValidationError as problem:
            raise ValidationError(problem.messages) from None
        return day


class PersonForm(forms.Form):
    """Somebody who is put on an access list."""

    user = forms.ModelChoiceField(label=_("Member"), queryset=User.objects.none())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = members_for_lists(actor)


class CountForm(forms.Form):
    """How incidents are counted as indicators."""

    period = forms.ChoiceField(label=_("Count by"), choices=PERIODS)
    covered_from = forms.DateField(label=_("The file is complete from"), widget=day_input())
    covered_to = forms.DateField(label=_("The file is complete to"), widget=day_input())
    areas = forms.ModelChoiceField(
        label=_("Areas"),
        queryset=AreaLayer.objects.none(),
        required=False,
        empty_label=_("those the file says, or none"),
    )
    only_inside = forms.BooleanField(
        label=_("Areas cover the whole city: what lies outside is not counted"),
        required=False,
        initial=True,
    )
    city = forms.CharField(label=_("Code of the whole city"), max_length=80, initial="city")
    people = file_field(
        _("Residents by area"),
        PEOPLE_ENDINGS,
        required=False,
        help_text=_(
            "CSV or XLSX with the columns code and people. Without it, what was delivered as "
            "BCK-01 and BCK-02 counts."
        ),
    )
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        columns: Sequence[str],
        facts: Mapping[str, Any],
        settings: Mapping[str, Any],
        indicators: Mapping[str, str],
        suggested: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = area_layers(actor)
        guessed = settings.get("mapping") or facts.get("mapping", {})
        choices = [("", "–"), *((name, name) for name in columns)]
        for name, meaning in INCIDENT_COLUMNS.items():
            made: forms.Field = (
                forms.CharField(label=meaning, required=False, max_length=60)
                if name in TYPED
                else forms.ChoiceField(label=meaning, required=False, choices=choices)
            )
            made.initial = guessed.get(name, "")
            self.fields[f"col_{name}"] = made
        counted = [("", _now("not counted")), *((code, name) for code, name in indicators.items())]
        self._kinds = list(facts.get("kinds", {}))[:MOST_SHOWN_KINDS] or [""]
        before = {**settings.get("indicators", {}), **suggested}
        for place, kind in enumerate(self._kinds):
            n = facts.get("kinds", {}).get(kind)
            label: Any = f"{kind} ({n})" if kind else _now("All incidents")
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=label, required=False, choices=counted, initial=before.get(kind, "")
            )
        self._guess_covered(facts)
        for name in ("period", "city", "source", "only_inside"):
            if name in settings:
                self.fields[name].initial = settings[name]

    def _guess_covered(self, facts: Mapping[str, Any]) -> None:
        months = facts.get("months") or []
        if months:
            first, last = (date.fromisoformat(f"{month}-01") for month in (months[0], months[-1]))
            following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
            self.fields["covered_from"].initial = first
            self.fields["covered_to"].initial = date.fromordinal(following.toordinal() - 1)

    @property
    def kind_fields(self) -> list[Any]:
        """One field for each kind of incident."""
        return [self[f"kind_{place}"] for place in range(len(self._kinds))]

    @property
    def column_fields(self) -> list[Any]:
        """One field for each meaning of a column."""
        return [self[f"col_{name}"] for name in INCIDENT_COLUMNS]

    @property
    def first(self) -> list[Any]:
        """What is asked of every count."""
        names = ("period", "covered_from", "covered_to", "areas", "only_inside", "city", "people",
                 "source")  # fmt: skip
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one kind that is counted, and for days in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"kind_{place}") for place in range(len(self._kinds))):
            self.add_error("kind_0", _now("Choose an indicator for at least one kind."))
        first, last = cleaned.get("covered_from"), cleaned.get("covered_to")
        if first and last and last < first:
            self.add_error("covered_to", _now("This day is before the first one."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return what was filled in, as a run takes it."""
        data = self.cleaned_data
        layer = data["areas"]
        return {
            "mapping": {name: data[f"col_{name}"] for name in INCIDENT_COLUMNS},
            "indicators": {
                kind: data[f"kind_{place}"]
                for place, kind in enumerate(self._kinds)
                if data[f"kind_{place}"]
            },
            "period": data["period"],
            "covered": [data["covered_from"].isoformat(), data["covered_to"].isoformat()],
            "city": data["city"],
            "only_inside": data["only_inside"] and layer is not None,
            "source": data["source"],
            "areas_digest": layer.digest if layer is not None else "",
        }
