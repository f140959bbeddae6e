"""
An object of a town for every parameter of every address.

`EXAMPLES` answers for a parameter by the most telling of its names: "app:page.parameter", then
"app.parameter", then "parameter". A function gets a `Town` and returns what the address carries; an
object stands for its id. Each town makes each example once.
"""

import hashlib
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from PIL import Image
from web.assessments.service_examples import attached, begun, first_item, loaded, sent_file
from web.collecting.service_examples import (
    kept,
    looked_at,
    mapped,
    protected,
    with_areas,
)
from web.dashboard.service_examples import peer_of
from web.measures.service_examples import proposed
from web.releases.service_examples import drafted, named_early, under_embargo
from web.walks.service_examples import taken, waiting_width

from parvis_web.accounts.models import ApiToken, Grant, Invitation, MarkingProposal, Membership
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import SectionAssignment
from parvis_web.assessments.services_replies import give_reply
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditPerson
from parvis_web.cities.models import CityLayer
from parvis_web.comments.models import Comment
from parvis_web.documents.models import Document, DocumentKind, ReleaseRequest
from parvis_web.privacy.models import Dataset
from parvis_web.publishing.models import PublicEntry
from parvis_web.releases.models import PublicFigures
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.scenarios.models import Scenario, ScenarioVersion, Signature
from parvis_web.sharing.models import ShareFile
from parvis_web.spaces.models import Evidence, LocalCorrection, Underlay
from parvis_web.spaces.storage import evidence_path

Example = Callable[[Any], object]

EXAMPLES: dict[str, Example] = {
    "slug": lambda town: town.slug,
    "number": lambda _town: 1,
    "index": lambda _town: 0,
    "ending": lambda _town: "csv",
    "action": lambda _town: "remove",
}


def example(*keys: str) -> Callable[[Example], Example]:
    """Make a function the example of some parameters."""

    def keep(function: Example) -> Example:
        for key in keys:
            if key in EXAMPLES:
                raise ValueError(f"two examples of {key}")
            EXAMPLES[key] = function
        return function

    return keep


def of(town: Any, function: Example) -> Any:
    """Return the example, made once per town."""
    made = town.__dict__.setdefault("examples", {})
    if function not in made:
        made[function] = function(town)
    return made[function]


def parameter(town: Any, app: str, page: str, name: str) -> object:
    """Return what the address of a page carries for one of its parameters."""
    for key in (f"{app}:{page}.{name}", f"{app}.{name}", name):
        if key in EXAMPLES:
            value = of(town, EXAMPLES[key])
            return value.pk if isinstance(value, Model) else value
    raise LookupError(
        f"{app}:{page} has a parameter {name} of which tests/web/examples.py knows no example."
    )


# People

EXAMPLES["accounts.kind"] = EXAMPLES["comments.kind"] = lambda _town: "spaces.space"
EXAMPLES["secret"] = lambda _town: "not-a-secret"
EXAMPLES["key"] = lambda _town: "x"
EXAMPLES["uidb36"] = lambda _town: "x"
EXAMPLES["pk"] = lambda _town: 1


@example("accounts.member_id")
def member(town: Any) -> Model:
    person = town.person("coordinator")
    return Membership.objects.get(authority=town.authority, user=person)


@example("accounts.grant_id")
def grant(town: Any) -> Model:
    return town.name_on("guest", of(town, space))


@example("accounts.invitation_id")
def invitation(town: Any) -> Model:
    return Invitation.objects.create(
        authority=town.authority,
        email=f"invited@{town.slug}.example",
        role="reader",
        token_digest=f"invitation of {town.slug}",
        expires=timezone.now() + timedelta(days=3),
    )


@example("accounts.token_id")
def token(town: Any) -> Model:
    return ApiToken.objects.create(
        authority=town.authority,
        user=town.person("owner"),
        name="QGIS",
        digest=f"token of {town.slug}",
        scopes=["read"],
        expires=timezone.now() + timedelta(days=3),
    )


@example("accounts.proposal_id")
def proposal(town: Any) -> Model:
    return MarkingProposal.objects.create(
        authority=town.authority,
        object_kind="spaces.space",
        object_id=of(town, space).pk,
        reason="why",
        proposed_by=town.person("coordinator"),
    )


# Cities and spaces


@example("cities.pk", "maps.city_id")
def city(town: Any) -> Model:
    return town.city(name=f"City of {town.slug}")


@example("cities.layer")
def layer(town: Any) -> Model:
    return CityLayer.objects.create(
        authority=town.authority,
        city=of(town, city),
        number=1,
        file_name="barriers.xlsx",
        digest="d",
        layer_kind="barriers",
    )


EXAMPLES["maps.z"] = EXAMPLES["maps.x"] = EXAMPLES["maps.y"] = lambda _town: 0


@example(
    "spaces.pk",
    "scenarios.pk",
    "assessments.pk",
    "measures.pk",
    "approach.pk",
    "documents:of-space.pk",
    "documents:make.pk",
    "documents:file-as-of.pk",
    "publishing.space_id",
    "accounts.object_id",
    "comments.object_id",
    "api-1.space_id",
    "api-1.feature",
)
def space(town: Any) -> Model:
    return town.space(city=of(town, city), name=f"Yard of {town.slug}")


EXAMPLES["spaces:sheet.ending"] = lambda _town: "pdf"


@example("spaces:evidence.item", "spaces:remove-file.item", "spaces:bring-back-file.item")
def evidence(town: Any) -> Model:
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")
    content = picture.getvalue()
    row = Evidence.objects.create(
        authority=town.authority,
        space=of(town, space),
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type="image/png",
        original_name="plan.png",
    )
    evidence_path(row).parent.mkdir(parents=True, exist_ok=True)
    evidence_path(row).write_bytes(content)
    return row


@example("spaces.item")
def underlay(town: Any) -> Model:
    return Underlay.objects.create(
        authority=town.authority, space=of(town, space), name="Plan", image=of(town, evidence)
    )


@example("spaces.correction")
def correction(town: Any) -> Model:
    return LocalCorrection.objects.create(
        authority=town.authority,
        space=of(town, space),
        city=of(town, city),
        store_id="1",
        correction_kind="width",
        facts={"geometry": {"type": "Point", "coordinates": [10.0, 50.0]}},
    )


# Analyses, scenarios, runs


def finished_run(town: Any, kind: str) -> AnalysisRun:
    return AnalysisRun.objects.create(
        authority=town.authority,
        kind=kind,
        subject_kind="spaces.space",
        subject_id=of(town, space).pk,
        inputs_hash=kind,
        state=RunState.CANCELLED,
    )


@example("runs.pk", "api-1.run_id")
def run(town: Any) -> Model:
    return finished_run(town, "approach")


@example("approach.analysis", "api-1.analysis_id")
def analysis(town: Any) -> Model:
    return Analysis.objects.create(
        authority=town.authority, space=of(town, space), run=of(town, run)
    )


@example("approach.plan")
def plan(town: Any) -> Model:
    return ClosurePlan.objects.create(
        authority=town.authority,
        space=of(town, space),
        run=finished_run(town, "closure"),
        analysis=of(town, analysis),
    )


@example("scenarios.sid")
def scenario(town: Any) -> Model:
    return Scenario.objects.create(
        authority=town.authority,
        space=of(town, space),
        analysis=of(town, analysis),
        name=f"Scenario of {town.slug}",
    )


@example("scenarios.signature")
def signature(town: Any) -> Model:
    version = ScenarioVersion.objects.create(
        authority=town.authority,
        scenario=of(town, scenario),
        number=1,
        name="first",
        changes=[],
        digest="d" * 64,
    )
    return Signature.objects.create(
        authority=town.authority,
        scenario=of(town, scenario),
        version=version,
        digest=version.digest,
        method="paper",
        signer_name="Adviser",
        signer_function="Adviser",
        signed_on=date(2026, 1, 1),
        scan=of(town, evidence),
    )


# Comments, documents, public texts, personal data


@example("comments.comment_id")
def comment(town: Any) -> Model:
    return Comment.objects.create(
        authority=town.authority,
        space=of(town, space),
        object_kind="spaces.space",
        object_id=of(town, space).pk,
        text=f"Said in {town.slug}",
    )


EXAMPLES["documents.token"] = lambda _town: "not-a-token"
EXAMPLES["privacy.name"] = lambda _town: "dpia"
EXAMPLES["api-1.key"] = lambda _town: "spaces"


@example("documents.pk")
def document(town: Any) -> Model:
    return Document.objects.create(
        authority=town.authority,
        space=of(town, space),
        document_kind=DocumentKind.COUNCIL_PAPER,
        file_name=f"paper-of-{town.slug}.pdf",
        media_type="application/pdf",
    )


@example("documents:release.pk", "documents:release-export.pk")
def release(town: Any) -> Model:
    return ReleaseRequest.objects.create(
        authority=town.authority, reference="R 1", received_on=date(2026, 1, 1)
    )


@example("publishing.entry_id")
def entry(town: Any) -> Model:
    return PublicEntry.objects.create(authority=town.authority, space=of(town, space))


@example("privacy.pk")
def dataset(town: Any) -> Model:
    return Dataset.objects.create(
        authority=town.authority,
        name=f"Dataset of {town.slug}",
        purpose="x",
        basis="x",
        people="x",
        data_owner="x",
        retention="x",
        delete_on=date(2030, 1, 1),
    )


@example("privacy.person")
def audit_person(town: Any) -> Model:
    return AuditPerson.objects.create(
        chain=chain_name(town.authority), user=town.person("former"), name=f"Former of {town.slug}"
    )


@example("sharing.pk")
def share_file(town: Any) -> Model:
    return ShareFile.objects.create(
        authority=town.authority,
        recipient=f"Network of {town.slug}",
        consent="x",
        expires_on=date(2030, 1, 1),
        content={},
        signature="x",
    )


# Data that come in


@example("collecting.pk")
def delivery(town: Any) -> Model:
    return kept(town, name=f"delivery-of-{town.slug}.csv")


@example(
    "collecting:read.pk",
    "collecting:keep.pk",
    "collecting:discard.pk",
    "collecting:rejected.pk",
)
def waiting_delivery(town: Any) -> Model:
    return looked_at(town, name=f"waiting-of-{town.slug}.csv")


@example("collecting.mapping")
def mapping_of_columns(town: Any) -> Model:
    return mapped(town)


@example("collecting.item")
def protected_data(town: Any) -> Model:
    return protected(town, values={"name": f"Offences of {town.slug}"})


@example("collecting:protected-map-file.item")
def protected_survey(town: Any) -> Model:
    kept_here = {"name": f"Survey of {town.slug}"}
    return protected(town, "Q1\n1\n", kind="survey", values=kept_here)


@example("collecting.grant")
def on_the_list(town: Any) -> Model:
    return Grant.on(of(town, protected_data)).get()


@example("collecting.layer")
def areas(town: Any) -> Model:
    return with_areas(town)


# Assessments


@example("assessments.aid", "measures.aid", "walks.aid")
def assessment(town: Any) -> Model:
    return begun(town, "local-safety-audit", space=of(town, space))


@example("assessments.fid")
def own_framework(town: Any) -> Model:
    return loaded(town)


@example("assessments.file")
def attachment(town: Any) -> Model:
    return attached(town, of(town, assessment))


@example("assessments.reply")
def reply(town: Any) -> Model:
    found = of(town, assessment)
    return give_reply(
        town.actor("coordinator"), found, item=first_item(found), state="unknown", note="too dark"
    )


@example("assessments.row")
def section_asked(town: Any) -> Model:
    found = of(town, assessment)
    return SectionAssignment.objects.create(
        authority=town.authority,
        assessment=found,
        section=engine_of(found).framework.sections[0].key,
        person=town.person("assessor"),
    )


@example("assessments:import.row", "assessments:discard.row")
def file_of_answers(town: Any) -> Model:
    return sent_file(town, of(town, assessment))


@example("walks.copy")
def walk_copy(town: Any) -> Model:
    return taken(town, of(town, assessment))


@example("walks.width")
def walk_width(town: Any) -> Model:
    return waiting_width(town, of(town, walk_copy))


@example("measures.mid")
def measure(town: Any) -> Model:
    return proposed(town, f"Lamps of {town.slug}", space=of(town, space))


@example("releases.pk")
def figure_release(town: Any) -> Model:
    return drafted(town)


@example("releases.item")
def release_item(town: Any) -> Model:
    return of(town, figure_release).items.get()


@example("releases:remove-early.reader")
def early_reader(town: Any) -> Model:
    return named_early(town)


@example("releases:remove-early.pk")
def release_with_early_reader(town: Any) -> Model:
    return of(town, early_reader).release


@example("public-figures.pk")
def public_figures(town: Any) -> Model:
    return PublicFigures.objects.get(release=under_embargo(town).pk)


EXAMPLES["public-figures.key"] = lambda _town: "sec-02-city"
EXAMPLES["releases:act.action"] = lambda _town: "check"
EXAMPLES["assessments:report.ending"] = lambda _town: "html"
EXAMPLES["assessments:register.key"] = lambda _town: "annex-viii"
EXAMPLES["assessments:begin.key"] = lambda _town: "city-data-checklist"


@example("assessments:section.key")
def section_key(town: Any) -> str:
    return str(engine_of(of(town, assessment)).framework.sections[0].key)


# The dashboard

EXAMPLES |= {
    "dashboard.key": lambda _town: "sec",
    "dashboard.theme": lambda _town: "violence",
    "dashboard.code": lambda _town: "SEN-01",
    "dashboard.name": lambda _town: "all_share",
}


@example("dashboard.pk")
def peer(town: Any) -> Model:
    return peer_of(town, f"Peer of {town.slug}")
