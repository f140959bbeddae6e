"""What do the submissions of a form say about an assessment: answers, photos, new entries."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from parvis.assessment import (
    Answer,
    Assessment,
    EvidenceFile,
    Interval,
    Item,
    ListEntry,
    Value,
    check_answer,
    items,
)
from parvis.errors import InputError
from parvis.io.answer_values import ValueTextError, value_of_text
from parvis.io.photos import LARGEST, Photo, PhotoUnreadableError, read_photo
from parvis.io.submission_record import Record
from parvis.io.submission_records import Media, read_records
from parvis.io.submissions import (
    NOBODY,
    NotTaken,
    Submission,
    Submissions,
    SubmissionsFormError,
)
from parvis.io.xlsform_fields import FormField, FormLayout, is_same_form
from parvis.io.xlsform_layout import ASSESSOR, FORM, form_layout
from parvis.packs.framework_questions import RepeatList


def read_submissions(path: Path, assessment: Assessment) -> Submissions:
    """
    Read what a server gave out for an assessment's form.

    Parameters
    ----------
    path : Path
        See `parvis.io.submission_records.read_records`.
    assessment : Assessment

    Raises
    ------
    SubmissionsUnreadableError
    SubmissionsFormError
        If no submission answers this assessment's form in its version.
    """
    layout = form_layout(assessment)
    records, media = read_records(path, layout)
    expected = layout.identity
    said = [_form_of(record) for record in records]
    others = Counter(form for form in said if not is_same_form(form, expected))
    if len(records) == others.total():
        found = ", ".join(sorted(form or "–" for form in others)[:3]) or "–"
        raise SubmissionsFormError(file=path.name, found=found, expected=expected)
    reader = _Reader(assessment, layout, media)
    taken = [
        reader.submission(record)
        for record, form in zip(records, said, strict=True)
        if is_same_form(form, expected)
    ]
    taken.sort(key=lambda s: (s.when.isoformat() if s.when else "", s.instance))
    return Submissions(
        path.name,
        tuple(taken),
        reader.lists,
        reader.photos,
        tuple(reader.not_taken),
        dict(others),
        tuple(
            (key, entry)
            for key, added in reader.lists.items()
            for entry in added
            if entry not in assessment.lists.get(key, ())
        ),
    )


def _form_of(record: Record) -> str:
    return str(record.values.get(FORM, ""))


Group = dict[str, FormField]
GroupKey = tuple[str, str, tuple[str, ...]]


class _Reader:
    def __init__(self, assessment: Assessment, layout: FormLayout, media: Media) -> None:
        self.assessment = assessment
        self.layout = layout
        self.media = media
        self.photos: dict[str, Photo] = {}
        self.not_taken: list[NotTaken] = []
        self.lists: dict[str, tuple[ListEntry, ...]] = dict(assessment.lists)
        self.groups: dict[GroupKey, Group] = {}
        for known in layout.fields.values():
            if known.question:
                key = (known.repeat, known.question, known.at)
                self.groups.setdefault(key, {})[known.role] = known
        self._listed: dict[str, Item] = {}
        self._n_listed = -1

    def submission(self, record: Record) -> Submission:
        instance = record.facts.get("instance", "")
        assessor = str(record.values.get(ASSESSOR, "")).strip() or NOBODY
        when = _moment(record.facts)
        answers = list(self.answers(record, "", (), instance))
        for repeat, rounds in record.repeats.items():
            if repeat not in self.layout.repeats:
                continue
            for inner in rounds:
                place = self.place(inner, repeat, instance)
                if place is not None:
                    answers += self.answers(inner, repeat, place, instance)
        signed = tuple(replace(a, assessor=assessor, when=when) for a in answers)
        return Submission(instance, assessor, when, signed)

    def place(self, record: Record, repeat: str, instance: str) -> tuple[str, ...] | None:
        """Return the entries that a round of a repeat is about; new ones join their lists."""
        found = []
        for key in self.layout.repeats[repeat].lists:
            fields = [
                f for f in self.layout.fields.values() if f.repeat == repeat and f.list == key
            ]
            said = {f.role: str(record.values.get(f.name, "")).strip() for f in fields}
            about = self.assessment.framework.list_of(key)
            known = {e.key for e in about.entries} | {e.key for e in self.lists.get(key, ())}
            value = said.get("called", "") or said.get("entry", "")
            entry = self.entry(about, value) if said.get("called") else value
            if entry not in known | {e.key for e in self.lists.get(key, ())}:
                code = "submission_closed" if value and not about.open else "submission_place"
                details = {
                    "value": value[:60],
                    "list": about.name,
                    "known": ", ".join(sorted(known)),
                }
                self.not_taken.append(NotTaken(instance, repeat, value[:60], code, details))
                return None
            found.append(entry)
        return tuple(found)

    def entry(self, about: RepeatList, called: str) -> str:
        """Return the entry of that name; a new one joins its list where that is open."""
        key, name = about.key, " ".join(called.split())[:200]
        listed = (about.entries, self.lists.get(key, ()))
        known = {entry.key: entry.name for entries in listed for entry in entries}
        for there, called_so in known.items():
            if called_so.casefold() == name.casefold():
                return there
        if not about.open:
            return ""
        base = entry_key(name)
        new, number = base, 2
        while new in known:
            new, number = f"{base}-{number}", number + 1
        self.lists[key] = (*self.lists.get(key, ()), ListEntry(new, name))
        return new

    def answers(
        self, record: Record, repeat: str, place: tuple[str, ...], instance: str
    ) -> Iterable[Answer]:
        about = self.layout.repeats.get(repeat)
        for (inside, question, at), group in self.groups.items():
            if inside != repeat:
                continue
            full = at if about is None else (*at, *place) if about.is_rows else (*place, *at)
            said = {role: str(record.values.get(f.name, "")) for role, f in group.items()}
            bare = Answer(question, full)
            try:
                answer = self.answer(bare, group["value"], said, instance)
                if answer is not None:
                    check_answer(self.assessment.framework, self.item(answer), answer)
                    yield answer
            except ValueTextError:
                value = said["value"] or said.get("state", "")
                details = {"value": value[:60], "question": bare.item}
                self.not_taken.append(
                    NotTaken(instance, bare.item, value[:60], "submission_value", details)
                )
            except InputError as error:
                self.not_taken.append(
                    NotTaken(instance, bare.item, said["value"][:60], error.code, error.details)
                )

    def item(self, answer: Answer) -> Item:
        n = sum(len(added) for added in self.lists.values())
        if n != self._n_listed:
            listed = items(self.assessment.framework, self.assessment.subject, self.lists)
            self._listed, self._n_listed = {item.key: item for item in listed}, n
        if answer.item not in self._listed:
            from parvis.assessment.errors import AnswerItemError

            raise AnswerItemError(question=answer.item, framework=self.assessment.framework.name)
        return self._listed[answer.item]

    def answer(
        self, bare: Answer, about: FormField, said: Mapping[str, str], instance: str
    ) -> Answer | None:
        if about.asked is None or about.choices is None:
            return None
        kind, names = about.asked.kind, about.choices
        value = said["value"] if kind == "text" else said["value"].strip()
        chosen = value if kind in ("single", "multiple", "scale") else said.get("state", "")
        if not value.strip() and not chosen:
            return None
        note = said.get("because", "").strip()
        if chosen == names.unknown:
            return replace(bare, state="unknown", note=note)
        if chosen == names.not_applicable:
            return replace(bare, state="not-applicable", note=note)
        if kind == "photo":
            return self.photo(bare, value, instance)
        return replace(bare, value=_value(value, said.get("high", "").strip(), kind))

    def photo(self, bare: Answer, name: str, instance: str) -> Answer | None:
        raw = self.media.read(name, instance, largest=LARGEST)
        if raw is None:
            raise PhotoUnreadableError(file=name, problem="it did not come with the submissions")
        photo = read_photo(raw, name=name)
        self.photos[photo.sha256] = photo
        suffix = ".png" if photo.media_type == "image/png" else ".jpg"
        evidence = EvidenceFile(photo.sha256, f"{Path(name).stem[:100]}{suffix}", photo.media_type)
        return replace(bare, evidence=(evidence,))


def entry_key(name: str) -> str:
    """
    Return a key for an entry by what people call it.

    Examples
    --------
    >>> entry_key("Étage -1, côté gare"), entry_key("車站")
    ('etage-1-cote-gare', 'entry')
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "entry"


def _value(value: str, high: str, kind: str) -> Value:
    if kind == "text":
        return value
    if kind == "place":
        parts = value.split()
        if len(parts) < 2:
            raise ValueTextError
        return value_of_text(f"{parts[1]} {parts[0]}", "place")
    if kind == "date":
        return value_of_text(value[:10], "date")
    if kind == "scale":
        return Interval(value, high) if high and high != value else value
    low = value_of_text(value, kind)
    if kind == "number" and high:
        top = value_of_text(high, kind)
        if isinstance(low, float) and isinstance(top, float) and top != low:
            return Interval(low, top)
    return low


def _moment(facts: Mapping[str, str]) -> dt.datetime | None:
    for name in ("end", "start", "received"):
        try:
            return dt.datetime.fromisoformat(facts[name].replace("Z", "+00:00"))
        except (KeyError, ValueError):
            continue
    return None
