"""Every write to assessments but answers and states: frameworks loaded, begun, arranged, moved."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assessment import ListEntry
from parvis.assessment.items import entries
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import framework_digest, frameworks, read_framework
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, check_editor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments import rules
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import (
    Assessment,
    FrameworkText,
    SectionAssignment,
)
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services_replies import locked
from parvis_web.audit.recording import note, service
from parvis_web.spaces.models import Space


def facts(assessment: Assessment) -> dict[str, Any]:
    """Return what an audit event's digest covers of an assessment, but for its answers."""
    return {
        "framework": assessment.framework.digest,
        "subject_name": assessment.subject_name,
        "attributes": assessment.attributes,
        "entries": assessment.entries,
        "state": assessment.state,
        "is_separate": assessment.is_separate,
        "due": assessment.due.isoformat() if assessment.due else None,
        "visited": assessment.visited.isoformat() if assessment.visited else None,
        "removed": assessment.removed.isoformat() if assessment.removed else None,
    }


@service("framework.add")
def add_framework(actor: Actor, *, text: str, name: str) -> FrameworkText:
    """
    Load a framework of the authority's own, or a new version of one.

    Raises
    ------
    parvis.packs.PackInvalidError, parvis.packs.PackUnreadableError
        With line and key of everything that is wrong.
    RefusedError
        Where the name belongs to one of Parvis's own, or the version is there already.
    """
    check_editor(actor)
    framework = read_framework(text, name=name)
    if framework.short_id in {shipped.short_id for shipped in frameworks()}:
        raise RefusedError(
            _("“%(name)s” is a framework of Parvis. Give yours another id.")
            % {"name": framework.short_id}
        )
    digest = framework_digest(framework)
    known = FrameworkText.objects.filter(
        authority=actor.authority, urn=framework.id, version=framework.version, is_own=True
    ).first()
    if known is not None and known.digest != digest:
        raise RefusedError(
            _(
                "Version %(version)s of “%(name)s” is loaded already and reads otherwise. "
                "Give the changed framework the next version."
            )
            % {"version": framework.version, "name": framework.name}
        )
    kept = known or _text_row(actor, framework, text=text)
    kept.is_own, kept.removed = True, None
    kept.save(update_fields=["is_own", "removed"])
    note(kept, after={"urn": kept.urn, "version": kept.version, "digest": digest})
    return kept


@service("framework.remove")
def remove_framework(actor: Actor, kept: FrameworkText) -> None:
    """Offer an own framework no longer; assessments made with it stay as they are."""
    check_editor(actor)
    kept.removed = timezone.now()
    kept.save(update_fields=["removed"])
    note(kept, before={"digest": kept.digest}, after=None)


@service("assessment.begin")
def begin_assessment(
    actor: Actor,
    framework: Framework,
    *,
    text: str,
    subject_name: str,
    space: Space | None = None,
    attributes: Mapping[str, Any] | None = None,
    is_separate: bool | None = None,
    due: date | None = None,
    previous: Assessment | None = None,
) -> Assessment:
    """
    Begin an assessment of a space, or of something that is no place.

    Parameters
    ----------
    framework : Framework
    text : str
        The file it was read from; kept with the authority.
    attributes : mapping, optional
        Facts of the subject, as the assessment file writes them.
    is_separate : bool, optional
        Whether each assessor answers on their own; by default as the framework asks.
    previous : Assessment, optional
        The one it goes on from.
    """
    rules.check_begin(actor, space)
    name = " ".join(subject_name.split())
    if not name or len(name) > 200:
        raise RefusedError(_("Name what is assessed, in up to 200 letters."))
    least = Marking(framework.marking)
    marking = max(least, Marking(space.marking) if space else least, key=lambda m: m.order)
    assessment = Assessment.objects.create(
        authority=actor.authority,
        space=space,
        framework=_text_row(actor, framework, text=text),
        subject_name=name,
        attributes=dict(attributes or {}),
        entries=dict(previous.entries) if previous else {},
        is_separate=framework.assessors_asked > 1 if is_separate is None else is_separate,
        due=due,
        marking=marking,
        previous=previous,
        created_by=actor.user,
    )
    note(assessment, after=facts(assessment), space=str(space.pk) if space else "")
    return assessment


@service("assessment.arrange")
def arrange(
    actor: Actor,
    assessment: Assessment,
    *,
    subject_name: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    due: date | None = None,
    visited: date | None = None,
    assignees: Iterable[User] | None = None,
) -> Assessment:
    """Change what an assessment is about, when it is due and who does it; answers stay."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.ARRANGE, assessment)
    before = facts(assessment)
    if subject_name is not None:
        assessment.subject_name = " ".join(subject_name.split())[:200] or assessment.subject_name
    if attributes is not None:
        assessment.attributes = dict(attributes)
    assessment.due, assessment.visited = due, visited
    if assignees is not None:
        assessment.assignees.set(assignees)
    return _written(assessment, before)


@service("assessment.add-entry")
def add_entry(actor: Actor, assessment: Assessment, *, list_key: str, name: str) -> Assessment:
    """Add an entry to an open list: one more zone, one more partner."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.ARRANGE, assessment)
    shown = " ".join(name.split())
    own = list(assessment.entries.get(list_key, []))
    if not shown or len(shown) > 100 or len(own) >= rules.MOST_ENTRIES:
        raise RefusedError(
            _("Give the entry a name of up to 100 letters; a list takes %(most)s of them.")
            % {"most": rules.MOST_ENTRIES}
        )
    before = facts(assessment)
    numbers = (int(n) for entry in own if (n := entry["key"].removeprefix("own-")).isdecimal())
    key = f"own-{1 + max(numbers, default=0)}"
    added = {**assessment.entries, list_key: [*own, {"key": key, "name": shown}]}
    as_entries = {
        known: tuple(ListEntry(entry["key"], entry["name"]) for entry in rows)
        for known, rows in added.items()
    }
    entries(framework_of(assessment), as_entries)
    assessment.entries = added
    return _written(assessment, before)


@service("assessment.assign-section")
def assign_section(
    actor: Actor, assessment: Assessment, *, section: str, person: User
) -> SectionAssignment:
    """Ask somebody about a section."""
    rules.check_action(actor, Action.ARRANGE, assessment)
    if section not in {known.key for known in framework_of(assessment).sections}:
        raise RefusedError(_("This framework has no such section."))
    row, _is_new = SectionAssignment.objects.get_or_create(
        authority=assessment.authority, assessment=assessment, section=section, person=person
    )
    note(row, after={"section": section, "person": str(person.pk)}, assessment=str(assessment.pk))
    return row


@service("assessment.unassign-section")
def unassign_section(actor: Actor, row: SectionAssignment) -> None:
    """Ask somebody about a section no longer; what they said stays."""
    rules.check_action(actor, Action.ARRANGE, row.assessment)
    note(row, before={"section": row.section, "person": str(row.person_id)}, after=None)
    row.delete()


def _written(assessment: Assessment, before: Mapping[str, Any]) -> Assessment:
    assessment.edited = timezone.now()
    assessment.save()
    Assessment.objects.filter(pk=assessment.pk).update(edit=F("edit") + 1)
    note(assessment, before=before, after=facts(assessment))
    return assessment


def _text_row(actor: Actor, framework: Framework, *, text: str) -> FrameworkText:
    digest = framework_digest(framework)
    row, _is_new = FrameworkText.objects.get_or_create(
        authority=actor.authority,
        digest=digest,
        defaults={
            "urn": framework.id,
            "version": framework.version,
            "text": text,
            "added_by": actor.user,
        },
    )
    return row
