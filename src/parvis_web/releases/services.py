"""Every write of releases: drafted, chosen, checked, approved, told, taken back, withdrawn."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor
from parvis_web.audit.recording import note, service
from parvis_web.config.data import library_home
from parvis_web.releases import rules
from parvis_web.releases.content import content_digest
from parvis_web.releases.models import (
    EarlyReader,
    FigureRelease,
    PublicFigures,
    ReleaseItem,
    ReleaseState,
    ReleaseStep,
    Scope,
)
from parvis_web.releases.queries import basis_of, offers_for, possible_early_readers
from parvis_web.releases.rules import Action
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import start_run
from parvis_web.ui.refusals import RefusedError

MOST_ITEMS = 300


@dataclass(frozen=True)
class Head:
    """What a release says besides its figures."""

    title: str
    introduction: str = ""
    contact: str = ""
    corrections: str = ""
    city: str = "city"
    base: int | None = None
    embargo: datetime | None = None


def facts(release: FigureRelease) -> dict[str, Any]:
    """Return what the audit chain digests of a release."""
    return {
        "state": str(release.state),
        "number": release.number,
        "title": release.title,
        "introduction": release.introduction,
        "contact": release.contact,
        "corrections": release.corrections,
        "city": release.city,
        "base": release.base,
        "embargo": release.embargo,
        "areas_reason": release.areas_reason,
        "stigma": release.stigma,
        "digest": release.digest,
        "items": [[item.key, item.periods] for item in release.items.all()],
        "ended_reason": release.ended_reason,
    }


@service("figure_release.draft")
def draft_release(
    actor: Actor, *, said: Head, replaces: FigureRelease | None = None
) -> FigureRelease:
    """Begin a release; the correction of another one begins with what that one chose."""
    rules.check_prepare(actor)
    if replaces is not None:
        replaces = _locked(replaces)
        rules.check_action(actor, Action.CORRECT, replaces)
    release = FigureRelease.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        replaces=replaces,
        **_checked(said),
    )
    if replaces is not None:
        release.areas_reason, release.stigma = replaces.areas_reason, replaces.stigma
        release.save(update_fields=["areas_reason", "stigma"])
        ReleaseItem.objects.bulk_create(
            ReleaseItem(
                release=release,
                indicator=item.indicator,
                scope=item.scope,
                part=item.part,
                periods=item.periods,
            )
            for item in replaces.items.all()
        )
    _step(actor, release, Action.EDIT)
    note(release, after=facts(release))
    return release


@service("figure_release.change")
def change_head(actor: Actor, release: FigureRelease, *, said: Head) -> FigureRelease:
    """Change what a draft says besides its figures."""
    release, before = _opened(actor, release)
    for name, value in _checked(said).items():
        setattr(release, name, value)
    return _edited(actor, release, before)


@service("figure_release.choose")
def choose_items(actor: Actor, release: FigureRelease, *, keys: Sequence[str]) -> FigureRelease:
    """Choose what a draft publishes; items that stay keep their periods."""
    release, before = _opened(actor, release)
    if len(keys) > MOST_ITEMS:
        raise RefusedError(_("A release has at most %(n)s items.") % {"n": MOST_ITEMS})
    there = {offer.key: offer for offer in offers_for(actor, city=release.city)}
    kept = {item.key: item for item in release.items.all()}
    wanted = set(keys)
    if unknown := sorted(wanted - there.keys() - kept.keys()):
        raise RefusedError(_("“%(key)s” is not there to be published.") % {"key": unknown[0][:80]})
    release.items.filter(
        pk__in=[item.pk for key, item in kept.items() if key not in wanted]
    ).delete()
    ReleaseItem.objects.bulk_create(
        ReleaseItem(
            release=release,
            indicator=offer.indicator,
            scope=offer.scope,
            part=offer.part,
            periods=list(offer.proposed),
        )
        for key, offer in there.items()
        if key in wanted - kept.keys()
    )
    return _edited(actor, release, before)


@service("figure_release.periods")
def choose_periods(
    actor: Actor, release: FigureRelease, *, item: ReleaseItem, periods: Sequence[str]
) -> FigureRelease:
    """Choose for which periods an item is published."""
    release, before = _opened(actor, release)
    row = release.items.get(pk=item.pk)
    there = {offer.key: offer for offer in offers_for(actor, city=release.city)}
    offered = there[row.key].periods if row.key in there else ()
    chosen = [period for period in offered if period in set(periods)]
    if not chosen:
        raise RefusedError(_("Choose at least one period of what is there."))
    row.periods = chosen
    row.save(update_fields=["periods"])
    return _edited(actor, release, before)


@service("figure_release.justify")
def justify_areas(
    actor: Actor, release: FigureRelease, *, reason: str, answers: Mapping[str, Any]
) -> FigureRelease:
    """Write down why areas are published, and answer the stigma check."""
    release, before = _opened(actor, release)
    release.areas_reason = reason.strip()[:2000]
    release.stigma = {
        str(key): {
            "answer": str(said.get("answer", ""))[:3],
            "why": str(said.get("why", "")).strip()[:1000],
        }
        for key, said in answers.items()
    }
    return _edited(actor, release, before)


@service("figure_release.check")
def start_check(actor: Actor, release: FigureRelease) -> AnalysisRun:
    """Begin the disclosure check of a draft."""
    release = _locked(release)
    rules.check_action(actor, Action.CHECK, release)
    items = list(release.items.all())
    if not items:
        raise RefusedError(_("Choose first what the release publishes."))
    rules.check_areas(release, has_areas=any(item.scope == Scope.AREAS for item in items))
    rules.check_embargo(release.embargo)
    _step(actor, release, Action.CHECK)
    note(release, edit=release.edit)
    return start_run(
        actor,
        kind="release-check",
        subject=release,
        parameters={"edit": release.edit},
        inputs={"edit": release.edit, "version": __version__, "basis": basis_of(actor, release)},
    )


@service("figure_release.checked")
def take_check(
    actor: Actor,
    release: FigureRelease,
    *,
    edit: int,
    basis: Mapping[str, str],
    findings: Mapping[str, Any],
    content: Mapping[str, Any],
    told: Mapping[str, Any],
    is_fit: bool,
) -> FigureRelease:
    """Write what a check found, unless the draft was changed meanwhile."""
    release = _locked(release)
    before = facts(release)
    if release.edit == edit and release.state in {ReleaseState.DRAFT, ReleaseState.CHECKED}:
        release.findings, release.checked = dict(findings), timezone.now()
        release.basis = dict(basis)
        release.content = dict(content) if is_fit else {}
        release.told = dict(told) if is_fit else {}
        release.digest = content_digest(release.content) if is_fit else ""
        release.state = ReleaseState.CHECKED if is_fit else ReleaseState.DRAFT
        release.save()
    note(release, before=before, after=facts(release), is_fit=is_fit)
    return release


@service("figure_release.approve")
def approve_release(actor: Actor, release: FigureRelease, *, digest: str) -> FigureRelease:
    """
    Let a second person approve exactly what they read.

    Raises
    ------
    RefusedError
        Where the text, the data or what was published changed since the check.
    """
    release = _locked(release)
    rules.check_action(actor, Action.APPROVE, release)
    if digest != release.digest or content_digest(release.content) != release.digest:
        raise RefusedError(_("The release changed since you read it. Read it again."))
    if basis_of(actor, release) != release.basis:
        raise RefusedError(
            _("Data, areas or earlier releases changed since the check. Check it again.")
        )
    rules.check_embargo(release.embargo)
    replaced = release.replaces
    if replaced is not None and replaced.state_now != ReleaseState.RELEASED:
        raise RefusedError(_("The release this one corrects is no longer in force."))
    before = facts(release)
    if release.number is None:
        last = FigureRelease.objects.filter(authority=actor.authority).aggregate(Max("number"))
        release.number = (last["number__max"] or 0) + 1
    release.approved, release.approved_by = timezone.now(), actor.user
    release.state = ReleaseState.EMBARGO if release.embargo else ReleaseState.APPROVED
    release.save()
    if release.embargo is not None:
        _freeze(release, release.embargo)
    _step(actor, release, Action.APPROVE)
    note(release, before=before, after=facts(release), digest=release.digest)
    return release


@service("figure_release.publish")
def publish_release(actor: Actor, release: FigureRelease) -> FigureRelease:
    """Tell the public what was approved; at the end of an embargo the system does it."""
    release = _locked(release)
    if release.state != ReleaseState.EMBARGO or not actor.is_system:
        rules.check_action(actor, Action.PUBLISH, release)
    elif release.state_now != ReleaseState.RELEASED:
        raise RefusedError(_("The embargo has not ended yet."))
    before = facts(release)
    now = timezone.now()
    if release.state == ReleaseState.APPROVED:
        _freeze(release, now)
        release.released = now
    else:
        release.released = release.embargo
    release.state = ReleaseState.RELEASED
    release.register_id = _registered(release)
    release.save()
    replaced = release.replaces
    if replaced is not None:
        replaced = _locked(replaced)
        if replaced.state == ReleaseState.RELEASED:
            was = facts(replaced)
            replaced.state = ReleaseState.SUPERSEDED
            replaced.save(update_fields=["state"])
            note(replaced, before=was, after=facts(replaced))
    _step(actor, release, Action.PUBLISH)
    note(release, before=before, after=facts(release), digest=release.digest)
    return release


@service("figure_release.take-back")
def take_back(actor: Actor, release: FigureRelease, *, reason: str) -> FigureRelease:
    """Make an approved release that nobody outside has read a draft again."""
    release = _locked(release)
    rules.check_action(actor, Action.TAKE_BACK, release)
    before = facts(release)
    PublicFigures.objects.filter(release=release.pk, public_from__gt=timezone.now()).delete()
    _forget_check(release)
    release.approved = release.approved_by = None
    release.edit += 1
    release.save()
    _step(actor, release, Action.TAKE_BACK, _reason(reason))
    note(release, before=before, after=facts(release))
    return release


@service("figure_release.withdraw")
def withdraw_release(actor: Actor, release: FigureRelease, *, reason: str) -> FigureRelease:
    """Say that a release holds no longer; its figures are no longer shown, and stay told."""
    release = _locked(release)
    rules.check_action(actor, Action.WITHDRAW, release)
    why = _reason(reason)
    before = facts(release)
    now = timezone.now()
    if not release.register_id:
        release.released = release.embargo
        release.register_id = _registered(release)
    release.state, release.ended, release.ended_reason = ReleaseState.WITHDRAWN, now, why
    release.save()
    PublicFigures.objects.filter(release=release.pk).update(ended=now, ended_reason=why)
    _step(actor, release, Action.WITHDRAW, why)
    note(release, before=before, after=facts(release))
    _say_withdrawn(release, why)
    return release


@service("figure_release.delete")
def delete_draft(actor: Actor, release: FigureRelease) -> None:
    """Delete a draft; nobody outside has read it."""
    release = _locked(release)
    rules.check_action(actor, Action.DELETE, release)
    note(release, before=facts(release))
    # The row's id is still needed for the event.
    FigureRelease.objects.filter(pk=release.pk).delete()


@service("early_reader.name")
def name_early_reader(
    actor: Actor, release: FigureRelease, *, user: User, function: str, opens: datetime
) -> EarlyReader:
    """Let a member read a release before the public, until its embargo ends."""
    release = _locked(release)
    rules.check_action(actor, Action.NAME_EARLY, release)
    rules.check_early(release, opens)
    if not possible_early_readers(actor, release).filter(pk=user.pk).exists():
        raise RefusedError(_("Only members who do not read it anyway are named, and once."))
    if not function.strip():
        raise RefusedError(_("Say in which function somebody reads it before the public."))
    row = EarlyReader.objects.create(
        release=release, user=user, function=function.strip()[:200], opens=opens
    )
    note(release, reader=str(user.pk), opens=opens.isoformat(), function=row.function)
    return row


@service("early_reader.remove")
def remove_early_reader(actor: Actor, release: FigureRelease, *, reader: EarlyReader) -> None:
    """Take somebody from the list of early readers."""
    release = _locked(release)
    rules.check_action(actor, Action.NAME_EARLY, release)
    note(release, reader=str(reader.user_id), is_removed=True)
    EarlyReader.objects.filter(pk=reader.pk, release=release).delete()


def publish_due(now: datetime | None = None) -> int:
    """Write down the releases whose embargo has ended; return how many."""
    due = FigureRelease.objects.filter(
        state=ReleaseState.EMBARGO, embargo__lte=now or timezone.now()
    ).select_related("authority")
    n_done = 0
    for release in due:
        # Another worker may have been quicker.
        with suppress(RefusedError):
            publish_release(Actor(release.authority, via="worker"), release)
            n_done += 1
    return n_done


def _locked(release: FigureRelease) -> FigureRelease:
    """Return the row, one writer in the authority at a time: releases bind each other."""
    Authority.objects.select_for_update().get(pk=release.authority_id)
    return FigureRelease.objects.select_related("authority", "replaces").get(pk=release.pk)


def _opened(actor: Actor, release: FigureRelease) -> tuple[FigureRelease, dict[str, Any]]:
    release = _locked(release)
    rules.check_action(actor, Action.EDIT, release)
    return release, facts(release)


def _edited(actor: Actor, release: FigureRelease, before: Mapping[str, Any]) -> FigureRelease:
    _forget_check(release)
    release.edit += 1
    release.save()
    _step(actor, release, Action.EDIT)
    note(release, before=before, after=facts(release))
    return release


def _forget_check(release: FigureRelease) -> None:
    release.state = ReleaseState.DRAFT
    release.findings, release.content, release.told, release.basis = {}, {}, {}, {}
    release.digest, release.checked = "", None


def _step(actor: Actor, release: FigureRelease, action: Action, reason: str = "") -> None:
    ReleaseStep.objects.create(release=release, action=action, reason=reason, done_by=actor.user)


def _reason(text: str) -> str:
    why = text.strip()[:1000]
    if not why:
        raise RefusedError(_("Write down why."))
    return why


def _checked(said: Head) -> dict[str, Any]:
    """Return the head as columns; refuse what cannot stand there."""
    from parvis.indicators.disclosure import default_rules

    if not said.title.strip() or len(said.title) > 200:
        raise RefusedError(_("Give the release a title of up to 200 letters."))
    if not said.city.strip():
        raise RefusedError(_("Say which area is the whole city."))
    default_rules().checked_base(said.base)
    values = {field.name: getattr(said, field.name) for field in fields(said)}
    return values | {"title": said.title.strip(), "city": said.city.strip()[:60]}


def _freeze(release: FigureRelease, public_from: datetime) -> None:
    """Copy what was approved to where the public reads it, from a moment on."""
    replaced = (
        PublicFigures.objects.filter(release=release.replaces_id).first()
        if release.replaces_id
        else None
    )
    PublicFigures.objects.create(
        page=release.authority.slug,
        release=release.pk,
        number=release.number or 0,
        content=release.content,
        digest=release.digest,
        public_from=public_from,
        replaces=replaced.pk if replaced else None,
    )


def _registered(release: FigureRelease) -> str:
    """Keep what was told in the library's register; return its id there."""
    from dataclasses import replace

    from parvis.indicators.disclosure.release import release_from
    from parvis.io.releases import releases, save_release

    home = library_home(release.authority_id)
    there = releases(home)
    day: date = (release.released or timezone.now()).date()
    told = replace(release_from(release.told), day=day, previous=there[-1].digest if there else "")
    return save_release(told, home=home).id


def _say_withdrawn(release: FigureRelease, reason: str) -> None:
    from parvis.io.releases import withdraw_release as withdraw

    if release.ended is not None:
        day = release.ended.date()
        withdraw(
            release.register_id, day=day, reason=reason, home=library_home(release.authority_id)
        )
