"""Which spaces does somebody want to see in the list?"""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.vocabulary import Marking
from parvis_web.cities.models import City
from parvis_web.spaces.models import AssessmentState, PlaceKind, Space

SORTS = {
    "name": ("name", "pk"),
    "-name": ("-name", "pk"),
    "kind": ("place_kind", "name", "pk"),
    "-kind": ("-place_kind", "name", "pk"),
    "size": ("area_size", "pk"),
    "-size": ("-area_size", "pk"),
    "state": ("state", "name", "pk"),
    "-state": ("-state", "name", "pk"),
    "city": ("city__name", "name", "pk"),
    "-city": ("-city__name", "name", "pk"),
    "-created": ("-created", "pk"),
}


class SpaceFilterForm(forms.Form):
    """Search, filters and order of the list; what it does not understand it ignores."""

    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    city = forms.ModelChoiceField(
        City.objects.none(), label=_("City"), required=False, empty_label=_("All cities")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *PlaceKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State of work"),
        required=False,
        choices=[("", _("All states")), *AssessmentState.choices],
    )
    marking = forms.ChoiceField(
        label=_("Marking"), required=False, choices=[("", _("All markings")), *Marking.choices]
    )
    mine = forms.BooleanField(label=_("Assigned to me or made by me"), required=False)
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS])

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        self.actor = actor
        cities = readable(actor, City.objects.filter(removed__isnull=True))
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was understood, without what is empty."""
        return {key: value for key, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.chosen.keys() - {"sort"})

    @property
    def order(self) -> str:
        """Return the order asked for, by name where none is."""
        return str(self.chosen.get("sort", "name"))

    def apply(self, spaces: "QuerySet[Space]") -> "QuerySet[Space]":
        """Keep the spaces asked for, in the order asked for."""
        chosen = self.chosen
        if words := chosen.get("q"):
            spaces = spaces.filter(_named(words))
        if city := chosen.get("city"):
            spaces = spaces.filter(city=city)
        for name, field in (("kind", "place_kind"), ("state", "state"), ("marking", "marking")):
            if name in chosen:
                spaces = spaces.filter(**{field: chosen[name]})
        if chosen.get("mine") and self.actor.user is not None:
            user = self.actor.user
            mine = Space.objects.filter(Q(assignees=user) | Q(created_by=user)).values("pk")
            spaces = spaces.filter(pk__in=mine)
        return spaces.order_by(*SORTS[self.order])


def _named(words: str) -> Q:
    """Names holding every word, in whatever capitals, on databases that only fold ASCII too."""
    rule = Q()
    for word in words.split():
        variants = {word, word.lower(), word.upper(), word.capitalize()}
        either = Q()
        for variant in variants:
            either |= Q(name__icontains=variant)
        rule &= either
    return rule


def filter_form(request: HttpRequest) -> SpaceFilterForm:
    """Return the filters of a request's address."""
    return SpaceFilterForm(request.actor, request.GET)  # type: ignore[attr-defined]
