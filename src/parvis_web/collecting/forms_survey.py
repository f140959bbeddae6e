"""How people say which column of a survey answers which question, and what its words mean."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.rights import Actor
from parvis_web.collecting.forms import SPLIT_LABELS, file_field
from parvis_web.collecting.models import SavedMapping, TableKind
from parvis_web.collecting.queries import mappings_of
from parvis_web.ui.errors import active_language, sentence_of

if TYPE_CHECKING:
    from parvis.packs.question_models import QuestionModule

UNTOLD, NOBODY, BY_ANSWER = "?", "-", "*"
MOST_MAP = 200_000
DESIGN = {
    "weights": _("Weight"),
    "strata": _("Stratum"),
    "clusters": _("Cluster"),
    "populations": _("People in the stratum"),
}
SAMPLES = (
    ("probability", _("drawn by chance")),
    ("open_link", _("anybody could answer")),
)
ASKED_SPLITS = ("sex", "age", "disability", "migration", "area")
SPLIT_NAMES = {name: SPLIT_LABELS.get(name, _("Area")) for name in ASKED_SPLITS}


class SurveyMapForm(forms.Form):
    """
    The map of a survey's questions, one question after the other.

    What a map says beyond these fields is kept as it is.
    """

    period = forms.CharField(label=_("Period"), max_length=21, help_text=_("2025 or 2025-Q3."))
    area = forms.CharField(label=_("Code of the whole city"), max_length=80, initial="city")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    sample = forms.ChoiceField(
        label=_("How people were chosen"), choices=SAMPLES, initial=SAMPLES[0][0]
    )
    nested = forms.BooleanField(
        label=_("Clusters are numbered within their stratum"), required=False
    )
    bands = forms.CharField(
        label=_("First years of the age groups"),
        required=False,
        max_length=120,
        help_text=_("As 16, 25, 45, 65, where the column of ages holds years."),
    )
    save_as = forms.CharField(
        label=_("Save this map as"),
        required=False,
        max_length=120,
        help_text=_("A name under which you find it for the next survey of this kind."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        columns: Sequence[str],
        facts: Mapping[str, Any],
        settings: Mapping[str, Any],
    ) -> None:
        super().__init__(data)
        from parvis.packs.questions import question_module

        self._module: QuestionModule = question_module()
        self._columns = list(columns)
        self._words_by_column: Mapping[str, list[str]] = facts.get("words", {})
        self._before: dict[str, Any] = dict(settings.get("mapping") or facts.get("map", {}))
        self._language = active_language()
        for name in ("period", "area", "source", "sample", "nested"):
            if name in self._before:
                self.fields[name].initial = self._before[name]
        self._add_design()
        self._questions = {key: list(self._question(key)) for key in self._module.questions}
        self._splits = {name: list(self._split(name)) for name in SPLIT_NAMES}

    def _choices(self, *more: tuple[str, Any]) -> list[tuple[str, Any]]:
        return [("", "–"), *more, *((name, name) for name in self._columns)]

    def _add_design(self) -> None:
        said = self._before.get("design", {})
        for name, label in DESIGN.items():
            self.fields[f"d_{name}"] = forms.ChoiceField(
                label=label, required=False, choices=self._choices(), initial=said.get(name, "")
            )

    def _chosen(self, name: str) -> str:
        if self.is_bound:
            return str(self.data.get(name, ""))
        return str(self.fields[name].initial or "")

    def _question(self, key: str) -> Iterator[str]:
        """Add the field of a question and one for each word of its column; yield their names."""
        from parvis.io.survey_map import words_of

        before = _entry(self._before.get("questions", {}).get(key))
        name = f"q_{key}"
        more = [(BY_ANSWER, _now("a column for each answer, as in the JSON file"))]
        field = forms.ChoiceField(
            label=_now("Column"),
            required=False,
            choices=self._choices(*(more if before.get("columns") else [])),
            initial=BY_ANSWER if before.get("columns") else before.get("column", ""),
        )
        self.fields[name] = field
        yield name
        offered = self._module.choices_of(key)
        answers = [
            (UNTOLD, _now("still to be told")),
            *((each.key, self._in_language(each)) for each in offered),
            (NOBODY, _now("nobody answered")),
        ]
        index = words_of(self._module, key)
        for word, place in self._words(key, self._chosen(name)):
            told = before.get("answers", {}).get(word, index.get(word.casefold(), UNTOLD))
            self.fields[place] = forms.ChoiceField(
                label=f"“{word}”",
                choices=answers,
                initial=told or NOBODY,
                error_messages={"required": self._unfinished(key, word)},
            )
            yield place

    @staticmethod
    def _unfinished(key: str, word: str) -> str:
        text = _now("Question %(question)s: say what “%(word)s” means.")
        return text % {"question": key, "word": word}

    def _words(self, key: str, column: str) -> list[tuple[str, str]]:
        """Return what stands in a column as answers to a question, and the field of each."""
        from parvis.io.survey_map import pieces, words_of

        index = words_of(self._module, key)
        if not index or column not in self._columns:
            return []
        several = self._module.questions[key].kind == "several"
        found = dict.fromkeys(
            piece
            for word in self._words_by_column.get(column, ())
            for piece in pieces(word, index, several=several)
        )
        at = self._columns.index(column)
        return [(word, f"w_{key}_{at}_{place}") for place, word in enumerate(found)]

    def _split(self, name: str) -> Iterator[str]:
        before = self._before.get("splits", {}).get(name, {})
        before = {"column": before} if isinstance(before, str) else before
        self.fields[f"s_{name}"] = forms.ChoiceField(
            label=SPLIT_NAMES[name],
            required=False,
            choices=self._choices(),
            initial=before.get("column", ""),
        )
        yield f"s_{name}"
        if name == "age":
            self.fields["bands"].initial = ", ".join(str(year) for year in before.get("bands", ()))
        for word, place in self._groups(name, self._chosen(f"s_{name}")):
            self.fields[place] = forms.CharField(
                label=_now("“%(word)s” is the group") % {"word": word},
                required=False,
                max_length=80,
                initial=before.get("words", {}).get(word, word),
            )
            yield place

    def _groups(self, name: str, column: str) -> list[tuple[str, str]]:
        if column not in self._columns:
            return []
        at = self._columns.index(column)
        words = enumerate(self._words_by_column.get(column, ()))
        return [(word, f"g_{name}_{at}_{place}") for place, word in words]

    def _in_language(self, named: Any) -> str:
        return str(named.i18n.get(self._language, {}).get("name", named.name))

    @property
    def first(self) -> list[Any]:
        """What is said of the whole survey."""
        return [self[name] for name in ("period", "area", "source", "sample")]

    @property
    def design(self) -> list[Any]:
        """How the sample was drawn."""
        return [*(self[f"d_{name}"] for name in DESIGN), self["nested"]]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Questions that the file answers, each with the words of its column."""
        return [row for row in self._rows() if row["is_asked"]]

    @property
    def not_asked(self) -> list[dict[str, Any]]:
        """Questions of the module that no column answers so far."""
        return [row for row in self._rows() if not row["is_asked"]]

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for key, (column, *words) in self._questions.items():
            fields = [self[name] for name in words]
            untold = [field for field in fields if (field.value() or UNTOLD) == UNTOLD]
            rows.append(
                {
                    "key": key,
                    "name": self._in_language(self._module.questions[key]),
                    "column": self[column],
                    "words": fields,
                    "n_untold": len(untold),
                    "is_asked": bool(self._chosen(column)),
                }
            )
        return rows

    @property
    def n_untold(self) -> int:
        """How many words still wait for their meaning."""
        return sum(row["n_untold"] for row in self._rows())

    @property
    def splits(self) -> list[dict[str, Any]]:
        """Groups that values are told for, each with the words of its column."""
        return [
            {"column": self[column], "words": [self[name] for name in words]}
            for column, *words in self._splits.values()
        ]

    def clean_bands(self) -> list[int]:
        """Take rising whole years."""
        try:
            years = [int(each) for each in self.cleaned_data["bands"].split(",") if each.strip()]
        except ValueError:
            years = [0, 0]
        if years != sorted(set(years)):
            raise ValidationError(_now("Write rising whole years, as 16, 25, 45, 65."))
        return years

    def clean(self) -> dict[str, Any]:
        """Refuse a map that is not finished, by question and word."""
        cleaned: dict[str, Any] = super().clean() or {}
        for key, (column, *_names) in self._questions.items():
            for word, place in self._words(key, self._chosen(column)):
                if cleaned.get(place) == UNTOLD:
                    self.add_error(place, self._unfinished(key, word))
        if not any(self._chosen(f"q_{key}") for key in self._questions) and not self._before.get(
            "indicators"
        ):
            self.add_error(None, _now("Choose the column of at least one question."))
        others = [name for name in DESIGN if name != "weights" and cleaned.get(f"d_{name}")]
        if others and not cleaned.get("d_weights"):
            self.add_error("d_weights", _now("A survey with strata or clusters has weights."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return the map that was filled in, once it is finished."""
        return self._map(self.cleaned_data)

    def draft(self) -> dict[str, Any]:
        """Return the map as far as it is filled in."""
        raw = {name: self.data.get(name, "") for name in self.fields}
        bands = [each.strip() for each in raw["bands"].split(",")]
        return self._map(raw | {"bands": [int(each) for each in bands if each.isdecimal()]})

    def _map(self, data: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._before
        design = {name: data[f"d_{name}"] for name in DESIGN if data.get(f"d_{name}")}
        others = {
            name: column for name, column in kept.get("design", {}).items() if name not in DESIGN
        }
        return dict(kept) | {
            "period": data["period"].strip(),
            "area": data["area"].strip(),
            "source": data["source"].strip(),
            "sample": data["sample"] or SAMPLES[0][0],
            "nested": bool(data["nested"]),
            "design": (others | design) if design else {},
            "questions": dict(self._said_questions(data)),
            "splits": dict(self._said_splits(data)),
        }

    def _said_questions(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for key in self._questions:
            column = data.get(f"q_{key}") or ""
            if column == BY_ANSWER:
                yield key, self._before["questions"][key]
            elif column:
                answers = {
                    word: "" if told == NOBODY else told
                    for word, place in self._words(key, column)
                    if (told := data.get(place) or UNTOLD)
                }
                yield key, {"column": column} | ({"answers": answers} if answers else {})
            elif key in self._columns:
                yield key, {"column": key, "answers": {w: "" for w, _p in self._words(key, key)}}

    def _said_splits(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name in self._splits:
            column = data.get(f"s_{name}") or ""
            if not column:
                continue
            bands = data["bands"] if name == "age" else []
            words = {
                word: (data.get(place) or "").strip()
                for word, place in self._groups(name, column)
                if not bands and place in data
            }
            yield (
                name,
                {"column": column}
                | ({"words": words} if words else {})
                | ({"bands": bands} if bands else {}),
            )


class MapSourceForm(forms.Form):
    """A map that was made before: saved under a name, or a file of JSON."""

    saved = forms.ModelChoiceField(
        label=_("A saved map"), queryset=SavedMapping.objects.none(), required=False
    )
    file = file_field(_("or a file in JSON"), (".json",), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["saved"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = mappings_of(actor, TableKind.SURVEY)

    def clean_file(self) -> dict[str, Any] | None:
        """Take a map in JSON, finished but for its period or still with words to be told."""
        from parvis.errors import InputError

        file = self.cleaned_data["file"]
        if not file:
            return None
        try:
            said = json.loads(file.read(MOST_MAP + 1).decode("utf-8-sig"))
        except (ValueError, RecursionError) as problem:
            raise ValidationError(
                _now("This is not JSON: %(problem)s") % {"problem": problem}
            ) from None
        try:
            check_map(said, file.name)
        except InputError as error:
            raise ValidationError(sentence_of(error)) from None
        return dict(said)

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("saved") or cleaned.get("file")):
            self.add_error("saved", _now("Choose a saved map or a file."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return the map that was chosen."""
        file, saved = self.cleaned_data["file"], self.cleaned_data["saved"]
        return file if file is not None else dict(saved.content)


def check_map(said: Any, file: str) -> None:
    """Refuse what is no map; a period and meanings may still be missing. SurveyMapError."""
    from parvis.io.survey_map import survey_map_of
    from parvis.packs.questions import question_module

    looked = said
    if isinstance(said, dict):
        questions = said.get("questions", {})
        looked = dict(said) | {"period": said.get("period") or "2000"}
        if isinstance(questions, dict):
            looked["questions"] = {key: _told(each) for key, each in questions.items()}
    survey_map_of(looked, question_module(), file=file)


def _told(said: Any) -> Any:
    if not isinstance(said, dict) or not isinstance(said.get("answers"), dict):
        return said
    answers = {word: answer for word, answer in said["answers"].items() if answer != UNTOLD}
    return said | {"answers": answers}


def _entry(said: Any) -> dict[str, Any]:
    if isinstance(said, str):
        return {"column": said}
    return said if isinstance(said, dict) else {}
