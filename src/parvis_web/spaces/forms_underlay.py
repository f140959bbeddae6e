"""What people fill in to lay a plan under the map."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.spaces.evidence import MOST_BYTES


class UnderlayForm(forms.Form):
    """A plan or photo to lay under the map."""

    file = forms.FileField(
        label=_("Plan or photo"),
        help_text=_("PDF, PNG, JPEG, TIFF or WebP up to 30 MB."),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": "application/pdf,image/png,image/jpeg,image/tiff,image/webp",
                "data-max-bytes": MOST_BYTES,
            }
        ),
    )
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=9999, initial=1)
    name = forms.CharField(label=_("Name"), required=False, max_length=120)


class PointForm(forms.Form):
    """One place known on the plan and on the map."""

    column = forms.FloatField(label=_("Across on the plan, in pixels"), min_value=0)
    row = forms.FloatField(label=_("Down on the plan, in pixels"), min_value=0)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-85, max_value=85)
    place = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Take the place set on the map where none was typed."""
        cleaned = super().clean() or {}
        if cleaned.get("lon") is None or cleaned.get("lat") is None:
            try:
                lon, lat = json.loads(cleaned.get("place") or "")["coordinates"][:2]
                cleaned["lon"], cleaned["lat"] = float(lon), float(lat)
            except (ValueError, TypeError, KeyError):
                self.add_error(
                    None, _("Set the same place on the map, or type its longitude and latitude.")
                )
        return cleaned


class LookForm(forms.Form):
    """Name and strength of a plan, and how it is fitted."""

    name = forms.CharField(label=_("Name"), max_length=120)
    opacity = forms.FloatField(
        label=_("Strength, from 0 to 1"),
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    method = forms.ChoiceField(
        label=_("The plan is"),
        choices=[
            ("similarity", _("drawn to scale: shifted, turned and scaled (two points or more)")),
            ("affine", _("a stretched scan or photo: each axis on its own (three or more)")),
        ],
    )
