"""The demonstration: a fictional town, its people, a square analysed and partly assessed."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.io.osm_read import SUFFIXES
from parvis_web.accounts.models import Authority, Membership, User
from parvis_web.accounts.rights import Actor, InstanceActor
from parvis_web.accounts.services.grants import name_person
from parvis_web.accounts.services.members import add_member, create_authority
from parvis_web.accounts.vocabulary import Ability, Role
from parvis_web.approach.kept import overlay
from parvis_web.approach.models import Analysis, AssumptionKind
from parvis_web.approach.services import request_analysis, state_assumption
from parvis_web.assessments.models import Assessment
from parvis_web.audit.recording import note, service
from parvis_web.cities.files import EXTRACT, keep_upload
from parvis_web.cities.services import add_city
from parvis_web.operation.demo_assessment import assess_square
from parvis_web.operation.demo_indicators import fill_dashboard
from parvis_web.runs.execution import execute
from parvis_web.runs.models import RunState
from parvis_web.scenarios.models import Scenario
from parvis_web.scenarios.services import create_scenario
from parvis_web.spaces.models import Space

TOWN, SLUG, SQUARE = "Tessenmark", "tessenmark", "Market Square"
PASSWORD = "open squares for everybody"  # noqa: S105 - printed for everybody who tries the demo
GUEST = "adviser"
VEHICLES = ["M1", "N1", "N2A", "N2B"]
Say = Callable[[str], None]


class DemoError(RuntimeError):
    """The demonstration was not asked for, or one of its runs failed."""


@service("demo.add-person")
def _add_person(actor: InstanceActor, *, name: str) -> User:
    """Make one of the demonstration's people, all with the same password."""
    del actor
    user = User.objects.create_user(
        f"{name}@{SLUG}.example", PASSWORD, name=f"Demo {name}", language="en"
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    note(user, after={"name": user.name})
    return user


def accounts() -> list[tuple[str, str]]:
    """Return role and mail address of everybody in the demonstration."""
    return [(name, f"{name}@{SLUG}.example") for name in (*Role.values, GUEST)]


def seed(say: Say = lambda _: None) -> Authority:
    """
    Make the demonstration; what is there already stays.

    Raises
    ------
    DemoError
        Where this installation is no demonstration, or a run fails.
    """
    if not settings.PARVIS_DEMO:
        raise DemoError("Set PARVIS_DEMO=1: demonstration accounts have a public password.")
    authority = Authority.objects.filter(slug=SLUG).first() or _people()
    user = Membership.objects.get(authority=authority, role=Role.COORDINATOR).user
    actor = Actor(authority, user, Role.COORDINATOR, has_second_factor=True, via="command")
    space = _square(authority)
    if space is None:
        say("Importing the town …")
        _import_town(actor)
        space = _square(authority)
    if space is None:
        raise DemoError(f"{TOWN} has no {SQUARE}")
    if not Analysis.objects.filter(space=space, run__state=RunState.DONE).exists():
        say(f"Analysing {SQUARE} …")
        _analyse(actor, space)
    if not Scenario.objects.filter(space=space).exists():
        _save_scenario(actor, space)
    if not Assessment.objects.filter(space=space).exists():
        assess_square(actor, space)
    say("Filling the dashboard with synthetic figures …")
    fill_dashboard(actor)
    return authority


def _people() -> Authority:
    operator = InstanceActor(None, via="command")
    authority = create_authority(
        operator, name=TOWN, slug=SLUG, country="DE", time_zone="Europe/Berlin"
    )
    for role in Role:
        person = _add_person(operator, name=role.value)
        add_member(operator, authority=authority, user=person, role=role)
    _add_person(operator, name=GUEST)
    return authority


def _square(authority: Authority) -> Space | None:
    return Space.objects.filter(authority=authority, name=SQUARE, removed__isnull=True).first()


def _import_town(actor: Actor) -> None:
    with _town_extract() as path:
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        kept = keep_upload(
            actor.authority.pk,
            upload,
            accepted=SUFFIXES,
            what=EXTRACT,
            most=settings.PARVIS_UPLOAD_LIMIT,
        )
    _carry_out(add_city(actor, name=TOWN, extract=kept))


@contextmanager
def _town_extract() -> Iterator[Path]:
    from parvis.city.town import make_town
    from parvis.io.osm_writer import write_osm

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{SLUG}.osm.pbf"
        write_osm(make_town(seed=1, size="small"), path)
        yield path


def _analyse(actor: Actor, space: Space) -> None:
    state_assumption(
        actor,
        space,
        kind=AssumptionKind.PLANNING,
        vehicles=VEHICLES,
        reason="Deliveries to the market by lorry; cars and vans use the streets around it.",
        author="Security coordination of Tessenmark",
        date=timezone.localdate(),
        reference="Demonstration 1",
    )
    _carry_out(request_analysis(actor, space).run)


def _carry_out(run: Any) -> None:
    ended = execute(run)
    if ended.state != RunState.DONE:
        raise DemoError(f"{run.kind}: {ended.error_code} {ended.error_details}")


def _save_scenario(actor: Actor, space: Space) -> None:
    analysis = Analysis.objects.filter(space=space, run__state=RunState.DONE).latest("created")
    shown = json.loads(overlay(analysis))["features"]
    mouths = [
        feature["geometry"]
        for feature in shown
        if feature["properties"]["layer"] == "perimeter"
        and feature["properties"].get("number") == 1
        and feature["geometry"]["type"] == "LineString"
    ]
    row = {"type": "place_row", "family": "fixed-bollard-deep"}
    changes = [row | {"line": geometry} for geometry in mouths[:1]]
    scenario = create_scenario(
        actor, space, name="Bollards at access point 1", analysis=analysis, changes=changes
    )
    adviser = User.objects.get(email=f"{GUEST}@{SLUG}.example")
    name_person(
        actor,
        scenario,
        user=adviser,
        abilities=[Ability.READ, Ability.COMMENT, Ability.SIGN],
        ends_on=timezone.localdate() + timedelta(days=90),
        purpose="Signs for ratings",
    )
