"""One run of every service of releases, and releases as far on as a test needs them."""

from datetime import date, timedelta

from django.utils import timezone
from web.service_examples import example

from parvis.indicators.values import Observation, observations_of
from parvis.io.observations import save_delivery
from parvis_web.accounts.rights import Actor
from parvis_web.collecting.models import Delivery
from parvis_web.config.data import library_home
from parvis_web.releases import services
from parvis_web.releases.models import FigureRelease, ReleaseState
from parvis_web.releases.stigma import QUESTIONS
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun

DAY = date(2026, 3, 1)
COUNTS = (
    ("2023", "city", "", 410, 100000),
    ("2024", "city", "", 405, 100500),
    ("2025", "city", "", 520, 101000),
    ("2025", "city", "sex=f", 210, 51000),
    ("2025", "city", "sex=m", 310, 50000),
    ("2025", "mars", "", 3, 900),
    ("2025", "dock", "", 217, 40100),
    ("2025", "anger", "", 300, 60000),
)
"""Violent offences and residents by period, area and split."""
CITY, AREAS, GROUPS = "SEC-02|city|", "SEC-02|areas|", "SEC-02|groups|sex"
ANSWERED = {question.key: {"answer": question.wanted, "why": ""} for question in QUESTIONS}
TITLE = "Figures of the year"


def figures_there(town, counts=COUNTS) -> Delivery:
    """A kept delivery of counts."""
    rows = [
        Observation(
            "SEC-02", period, area, 1e5 * above / below, "per_100k_people", "poisson",
            split=split, numerator=float(above), denominator=float(below), source="Police",
        )
        for period, area, split, above, below in counts
    ]  # fmt: skip
    home = library_home(town.authority.pk)
    kept = save_delivery(observations_of(rows), received=DAY, file="values.csv", home=home)
    return Delivery.objects.create(
        authority=town.authority,
        created_by=town.person("analyst"),
        file_name="values.csv",
        received=DAY,
        store=kept.id,
        n=len(rows),
        kept=timezone.now(),
    )


def drafter(town) -> Actor:
    return town.actor("coordinator")


def drafted(town, *, keys=(CITY,), role="coordinator", **said) -> FigureRelease:
    """A draft that has chosen something of what is there."""
    if not town.__dict__.get("has_figures"):
        figures_there(town)
        town.has_figures = True
    actor = town.actor(role)
    head = services.Head(**{"title": TITLE, "corrections": "We correct within a week."} | said)
    release = services.draft_release(actor, said=head)
    services.choose_items(actor, release, keys=keys)
    if any("|areas|" in key for key in keys):
        services.justify_areas(
            actor, release, reason="Residents vote on the squares.", answers=ANSWERED
        )
    return fresh(release)


def fresh(release) -> FigureRelease:
    return FigureRelease.objects.select_related("authority").get(pk=release.pk)


def checked(town, *, role="coordinator", **options) -> FigureRelease:
    """A draft that went through the check."""
    release = drafted(town, role=role, **options)
    return check(town, release, role=role)


def check(town, release, *, role="coordinator") -> FigureRelease:
    run = services.start_check(town.actor(role), release)
    execute(AnalysisRun.objects.get(pk=run.pk))
    return fresh(release)


def approved(town, **options) -> FigureRelease:
    """A release that a second person approved."""
    release = checked(town, **options)
    return services.approve_release(town.actor("owner"), release, digest=release.digest)


def under_embargo(town, *, hours=30, **options) -> FigureRelease:
    """A release that becomes public by itself."""
    return approved(town, embargo=timezone.now() + timedelta(hours=hours), **options)


def released(town, **options) -> FigureRelease:
    """A release the public reads."""
    return services.publish_release(town.actor("owner"), approved(town, **options))


def named_early(town):
    release = under_embargo(town)
    return services.name_early_reader(
        town.actor("owner"),
        release,
        user=town.person("reader"),
        function="Mayor's office",
        opens=release.embargo - timedelta(hours=24),
    )


@example("figure_release.draft")
def draft(town):
    services.draft_release(drafter(town), said=services.Head(title=TITLE))


@example("figure_release.change")
def change(town):
    services.change_head(drafter(town), drafted(town), said=services.Head(title="Another"))


@example("figure_release.choose")
def choose(town):
    drafted(town)


@example("figure_release.periods")
def periods(town):
    release = drafted(town)
    services.choose_periods(
        drafter(town), release, item=release.items.get(), periods=["2024", "2025"]
    )


@example("figure_release.justify")
def justify(town):
    drafted(town, keys=[AREAS])


@example("figure_release.check")
def begin_check(town):
    services.start_check(drafter(town), drafted(town))


@example("figure_release.checked")
def take_check(town):
    checked(town)


@example("figure_release.approve")
def approve(town):
    approved(town)


@example("figure_release.publish")
def publish(town):
    released(town)


@example("figure_release.take-back")
def take_back(town):
    services.take_back(town.actor("owner"), under_embargo(town), reason="A wrong column.")


@example("figure_release.withdraw")
def withdraw(town):
    services.withdraw_release(town.actor("owner"), released(town), reason="A wrong column.")


@example("figure_release.delete")
def delete(town):
    services.delete_draft(drafter(town), drafted(town))


@example("early_reader.name")
def name_early(town):
    named_early(town)


@example("early_reader.remove")
def remove_early(town):
    reader = named_early(town)
    services.remove_early_reader(town.actor("owner"), reader.release, reader=reader)


STATES = {
    ReleaseState.DRAFT: drafted,
    ReleaseState.CHECKED: checked,
    ReleaseState.APPROVED: approved,
    ReleaseState.EMBARGO: under_embargo,
    ReleaseState.RELEASED: released,
}
"""How to bring a release into a state."""
