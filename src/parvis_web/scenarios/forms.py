"""What people fill in to place, move and take away barriers, without a map."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.report.scenario_plan import line_before
from parvis_web.scenarios.rules import MOST_BYTES, MOST_CHANGES


class NameForm(forms.Form):
    """The name of a scenario."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class EditForm(forms.Form):
    """A whole list of changes, as the map sends it."""

    edit = forms.IntegerField(min_value=1)
    changes = forms.CharField(max_length=MOST_BYTES)
    people = forms.IntegerField(min_value=0, max_value=10_000_000, required=False)

    def clean_changes(self) -> list[dict[str, Any]]:
        """Return the list; anything else is refused."""
        try:
            rows = json.loads(self.cleaned_data["changes"])
        except ValueError:
            rows = None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError(_("The changes cannot be read."))
        if len(rows) > MOST_CHANGES:
            raise ValidationError(
                _("A scenario holds up to %(most)s changes.") % {"most": MOST_CHANGES}
            )
        return rows


class PeopleForm(forms.Form):
    """How many people the way out must do for."""

    people = forms.IntegerField(
        label=gettext_lazy("Most people inside at once"),
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text=gettext_lazy("For the check that people get out in time. Empty: not known."),
    )


class WhereForm(forms.Form):
    """Where a line stands: before an access point, or between two places."""

    access_point = forms.TypedChoiceField(
        label=gettext_lazy("At access point"), required=False, coerce=int, empty_value=None
    )
    offset = forms.FloatField(
        label=gettext_lazy("Metres before it"), initial=2.5, min_value=0, max_value=200,
        required=False,
    )  # fmt: skip
    line = forms.CharField(
        label=gettext_lazy("Or between two places"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Longitude, latitude; longitude, latitude"),
        widget=forms.TextInput(attrs={"placeholder": "10.00123, 50.00456; 10.00131, 50.00459"}),
    )

    change_type = ""

    def __init__(self, data: Any = None, *, place: Mapping[str, Any] | None) -> None:
        super().__init__(data, auto_id=f"id_{self.change_type}_%s")
        self.place: Mapping[str, Any] = place or {}
        points = place["present"]["points"] if place else []
        choices: list[tuple[Any, str]] = [("", "–")]
        for point in points:
            choices.append((point["id"], f"{point['id']} {point['street']}".strip()))
        _choose(self.fields["access_point"], choices)

    def clean(self) -> dict[str, Any]:
        """Find the line, by the coordinates where some are given."""
        cleaned = super().clean() or {}
        typed, number = cleaned.get("line", "").strip(), cleaned.get("access_point")
        if typed:
            cleaned["where"] = line_of_text(typed)
        elif number is not None:
            offset = cleaned.get("offset")
            cleaned["where"] = self.before(number, 2.5 if offset is None else offset)
        elif not self.errors:
            raise ValidationError(_("Choose an access point, or give two places."))
        return cleaned

    def before(self, number: int, offset: float) -> dict[str, Any]:
        """Return the line some metres before an access point."""
        points = self.place["present"]["points"]
        stretch = next(point for point in points if point["id"] == number)
        return line_before(stretch["geometry"], self.place["area"], offset=offset)


class RowForm(WhereForm):
    """A row of products: bollards, walls, planters, gates."""

    change_type = "place_row"

    family = forms.ChoiceField(label=gettext_lazy("Element"))
    level = forms.ChoiceField(
        label=gettext_lazy("Strength"),
        required=False,
        help_text=gettext_lazy(
            "Left open, the row is taken to hold and the page says what it needs."
        ),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Number of elements"), min_value=1, max_value=200, required=False,
        help_text=gettext_lazy("Empty: the fewest that stop vehicles."),
    )  # fmt: skip
    gap = forms.FloatField(
        label=gettext_lazy("Or widest gap in metres"), min_value=0.3, max_value=20, required=False
    )
    opens = forms.BooleanField(
        label=gettext_lazy("Opens for fire and rescue vehicles"), required=False
    )
    field_order = (
        "family", "level", "access_point", "offset", "line", "count", "gap", "opens",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, place: Mapping[str, Any] | None) -> None:
        super().__init__(data, place=place)
        families = self.place.get("families", [])
        _choose(self.fields["family"], [(item["key"], item["name"]) for item in families])
        levels = dict.fromkeys(level for item in families for level in item["levels"])
        _choose(
            self.fields["level"],
            [("", _("not chosen yet")), *((key, key.replace("-", " ")) for key in levels)],
        )

    def change(self) -> dict[str, Any]:
        """Return the change as the library reads it."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "type": self.change_type, "line": data["where"], "family": data["family"],
        }  # fmt: skip
        for name in ("level", "count", "gap", "opens"):
            if data.get(name):
                found[name] = data[name]
        return found


class WallForm(WhereForm):
    """A wall, kerb or other barrier without a product."""

    change_type = "add_barrier"

    thickness = forms.FloatField(
        label=gettext_lazy("Thickness in metres"), initial=0.3, min_value=0.05, max_value=10
    )

    def change(self) -> dict[str, Any]:
        """Return the change as the library reads it."""
        data = self.cleaned_data
        return {"type": self.change_type, "shape": data["where"], "thickness": data["thickness"]}


class NarrowForm(WhereForm):
    """A mouth that keeps a clear width."""

    change_type = "narrow_mouth"

    clear_width = forms.FloatField(
        label=gettext_lazy("Clear width left in metres"), initial=3.0, min_value=0, max_value=50
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Where it stays open"),
        choices=[
            ("middle", gettext_lazy("in the middle")),
            ("left", gettext_lazy("on the left")),
            ("right", gettext_lazy("on the right")),
        ],
    )

    def change(self) -> dict[str, Any]:
        """Return the change as the library reads it."""
        data = self.cleaned_data
        return {
            "type": self.change_type,
            "line": data["where"],
            "clear_width": data["clear_width"],
            "side": data["side"],
        }


class ChicaneForm(WhereForm):
    """Two rows across a street with passages set off against each other."""

    change_type = "add_chicane"

    shift = forms.FloatField(
        label=gettext_lazy("Sideways shift in metres"), initial=3.0, min_value=0.05, max_value=50
    )
    spacing = forms.FloatField(
        label=gettext_lazy("Between the rows in metres"), initial=10, min_value=0.05, max_value=100
    )
    clear_width = forms.FloatField(
        label=gettext_lazy("Width of each passage in metres"), initial=3.0, min_value=0.05,
        max_value=50,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, place: Mapping[str, Any] | None) -> None:
        super().__init__(data, place=place)
        self.fields["offset"].initial = 12
        self.fields["line"].label = gettext_lazy("Or a place and the direction of the street")

    def change(self) -> dict[str, Any]:
        """Return the change as the library reads it."""
        data = self.cleaned_data
        first, last = data["where"]["coordinates"][0], data["where"]["coordinates"][-1]
        if data.get("line", "").strip():
            point, towards = first, last
        else:
            near = self.before(data["access_point"], 0.0)["coordinates"]
            point = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2]
            towards = [(near[0][0] + near[-1][0]) / 2, (near[0][1] + near[-1][1]) / 2]
        return {
            "type": self.change_type,
            "point": {"type": "Point", "coordinates": point},
            "towards": {"type": "Point", "coordinates": towards},
            **{name: data[name] for name in ("shift", "spacing", "clear_width")},
        }


class RemoveForm(forms.Form):
    """A barrier that stands there, taken away."""

    change_type = "remove_barrier"

    feature = forms.ChoiceField(label=gettext_lazy("Barrier that stands there"))

    def __init__(self, data: Any = None, *, place: Mapping[str, Any] | None) -> None:
        super().__init__(data, auto_id="id_remove_%s")
        standing = [item for item in place["existing"] if item["holds_against"]] if place else []
        _choose(
            self.fields["feature"],
            [
                (item["feature"], f"{item['kind'].replace('_', ' ')} {item['feature']}")
                for item in standing
            ],
        )

    def change(self) -> dict[str, Any]:
        """Return the change as the library reads it."""
        return {"type": self.change_type, "feature": self.cleaned_data["feature"]}


class SignForm(forms.Form):
    """A named adviser signs the proposed version."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    function = forms.CharField(label=gettext_lazy("In which function you sign"), max_length=150)
    agrees = forms.BooleanField(
        label=gettext_lazy("I have looked at this version and sign it off.")
    )


class PaperForm(forms.Form):
    """A sheet signed on paper, scanned."""

    digest = forms.CharField(
        label=gettext_lazy("Digest printed on the sheet"),
        min_length=16,
        max_length=64,
        help_text=gettext_lazy("The first 16 characters are enough."),
    )
    name = forms.CharField(label=gettext_lazy("Name of the adviser"), max_length=150)
    function = forms.CharField(label=gettext_lazy("Function of the adviser"), max_length=150)
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the signed sheet"),
        help_text=gettext_lazy("PDF, JPEG or PNG up to 30 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png", "data-max-bytes": 30 * 2**20}
        ),
    )


PALETTE: tuple[type[Any], ...] = (RowForm, WallForm, NarrowForm, ChicaneForm, RemoveForm)
"""Forms that add a change: each says by `change` what it adds."""


def _choose(field: forms.Field, choices: list[tuple[Any, str]]) -> None:
    cast("forms.ChoiceField", field).choices = choices


def line_of_text(text: str) -> dict[str, Any]:
    """
    Return a line from ``longitude, latitude; longitude, latitude``.

    Raises
    ------
    ValidationError
    """
    try:
        places = [[float(part) for part in place.split(",")] for place in text.split(";")]
    except ValueError:
        places = []
    is_line = len(places) >= 2 and all(
        len(place) == 2 and abs(place[0]) <= 180 and abs(place[1]) <= 90 for place in places
    )
    if not is_line:
        raise ValidationError(
            {"line": _("Give two places as “longitude, latitude; longitude, latitude”.")}
        )
    return {"type": "LineString", "coordinates": places}
