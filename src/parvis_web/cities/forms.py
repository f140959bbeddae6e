"""What people fill in about cities."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.io.osm_read import SUFFIXES as EXTRACT_ENDINGS
from parvis_web.cities.files import (
    BOUNDARY_ENDINGS,
    LAYER_ENDINGS,
    SMALL,
    TEXT_ENDINGS,
    server_files,
)

KIND_LABELS = {
    "buildings": _("Buildings"),
    "water": _("Water"),
    "ground": _("Ground, drivable or not"),
    "kerbs": _("Kerbs"),
    "walls": _("Walls"),
    "fences": _("Fences"),
    "barriers": _("Vehicle security barriers and bollards"),
    "trees": _("Trees"),
    "lamps": _("Street lamps"),
    "cameras": _("Cameras"),
    "benches": _("Benches"),
}


def _layer_kinds() -> list[tuple[str, Any]]:
    from parvis.city.layers import LAYER_KINDS

    return [(key, KIND_LABELS.get(key, key)) for key in LAYER_KINDS]


def _file_field(label: Any, endings: tuple[str, ...], most: int, **options: Any) -> forms.FileField:
    attributes = {
        "accept": ",".join(endings),
        "data-max-bytes": most,
        "data-too-large": _("The file is larger than what is taken."),
    }
    widget = forms.FileInput(attrs=attributes)
    return forms.FileField(label=label, widget=widget, **{"required": False} | options)


class ExtractForm(forms.Form):
    """An extract, uploaded or from the server's import folder, and which part of it."""

    file = _file_field(_("Extract"), EXTRACT_ENDINGS, 0)
    server_file = forms.ChoiceField(
        label=_("Or an extract laid ready on the server"), required=False
    )
    municipality = forms.CharField(
        label=_("Municipality"),
        required=False,
        max_length=200,
        help_text=_(
            "Only where the extract holds more than the city: the name of its administrative "
            "boundary. What lies up to 1,000 m outside is kept."
        ),
    )
    boundary = _file_field(
        _("Or a file with the boundary"),
        BOUNDARY_ENDINGS,
        SMALL,
        help_text=_("GeoJSON, GeoPackage or a Shapefile as ZIP, up to 100 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.PARVIS_UPLOAD_LIMIT
        self.fields["file"].widget.attrs["data-max-bytes"] = limit
        self.fields["file"].help_text = _now(
            "OpenStreetMap data that ends in %(endings)s, up to %(limit)d MB."
        ) % {"endings": ", ".join(EXTRACT_ENDINGS), "limit": limit // 2**20}
        names = [path.name for path in server_files()]
        if names:
            choice = self.fields["server_file"]
            assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
            choice.choices = [("", "–"), *((name, name) for name in names)]
        else:
            del self.fields["server_file"]
            self.fields["file"].required = True

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one extract and at most one way to say which part."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = [bool(cleaned.get("file")), bool(cleaned.get("server_file"))]
        if sum(given) != 1 and "file" not in self.errors:
            self.add_error("file", ValidationError(_("Give one extract.")))
        if cleaned.get("municipality") and cleaned.get("boundary"):
            self.add_error(
                "boundary", ValidationError(_("Give the municipality's name or a file, not both."))
            )
        return cleaned


class CityForm(ExtractForm):
    """A new city."""

    name = forms.CharField(label=_("Name of the city"), max_length=120)
    field_order = ["name", "file", "server_file", "municipality", "boundary"]


class RenameForm(forms.Form):
    """Another name for a city."""

    name = forms.CharField(label=_("Name of the city"), max_length=120)


class LayerForm(forms.Form):
    """A municipal file and how it is to be taken."""

    file = _file_field(
        _("File"),
        LAYER_ENDINGS,
        SMALL,
        required=True,
        help_text=_(
            "GeoPackage, GeoJSON, Shapefile as ZIP, DXF, or a table (CSV, XLSX) with coordinates, "
            "up to 100 MB."
        ),
    )
    kind = forms.ChoiceField(label=_("It holds"), choices=_layer_kinds)
    is_replacing = forms.BooleanField(
        label=_("It is complete: take what the extract has of this kind out where the file speaks"),
        required=False,
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=20,
        help_text=_("Only where the file does not say it, as with DXF: 25832, for example."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    sheet = forms.CharField(
        label=_("Layer or sheet"),
        required=False,
        max_length=120,
        help_text=_("Only where the file holds several."),
    )
    mapping = _file_field(
        _("Mapping"),
        TEXT_ENDINGS,
        SMALL,
        help_text=_("YAML that says which drawing layers, columns and words mean what."),
    )
    control_points = _file_field(
        _("Control points"),
        TEXT_ENDINGS,
        SMALL,
        help_text=_("CSV with x, y, lon, lat of two or more points, for drawings without a place."),
    )
