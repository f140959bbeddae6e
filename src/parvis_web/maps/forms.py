"""What a picture of the map can be asked for."""

import math
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT = 960, 640
LEAST_SIDE, LARGEST_SIDE = 120, 1600
"""[px]"""


def _themes() -> list[tuple[str, str]]:
    from parvis.report.map_picture import THEMES

    return [(name, name) for name in THEMES]


class PictureForm(forms.Form):
    """The address of a picture: what part of the map, how large, in which colours."""

    bbox = forms.CharField(label=_("bounds"), required=False, max_length=120)
    space = forms.UUIDField(label=_("public space"), required=False)
    theme = forms.ChoiceField(label=_("theme"), required=False, choices=_themes)
    width = forms.IntegerField(
        label=_("width"), required=False, min_value=LEAST_SIDE, max_value=LARGEST_SIDE
    )
    height = forms.IntegerField(
        label=_("height"), required=False, min_value=LEAST_SIDE, max_value=LARGEST_SIDE
    )

    def clean_bbox(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north to the metre."""
        text = self.cleaned_data["bbox"]
        if not text:
            return None
        try:
            west, south, east, north = (round(float(part), 5) for part in text.split(","))
        except ValueError:
            west = south = east = north = math.nan
        if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
            raise forms.ValidationError(
                _(
                    "Give west, south, east and north in degrees with commas between, "
                    "as in 7.41,43.72,7.44,43.75."
                )
            )
        return west, south, east, north

    def clean(self) -> dict[str, Any]:
        """Fill in what was not asked for."""
        given = super().clean() or {}
        usual = {"theme": "light", "width": WIDTH, "height": HEIGHT}
        return given | {key: given.get(key) or value for key, value in usual.items()}
