"""What people fill in on site: one finding, or a survey sheet."""

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.city.corrections import CorrectionKind, Method
from parvis_web.spaces.endings import check_ending
from parvis_web.spaces.evidence import MOST_BYTES

KINDS = [
    (CorrectionKind.GAP.value, _("gap between obstacles")),
    (CorrectionKind.WIDTH.value, _("width of the street")),
    (CorrectionKind.BOLLARD.value, _("bollard or block")),
    (CorrectionKind.WALL.value, _("wall or fence")),
    (CorrectionKind.STEP.value, _("steps")),
    (CorrectionKind.KERB.value, _("kerb")),
    (CorrectionKind.TREE.value, _("tree")),
    (CorrectionKind.GROUND.value, _("ground one can drive on")),
]
POINT_KINDS = [pair for pair in KINDS if pair[0] not in {"wall", "step", "kerb"}]
METHODS = [
    (Method.TAPE.value, _("measured on site")),
    (Method.PLAN.value, _("read off a plan")),
    (Method.SEEN.value, _("seen")),
]
STATES = [
    ("", _("not rated")),
    ("closed", _("closed or fixed")),
    ("lowered", _("lowered or open")),
    ("active", _("moves (rising bollard, gate)")),
]
SHEET_ENDINGS = (".xlsx", ".csv", ".gpkg", ".geojson")


class FindingForm(forms.Form):
    """One finding: what was measured or seen at a place."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=KINDS)
    value = forms.CharField(
        label=_("Measured, in metres"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )
    there = forms.ChoiceField(
        label=_("Is it there?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        required=False,
        initial="yes",
    )
    method = forms.ChoiceField(label=_("How it was found"), choices=METHODS)
    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    person = forms.CharField(label=_("Measured by"), max_length=150)
    rating = forms.CharField(
        label=_("Rating on the plate or certificate"),
        required=False,
        max_length=80,
        help_text=_("For example V/7200[N2B]/64/90:1.5. Leave empty where it is not rated."),
    )
    state = forms.ChoiceField(label=_("State of the barrier"), choices=STATES, required=False)
    plate = forms.CharField(label=_("What the plate says"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Up to 30 MB. Place, time and camera written into it are removed."),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "capture": "environment",
                "data-max-bytes": MOST_BYTES,
            }
        ),
    )
    osm = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    lon = forms.CharField(label=_("Longitude"), required=False, max_length=24)
    lat = forms.CharField(label=_("Latitude"), required=False, max_length=24)
    place = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_placed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate()
        if is_placed:
            for name in ("kind", "lon", "lat"):
                self.fields[name].widget = forms.HiddenInput()
        else:
            self.fields["kind"].choices = POINT_KINDS  # type: ignore[attr-defined]
            for name in ("lon", "lat"):
                self.fields[name].widget.attrs |= {"inputmode": "decimal", "class": "short"}

    def clean(self) -> dict[str, Any]:
        """Take the place set on the map where none was typed."""
        cleaned = super().clean() or {}
        if cleaned.get("lon") and cleaned.get("lat"):
            return cleaned
        try:
            lon, lat = json.loads(cleaned.get("place") or "")["coordinates"][:2]
            cleaned["lon"], cleaned["lat"] = str(float(lon)), str(float(lat))
        except (ValueError, TypeError, KeyError):
            self.add_error(None, _("Set the place on the map, or type its longitude and latitude."))
        return cleaned

    def cells(self) -> dict[str, str]:
        """Return the finding as a row of a survey sheet."""
        cleaned = self.cleaned_data
        cells = {
            name: str(cleaned.get(name) or "") for name in cleaned if name not in {"photo", "place"}
        }
        cells["date"] = cleaned["date"].isoformat()
        if not cells["rating"]:
            cells["state"] = ""
        return {name: value for name, value in cells.items() if value}


class SheetForm(forms.Form):
    """A filled survey sheet."""

    file = forms.FileField(
        label=_("Filled survey sheet"),
        help_text=_("XLSX or CSV as downloaded here, or a GeoPackage with the same columns."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(SHEET_ENDINGS), "data-max-bytes": MOST_BYTES}
        ),
    )

    def clean_file(self) -> Any:
        """Refuse other kinds of file before they are read."""
        file = self.cleaned_data["file"]
        check_ending(file.name, SHEET_ENDINGS)
        return file
