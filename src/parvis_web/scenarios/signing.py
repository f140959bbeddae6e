"""Who may sign a scenario here and now, and what exactly would be signed."""

from typing import Any

from parvis_web.accounts.rights import Actor, can
from parvis_web.accounts.vocabulary import Ability
from parvis_web.scenarios.forms import PaperForm, SignForm
from parvis_web.scenarios.models import Scenario, ScenarioState, Signature
from parvis_web.scenarios.rules import Action, can_action
from parvis_web.scenarios.services import newest_version


def signing_context(actor: Actor, scenario: Scenario) -> dict[str, Any]:
    """Return what the panel about sign-off shows."""
    version = newest_version(scenario)
    is_open = scenario.state == ScenarioState.PROPOSED and version is not None
    digest = version.digest if version else ""
    is_named = can(actor, Ability.SIGN, scenario)
    return {
        "signed_version": version,
        "digest": digest,
        "digest_said": " ".join(digest[start : start + 4] for start in range(0, 16, 4)),
        "is_signable": is_open,
        "may_sign": is_open and is_named,
        "needs_second_factor": is_open and is_named and not actor.has_second_factor,
        "may_record_paper": is_open and can_action(actor, Action.SIGN_PAPER, scenario),
        "sign_form": SignForm(initial={"digest": digest}),
        "paper_form": PaperForm(),
        "void_signatures": Signature.objects.filter(
            scenario=scenario, void__isnull=False
        ).select_related("version")[:10],
    }
