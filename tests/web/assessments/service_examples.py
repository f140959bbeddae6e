"""One run of every service of assessments."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from web.approach.service_examples import finished
from web.service_examples import example

from parvis.io.answer_tables import answers_json
from parvis.io.assessment_file import AssessmentFile
from parvis.packs import example_text
from parvis_web.accounts.vocabulary import Ability
from parvis_web.approach.models import Analysis
from parvis_web.assessments import (
    imports,
    services,
    services_computed,
    services_imports,
    services_replies,
    services_settling,
    services_signing,
    services_states,
)
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import (
    AnswerImport,
    Assessment,
    AssessmentState,
    Attachment,
    FrameworkText,
    Reply,
)
from parvis_web.assessments.queries import offer_of
from parvis_web.assessments.results import finding_key

KEY = "city-data-checklist"


def begun(town: Any, key: str = KEY, **fields: Any) -> Assessment:
    """An assessment of the town, or of a place in it."""
    offer = offer_of(town.authority, key)
    space = town.space() if offer.is_of_place else None
    return services.begin_assessment(
        town.actor("coordinator"),
        offer.framework,
        text=offer.text,
        subject_name="Tessenmark",
        **{"space": space} | fields,
    )


def in_state(assessment: Assessment, state: AssessmentState) -> Assessment:
    """The assessment as if it had come that far."""
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    assessment.refresh_from_db()
    return assessment


def first_item(assessment: Assessment) -> str:
    """The key of the first item."""
    return next(iter(engine_of(assessment).items))


def answered(town: Any, assessment: Assessment, value: str = "yes", **more: Any) -> Reply:
    """A reply to the first item."""
    actor = more.pop("actor", None) or town.actor("coordinator")
    item = more.pop("item", None) or first_item(assessment)
    return services_replies.give_reply(
        actor, assessment, item=item, state="answered", value=value, **more
    )


def found(town: Any) -> tuple[Assessment, str]:
    """An assessment whose one answer leads to a finding, and the finding's key."""
    assessment = begun(town)
    answered(town, assessment, "no")
    findings = engine_of(assessment).result(timezone.localdate()).findings
    return assessment, finding_key(findings[0])


def attached(town: Any, assessment: Assessment, *, is_scan: bool = False) -> Attachment:
    """A file of an assessment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(b"%PDF-1.4 a scan")
        return services_replies.attach_file(
            town.actor("coordinator"),
            assessment,
            content=path,
            media_type="application/pdf",
            original_name="scan.pdf",
            is_scan=is_scan,
        )


def loaded(town: Any) -> FrameworkText:
    """A framework of the town's own."""
    text = example_text("framework")
    return services.add_framework(town.actor("coordinator"), text=text, name="park-check.yaml")


@example("framework.add")
def add_framework(town: Any) -> None:
    loaded(town)


@example("framework.remove")
def remove_framework(town: Any) -> None:
    services.remove_framework(town.actor("coordinator"), loaded(town))


@example("assessment.begin")
def begin(town: Any) -> None:
    begun(town)


@example("assessment.arrange")
def arrange(town: Any) -> None:
    services.arrange(town.actor("coordinator"), begun(town), subject_name="Tessenmark, again")


@example("assessment.add-entry")
def add_entry(town: Any) -> None:
    assessment = begun(town, "site-vulnerability")
    key = next(known.key for known in engine_of(assessment).framework.lists if known.open)
    services.add_entry(town.actor("coordinator"), assessment, list_key=key, name="Arcade")


@example("assessment.assign-section")
def assign_section(town: Any) -> None:
    assessment = begun(town)
    key = engine_of(assessment).framework.sections[0].key
    services.assign_section(
        town.actor("coordinator"), assessment, section=key, person=town.person("assessor")
    )


@example("assessment.unassign-section")
def unassign_section(town: Any) -> None:
    assessment = begun(town)
    key = engine_of(assessment).framework.sections[0].key
    actor = town.actor("coordinator")
    row = services.assign_section(actor, assessment, section=key, person=town.person("assessor"))
    services.unassign_section(actor, row)


@example("assessment.answer")
def answer(town: Any) -> None:
    answered(town, begun(town))


@example("assessment.undo")
def undo(town: Any) -> None:
    assessment = begun(town)
    reply = answered(town, assessment)
    services_settling.undo_reply(town.actor("coordinator"), assessment, item=reply.item)


@example("assessment.settle")
def settle(town: Any) -> None:
    assessment = begun(town, is_separate=True)
    reply = answered(town, assessment)
    services_settling.settle_item(
        town.actor("coordinator"), assessment, reply=reply, note="seen by both"
    )


@example("assessment.attach")
def attach(town: Any) -> None:
    attached(town, begun(town))


@example("assessment.detach")
def detach(town: Any) -> None:
    services_replies.remove_attachment(town.actor("coordinator"), attached(town, begun(town)))


@example("assessment.decide")
def decide(town: Any) -> None:
    assessment, finding = found(town)
    services_states.decide_finding(
        town.actor("coordinator"), assessment, finding=finding, choice="do"
    )


@example("assessment.submit")
def submit(town: Any) -> None:
    assessment = begun(town)
    for item in engine_of(assessment).items:
        services_replies.give_reply(
            town.actor("coordinator"), assessment, item=item, state="unknown", note="not asked yet"
        )
    services_states.submit(town.actor("coordinator"), assessment)


@example("assessment.send-back")
def send_back(town: Any) -> None:
    assessment = in_state(begun(town), AssessmentState.IN_REVIEW)
    services_states.send_back(town.actor("coordinator"), assessment)


@example("assessment.sign")
def sign(town: Any) -> None:
    assessment = in_state(begun(town), AssessmentState.IN_REVIEW)
    town.name_on("guest", assessment, Ability.READ, Ability.SIGN)
    services_signing.sign(
        town.actor("guest"),
        assessment,
        digest=services_signing.document_digest(assessment),
        function="adviser",
        user=town.person("guest"),
    )


@example("assessment.sign-on-paper")
def sign_on_paper(town: Any) -> None:
    assessment = in_state(begun(town), AssessmentState.IN_REVIEW)
    services_signing.sign_on_paper(
        town.actor("coordinator"),
        assessment,
        digest=services_signing.document_digest(assessment)[:8],
        name="Adviser of the town",
        function="adviser",
        signed_on=timezone.localdate() - timedelta(days=1),
        scan=attached(town, assessment, is_scan=True),
    )


@example("assessment.revise")
def revise(town: Any) -> None:
    assessment = in_state(begun(town), AssessmentState.SIGNED)
    offer = offer_of(town.authority, KEY)
    services_states.revise(town.actor("coordinator"), assessment, offer.framework, text=offer.text)


@example("assessment.move")
def move(town: Any) -> None:
    loaded(town)
    first = offer_of(town.authority, "park-check")
    assessment = begun(town, "park-check")
    text = first.text.replace("version: 1\n", "version: 2\nreplaces: {version: 1}\n", 1)
    services.add_framework(town.actor("coordinator"), text=text, name="park-check.yaml")
    second = offer_of(town.authority, "park-check")
    services_states.move_to(
        town.actor("coordinator"), assessment, second.framework, text=second.text
    )


@example("assessment.delete")
def delete(town: Any) -> None:
    services_states.delete_assessment(town.actor("coordinator"), begun(town))


@example("assessment.restore")
def restore(town: Any) -> None:
    actor = town.actor("coordinator")
    services_states.restore_assessment(actor, services_states.delete_assessment(actor, begun(town)))


def sent_file(town: Any, assessment: Assessment) -> AnswerImport:
    """A file of answers that was sent and not taken over."""
    content = answers_json(AssessmentFile(engine_of(assessment).assessment, assessment.marking))
    file = SimpleUploadedFile("answers.json", content)
    return imports.keep_answers(town.actor("coordinator"), assessment, file)


@example("assessment.keep-import")
def keep_import(town: Any) -> None:
    sent_file(town, begun(town))


@example("assessment.discard-import")
def discard_import(town: Any) -> None:
    services_imports.discard_import(town.actor("coordinator"), sent_file(town, begun(town)))


@example("assessment.take-computed")
def take_computed(town: Any) -> None:
    assessment = begun(town, "site-vulnerability")
    analysis = finished(town)
    Analysis.objects.filter(pk=analysis.pk).update(space=assessment.space)
    analysis.refresh_from_db()
    services_computed.take_computed(
        town.actor("coordinator"), assessment, analysis=analysis, values={"n_access_points": 3.0}
    )


@example("assessment.import")
def take_import(town: Any) -> None:
    actor = town.actor("coordinator")
    row = sent_file(town, begun(town))
    services_imports.take_import(actor, row, read=imports.seen(actor, row))
