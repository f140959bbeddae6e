"""What people fill in about data that come in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.rights import Actor
from parvis_web.cities.models import City
from parvis_web.collecting.files import AREA_ENDINGS, MOST_BYTES, PEOPLE_ENDINGS, TABLE_ENDINGS
from parvis_web.collecting.models import AreaLayer, SavedMapping
from parvis_web.collecting.queries import area_layers, mappings_of, ready_cities
from parvis_web.ui.errors import active_language

FIELD_LABELS = {
    "indicator": _("Indicator"),
    "period": _("Period"),
    "area": _("Area"),
    "value": _("Value"),
    "numerator": _("Count (numerator)"),
    "denominator": _("Counted among (denominator)"),
    "n": _("Answers or places behind it"),
    "standard_error": _("Standard error"),
    "flag": _("Flag"),
    "source": _("Source"),
    "grade": _("Data grade"),
}
SPLIT_LABELS = {
    "sex": _("Sex or gender"),
    "age": _("Age group"),
    "disability": _("Disability"),
    "day_night": _("Day or night"),
    "migration": _("Migration background"),
    "income": _("Income group"),
    "place_kind": _("Kind of place"),
    "transport_mode": _("Means of transport"),
    "offence": _("Offence"),
}
WEIGHT_ENDINGS = (".csv", ".xlsx", ".json")
DELIMITERS = (
    ("", _("found out from the file")),
    (",", ","),
    (";", ";"),
    ("\t", _("tab")),
    ("|", "|"),
)
DECIMALS = (("", _("found out from the file")), (".", _("point")), (",", _("comma")))


def file_field(label: Any, endings: tuple[str, ...], **options: Any) -> forms.FileField:
    """Return a field for a file whose browser stops one that is too large."""
    attributes = {
        "accept": ",".join(endings),
        "data-max-bytes": MOST_BYTES,
        "data-too-large": _("The file is larger than what is taken."),
    }
    return forms.FileField(label=label, widget=forms.FileInput(attrs=attributes), **options)


def day_input() -> forms.DateInput:
    """Return a field for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DeliveryForm(forms.Form):
    """A file of values, when it came and how it is read."""

    file = file_field(
        _("File"),
        TABLE_ENDINGS,
        help_text=_("CSV, SDMX-CSV, XLSX or JSON, one value a row, up to 100 MB."),
    )
    received = forms.DateField(
        label=_("Received on"),
        widget=day_input(),
        help_text=_("Where deliveries contradict each other, the later one counts."),
    )
    mapping = forms.ModelChoiceField(
        label=_("Read it as"),
        queryset=SavedMapping.objects.none(),
        required=False,
        empty_label=_("find out from its columns"),
    )
    note = forms.CharField(
        label=_("What to know of it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who delivered it, what it covers, what is provisional."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received"].initial = timezone.localdate()
        field = self.fields["mapping"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = mappings_of(actor)

    def clean_received(self) -> Any:
        """Refuse days that are still to come."""
        day = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise ValidationError(_now("This day is still to come."))
        return day


class MappingForm(forms.Form):
    """Which column means what; each field from a column, or the same in every row."""

    same_indicator = forms.ChoiceField(label=_("or one indicator for all rows"), required=False)
    same_period = forms.CharField(
        label=_("or one period for all rows"), required=False, max_length=21
    )
    same_area = forms.CharField(label=_("or one area for all rows"), required=False, max_length=80)
    same_source = forms.CharField(
        label=_("or one source for all rows"), required=False, max_length=200
    )
    same_grade = forms.ChoiceField(
        label=_("or one data grade for all rows"),
        required=False,
        choices=[("", "–"), *((letter, letter) for letter in "ABCDE")],
    )
    decimal = forms.ChoiceField(label=_("Decimal sign"), required=False, choices=DECIMALS)
    delimiter = forms.ChoiceField(
        label=_("Columns are parted by"), required=False, choices=DELIMITERS
    )
    sheet = forms.CharField(label=_("Sheet of the workbook"), required=False, max_length=120)
    words = forms.CharField(
        label=_("What words of the file mean"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, as “indicator: burglary = SEC-06” or “area: Old Town = A1”."),
    )
    areas = forms.CharField(
        label=_("Accepted codes of areas"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Parted by commas; where empty, all are accepted."),
    )
    save_as = forms.CharField(
        label=_("Save this mapping as"),
        required=False,
        max_length=120,
        help_text=_("A name under which you find it for the next file of this kind."),
    )

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        mapping: Mapping[str, Any],
        indicators: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        columns, constants = mapping.get("columns", {}), mapping.get("constants", {})
        known = {str(column): str(column) for column in [*header, *columns.values()] if column}
        choices = [("", "–"), *known.items()]
        for name, label in self._labels().items():
            self.fields[f"col_{name}"] = forms.ChoiceField(
                label=label, required=False, choices=choices, initial=columns.get(name, "")
            )
        same = self.fields["same_indicator"]
        assert isinstance(same, forms.ChoiceField)  # noqa: S101 - declared above
        same.choices = [("", "–"), *((code, f"{code} {name}") for code, name in indicators.items())]
        for name in ("indicator", "period", "area", "source", "grade"):
            self.fields[f"same_{name}"].initial = constants.get(name, "")
        for name in ("decimal", "delimiter", "sheet"):
            self.fields[name].initial = mapping.get(name, "")
        self.fields["areas"].initial = ", ".join(mapping.get("areas", ()))
        self.fields["words"].initial = "\n".join(
            f"{field}: {word} = {meaning}"
            for field, said in mapping.get("words", {}).items()
            for word, meaning in said.items()
        )

    @staticmethod
    def _labels() -> dict[str, Any]:
        return FIELD_LABELS | {f"split:{name}": label for name, label in SPLIT_LABELS.items()}

    @property
    def first(self) -> list[list[Any]]:
        """The fields most files need, two by two."""
        pairs = (
            ("col_indicator", "same_indicator"),
            ("col_period", "same_period"),
            ("col_area", "same_area"),
            ("col_value",),
            ("col_numerator", "col_denominator"),
        )
        return [[self[name] for name in pair] for pair in pairs]

    @property
    def others(self) -> list[Any]:
        """The fields few files need."""
        shown = {field.name for pair in self.first for field in pair} | {"save_as"}
        return [field for field in self if field.name not in shown]

    def clean_words(self) -> dict[str, dict[str, str]]:
        """Return meanings by field and word."""
        found: dict[str, dict[str, str]] = {}
        for number, line in enumerate(self.cleaned_data["words"].splitlines(), 1):
            if not line.strip():
                continue
            field, colon, rest = line.partition(":")
            word, equals, meaning = rest.rpartition("=")
            if field.strip() == "split":
                name, colon, rest = rest.partition(":")
                field = f"split:{name.strip()}"
                word, equals, meaning = rest.rpartition("=")
            if not (colon and equals and field.strip() in self._labels()):
                raise ValidationError(
                    _now(
                        "Line %(number)s: write “field: word = meaning”, with a field of %(known)s."
                    )
                    % {"number": number, "known": ", ".join(self._labels())}
                )
            found.setdefault(field.strip(), {})[word.strip()] = meaning.strip()
        return found

    def said(self) -> dict[str, Any]:
        """Return the mapping that was filled in."""
        data = self.cleaned_data
        return {
            "columns": {
                name: data[f"col_{name}"] for name in self._labels() if data.get(f"col_{name}")
            },
            "constants": {
                name: data[f"same_{name}"].strip()
                for name in ("indicator", "period", "area", "source", "grade")
                if data.get(f"same_{name}") and not data.get(f"col_{name}")
            },
            "words": data["words"],
            "areas": [code.strip() for code in data["areas"].split(",") if code.strip()],
            "delimiter": data["delimiter"],
            "decimal": data["decimal"],
            "sheet": data["sheet"],
        }


class AreasForm(forms.Form):
    """A file with areas."""

    name = forms.CharField(
        label=_("What these areas are"), max_length=120, help_text=_("As “Districts” or “Wards”.")
    )
    file = file_field(
        _("File"),
        AREA_ENDINGS,
        help_text=_("GeoJSON, GeoPackage, FlatGeobuf, KML or a Shapefile as ZIP, up to 100 MB."),
    )
    code = forms.CharField(
        label=_("Column of the codes"),
        required=False,
        max_length=80,
        help_text=_("Where empty, the first column that tells them apart."),
    )
    name_column = forms.CharField(label=_("Column of the names"), required=False, max_length=80)
    valid_from = forms.DateField(
        label=_("Boundaries hold from"), required=False, widget=day_input()
    )


class PublishedForm(forms.Form):
    """Figures that were published, to be laid beside ours."""

    file = file_field(
        _("Published figures"),
        TABLE_ENDINGS,
        help_text=_("CSV, XLSX or JSON like a delivery: indicator, period, area and value."),
    )
    weights = file_field(
        _("Conversion between boundaries"),
        WEIGHT_ENDINGS,
        required=False,
        help_text=_(
            "Where areas were drawn anew: CSV, XLSX or JSON with the columns old, new and weight."
        ),
    )
    mapping = forms.ModelChoiceField(
        label=_("Read it as"),
        queryset=SavedMapping.objects.none(),
        required=False,
        empty_label=_("find out from its columns"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mapping"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = mappings_of(actor)


class ModuleForm(forms.Form):
    """How the question module goes into the field."""

    form = forms.CharField(widget=forms.HiddenInput, initial="xlsx")
    title = forms.CharField(label=_("Title of the form"), required=False, max_length=120)
    areas = forms.ModelChoiceField(
        label=_("Districts to choose from"),
        queryset=AreaLayer.objects.none(),
        required=False,
        empty_label=_("a free text"),
    )
    help_line = forms.CharField(
        label=_("Whom to call after hard questions"),
        required=False,
        max_length=200,
        help_text=_("Name and number of a help line; it stands at the end."),
    )
    without = forms.MultipleChoiceField(
        label=_("Questions to leave out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from parvis.packs.questions import question_module

        areas, without = self.fields["areas"], self.fields["without"]
        assert isinstance(areas, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(without, forms.MultipleChoiceField)  # noqa: S101 - declared above
        areas.queryset = area_layers(actor)
        language = active_language()
        without.choices = [
            (key, f"{key} {each.i18n.get(language, {}).get('name', each.name)}")
            for key, each in question_module().questions.items()
            if each.optional
        ]


class ComputeForm(forms.Form):
    """What is computed from which city and which people."""

    city = forms.ModelChoiceField(label=_("City"), queryset=City.objects.none(), empty_label=None)
    file = file_field(
        _("Where people live"),
        PEOPLE_ENDINGS,
        help_text=_(
            "A population grid or other small areas with people: GeoPackage, GeoJSON, Shapefile "
            "as ZIP, or a table with coordinates."
        ),
    )
    period = forms.CharField(
        label=_("Period"),
        required=False,
        max_length=21,
        help_text=_("The year of the map's data where empty."),
    )
    areas = forms.ModelChoiceField(
        label=_("Areas"),
        queryset=AreaLayer.objects.none(),
        required=False,
        empty_label=_("the whole city alone"),
    )
    whole = forms.CharField(label=_("Code of the whole city"), max_length=80, initial="city")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city, areas = self.fields["city"], self.fields["areas"]
        assert isinstance(city, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(areas, forms.ModelChoiceField)  # noqa: S101 - declared above
        city.queryset, areas.queryset = ready_cities(actor), area_layers(actor)
