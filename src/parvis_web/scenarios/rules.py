"""What may be done with a scenario, by whom, in which state."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    SecondFactorNeeded,
    can,
    check,
    check_write,
)
from parvis_web.accounts.table import Reason
from parvis_web.accounts.vocabulary import Ability
from parvis_web.scenarios.models import Scenario, ScenarioState, ScenarioVersion
from parvis_web.spaces.models import Space
from parvis_web.ui.refusals import RefusedError as RefusedError

MOST_CHANGES = 60
MOST_BYTES = 200_000
"""Of the list of changes as JSON."""


class Action(StrEnum):
    """What people do with a scenario."""

    READ = "read"
    EDIT = "edit"
    SAVE = "save"
    RENAME = "rename"
    DUPLICATE = "duplicate"
    PROPOSE = "propose"
    SIGN = "sign"
    SIGN_PAPER = "sign-paper"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    RESTORE = "restore"


DRAFT, PROPOSED, SIGNED, WITHDRAWN = ScenarioState
STATES: Mapping[Action, frozenset[str]] = {
    Action.READ: frozenset(ScenarioState),
    Action.EDIT: frozenset({DRAFT, PROPOSED, SIGNED}),
    Action.SAVE: frozenset({DRAFT, PROPOSED, SIGNED}),
    Action.RENAME: frozenset({DRAFT, PROPOSED}),
    Action.DUPLICATE: frozenset(ScenarioState),
    Action.PROPOSE: frozenset({DRAFT}),
    Action.SIGN: frozenset({PROPOSED}),
    Action.SIGN_PAPER: frozenset({PROPOSED}),
    Action.WITHDRAW: frozenset({PROPOSED, SIGNED}),
    Action.DELETE: frozenset({DRAFT, PROPOSED, WITHDRAWN}),
    Action.RESTORE: frozenset({DRAFT, PROPOSED, WITHDRAWN}),
}
"""States in which an action is possible; editing what is signed makes the signature void."""

ABILITIES: Mapping[Action, Ability] = dict.fromkeys(Action, Ability.WRITE) | {
    Action.READ: Ability.READ,
    Action.SIGN: Ability.SIGN,
}
"""What an action needs; signing needs to be named for it, whatever one's role."""


class ConflictError(RefusedError):
    """Somebody else changed the scenario since this page was opened."""


def is_possible(action: Action, state: str, *, is_removed: bool = False) -> bool:
    """Return whether `action` makes sense for a scenario in `state`, whoever asks."""
    if is_removed != (action == Action.RESTORE):
        return is_removed and action == Action.READ
    return state in STATES[action]


def check_action(actor: Actor, action: Action, scenario: Scenario) -> None:
    """
    Raise unless `actor` may do `action` with `scenario` as it stands.

    Raises
    ------
    django.http.Http404, NotAllowed, SecondFactorNeeded
        See `parvis_web.accounts.rights.check`.
    RefusedError
        Where its state does not allow it.
    """
    if action == Action.SIGN:
        check(actor, Ability.READ, scenario)
        if not can(actor, Ability.SIGN, scenario):
            raise NotAllowed(
                Reason.NOT_THIS_ROLE,
                _(
                    "Only an adviser who was named for signing this scenario can sign it. "
                    "A coordinator names one on the page of the scenario or of its space."
                ),
            )
        if not actor.has_second_factor:
            raise SecondFactorNeeded(
                Reason.SECOND_FACTOR, _("Signing needs your second factor in this session.")
            )
    else:
        check(actor, ABILITIES[action], scenario)
    if not is_possible(action, scenario.state, is_removed=scenario.removed is not None):
        raise RefusedError(_refusal(action, scenario))


def can_action(actor: Actor, action: Action, scenario: Scenario) -> bool:
    """Return whether `actor` may do `action` with `scenario` as it stands."""
    if action == Action.SIGN and not actor.has_second_factor:
        return False
    is_removed = scenario.removed is not None
    return can(actor, ABILITIES[action], scenario) and is_possible(
        action, scenario.state, is_removed=is_removed
    )


def _refusal(action: Action, scenario: Scenario) -> str:
    if scenario.removed is not None:
        return _("This scenario was deleted. Bring it back first.")
    match action:
        case Action.SIGN | Action.SIGN_PAPER:
            return _("Only the proposed scenario of a space can be signed.")
        case Action.RENAME | Action.DELETE if scenario.state == SIGNED:
            return _("This scenario is signed. Withdraw it first.")
        case Action.PROPOSE:
            return _("Only a draft can be proposed.")
        case Action.WITHDRAW:
            return _("Only a proposed or signed scenario can be withdrawn.")
        case Action.RESTORE:
            return _("This scenario was not deleted.")
        case _:
            return _("This scenario was withdrawn. Duplicate it to go on from it.")


def check_create(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may add a scenario to `space`."""
    check_write(actor, space)


def check_edit_number(scenario: Scenario, edit: int) -> None:
    """Raise `ConflictError` where `scenario` was changed since `edit`."""
    if scenario.edit != edit:
        raise ConflictError(
            _(
                "Somebody changed this scenario while you were working on it. Their state is "
                "shown now; your last change was not taken. Make it again if it is still right."
            )
        )


def check_saved(scenario: Scenario, version: ScenarioVersion | None) -> None:
    """Raise unless the newest version is what is being worked on."""
    is_saved = version is not None and (
        version.changes == scenario.changes and version.people == scenario.people
    )
    if not is_saved:
        raise RefusedError(_("Save a version first: what is proposed and signed is a version."))
    if version is not None and version.answer is None:
        raise RefusedError(
            _(
                "The newest version was saved without its results. "
                "Save it again once they are shown."
            )
        )


def check_signer(scenario: Scenario, version: ScenarioVersion, signer: User | str) -> None:
    """
    Raise where somebody would sign their own work.

    Parameters
    ----------
    signer : User or str
        Who signs here, or the name on a sheet signed on paper.
    """
    makers = [user for user in (version.created_by, scenario.created_by) if user is not None]
    if isinstance(signer, str):
        is_maker = _plain(signer) in {
            _plain(text) for user in makers for text in (user.name, user.email) if text
        }
    else:
        is_maker = signer in makers
    if is_maker:
        raise RefusedError(
            _("Whoever made or saved a scenario cannot sign it. Another named adviser has to.")
        )


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def check_name(name: str) -> str:
    """Return a name without surrounding space; raise `RefusedError` where it cannot be one."""
    kept = " ".join(name.split())
    if not kept or len(kept) > 120:
        raise RefusedError(_("Give the scenario a name of up to 120 letters."))
    return kept
