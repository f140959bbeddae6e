"""Answers taken over from an analysis, all at once."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, check_read
from parvis_web.approach.models import Analysis
from parvis_web.assessments import rules
from parvis_web.assessments.computed import SOURCE, remark
from parvis_web.assessments.models import Assessment, ReplyState
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services_replies import (
    current_reply,
    give_reply,
    locked,
    voice_of,
)
from parvis_web.audit.recording import note, service


@service("assessment.take-computed")
def take_computed(
    actor: Actor,
    assessment: Assessment,
    *,
    analysis: Analysis,
    values: Mapping[str, str | float],
) -> int:
    """
    Take over what an analysis answers; return how many answers that were.

    Parameters
    ----------
    analysis : Analysis
        Of the same space.
    values : mapping of str to str or float
        By item; remarks, links and files of what stands there are kept.

    Raises
    ------
    RefusedError
        Where there is nothing to take over.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.ANSWER, assessment)
    check_read(actor, analysis)
    if not values or analysis.space_id != assessment.space_id:
        raise RefusedError(_("The analysis answers nothing that is still open."))
    voice = voice_of(actor, assessment)
    for item, value in values.items():
        before = current_reply(assessment, item, voice)
        give_reply(
            actor,
            assessment,
            item=item,
            state=ReplyState.ANSWERED,
            value=value,
            note=remark(before, analysis),
            links=before.links if before else (),
            attachments=[file.pk for file in before.attachments.filter(removed__isnull=True)]
            if before
            else (),
            source=SOURCE,
            analysis=analysis,
        )
    note(assessment, after={"analysis": str(analysis.pk), "items": sorted(values)})
    return len(values)
