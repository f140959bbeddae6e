"""One run of every service of scenarios."""

from django.utils import timezone
from web.service_examples import example

from parvis_web.accounts.vocabulary import Ability
from parvis_web.scenarios import services
from parvis_web.scenarios.models import Scenario
from parvis_web.spaces.models import Evidence

WALL = {
    "type": "add_barrier",
    "shape": {"type": "LineString", "coordinates": [[10.0, 50.0], [10.0001, 50.0]]},
}
ANSWER = {"points": [], "rows": [], "checks": [], "cost": None, "n_unpriced": 0, "notices": []}


def owner(town):
    return town.actor("owner")


def created(town) -> Scenario:
    return services.create_scenario(owner(town), town.space(), name="One lane")


def edited(town) -> Scenario:
    scenario = created(town)
    return services.edit_scenario(owner(town), scenario, edit=scenario.edit, changes=[WALL])


def proposed(town) -> Scenario:
    scenario = edited(town)
    services.save_version(owner(town), scenario, edit=scenario.edit, answer=ANSWER)
    return services.propose_scenario(owner(town), scenario)


@example("scenario.create")
def create(town):
    created(town)


@example("scenario.duplicate")
def duplicate(town):
    services.duplicate_scenario(owner(town), created(town), name="Another")


@example("scenario.rename")
def rename(town):
    services.rename_scenario(owner(town), created(town), name="Two lanes")


@example("scenario.edit")
def edit(town):
    edited(town)


@example("scenario.undo")
def undo(town):
    scenario = edited(town)
    services.undo_edit(owner(town), scenario, edit=scenario.edit)


@example("scenario.redo")
def redo(town):
    scenario = edited(town)
    scenario = services.undo_edit(owner(town), scenario, edit=scenario.edit)
    services.redo_edit(owner(town), scenario, edit=scenario.edit)


@example("scenario.save-version")
def save_version(town):
    scenario = edited(town)
    services.save_version(owner(town), scenario, edit=scenario.edit, answer=ANSWER)


@example("scenario.propose")
def propose(town):
    proposed(town)


@example("scenario.withdraw")
def withdraw(town):
    services.withdraw_scenario(owner(town), proposed(town))


@example("scenario.sign")
def sign(town):
    scenario = proposed(town)
    town.name_on("guest", scenario, Ability.READ, Ability.SIGN)
    adviser = town.actor("guest")
    services.sign_scenario(
        adviser,
        scenario,
        digest=services.newest_version(scenario).digest,
        function="Police adviser",
        user=adviser.user,
    )


@example("scenario.sign-on-paper")
def sign_on_paper(town):
    scenario = proposed(town)
    scan = Evidence.objects.create(
        authority=town.authority,
        space=scenario.space,
        digest="d" * 64,
        size=1,
        media_type="image/png",
        original_name="signed.png",
    )
    services.sign_on_paper(
        owner(town),
        scenario,
        digest=services.newest_version(scenario).digest,
        name="Adviser",
        function="Police adviser",
        signed_on=timezone.localdate(),
        scan=scan,
    )


@example("scenario.delete")
def delete(town):
    services.delete_scenario(owner(town), created(town))


@example("scenario.restore")
def restore(town):
    scenario = services.delete_scenario(owner(town), created(town))
    services.restore_scenario(owner(town), scenario)


@example("scenario.answer-in-background")
def answer_in_background(town):
    services.answer_in_background(owner(town), created(town), analysis=None)
