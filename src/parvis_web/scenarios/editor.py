"""What the page of a scenario shows: the plan, what changed, what it needs, what stays open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis_web.accounts.rights import Actor, can
from parvis_web.accounts.vocabulary import Ability
from parvis_web.approach.models import Analysis
from parvis_web.scenarios import words
from parvis_web.scenarios.bench import Reply, ask
from parvis_web.scenarios.forms import PALETTE, PeopleForm
from parvis_web.scenarios.models import Scenario
from parvis_web.scenarios.picture import plan_of
from parvis_web.scenarios.present import is_of_today, latest_analysis, place_of
from parvis_web.scenarios.rules import Action, can_action
from parvis_web.scenarios.services import newest_version
from parvis_web.ui import formats


@dataclass(frozen=True)
class Asked:
    """A scenario with what the bench said of it."""

    scenario: Scenario
    analysis: Analysis | None
    reply: Reply

    @property
    def answer(self) -> dict[str, Any] | None:
        """The answer, None where there is none."""
        return self.reply.answer if self.reply.state == "result" else None


def ask_scenario(
    actor: Actor, scenario: Scenario, *, patience: float = 1.0, analysis: Analysis | None = None
) -> Asked:
    """Ask the bench what a scenario does as it stands."""
    analysis = analysis or latest_analysis(actor, scenario.space)
    reply = ask(
        place_of(scenario.space, analysis),
        scenario.document(),
        people=scenario.people,
        with_place=True,
        patience=patience,
    )
    if reply.state == "refused":
        present = ask(place_of(scenario.space, analysis), None)
        reply = Reply("refused", code=reply.code, details=reply.details, place=present.place)
    return Asked(scenario, analysis, reply)


def work_context(actor: Actor, asked: Asked, **more: Any) -> dict[str, Any]:
    """Return the context of the part of the page that every change makes anew."""
    scenario, reply, answer = asked.scenario, asked.reply, asked.answer
    place = reply.place
    may_edit = can_action(actor, Action.EDIT, scenario)
    newest = newest_version(scenario)
    is_saved = (
        newest is not None
        and newest.answer is not None
        and (newest.changes, newest.people) == (scenario.changes, scenario.people)
    )
    return {
        "scenario": scenario,
        "space": scenario.space,
        "reply": reply,
        "sentence": words.failure(reply.code, reply.details) if reply.code else "",
        "plan": plan_of(place, answer, scenario.changes, area=scenario.space.area),
        "headline": headline(answer),
        "points": [point_row(point) for point in answer["points"]] if answer else [],
        "rows": [barrier_row(row, place) for row in answer["rows"]] if answer else [],
        "checks": [check_row(check) for check in answer["checks"]] if answer else [],
        "cost": answer["cost"] if answer else None,
        "cost_text": words.cost(answer["cost"]) if answer and answer["cost"] else "",
        "n_unpriced": answer["n_unpriced"] if answer else 0,
        "notices": [words.failure(code, {}) for code in answer["notices"]] if answer else [],
        "changes": change_rows(scenario, place),
        "changes_json": json.dumps(scenario.changes, ensure_ascii=False),
        "palette": palette(place, more.pop("sent", None)) if may_edit and place else [],
        "people_form": PeopleForm(initial={"people": scenario.people}),
        "may_edit": may_edit,
        "may_save": can_action(actor, Action.SAVE, scenario),
        "may_undo": may_edit and bool(scenario.past),
        "may_redo": may_edit and bool(scenario.undone),
        "may_propose": can_action(actor, Action.PROPOSE, scenario) and is_saved,
        "may_withdraw": can_action(actor, Action.WITHDRAW, scenario),
        "may_write": can(actor, Ability.WRITE, scenario),
        "newest": newest,
        "is_saved": is_saved,
        "analysis": asked.analysis,
        "is_analysis_old": asked.analysis is not None and not is_of_today(asked.analysis),
        "is_on_old_city": bool(scenario.city_state)
        and scenario.city_state != scenario.space.city.state_hash,
        **more,
    }


def palette(place: Mapping[str, Any] | None, sent: Any = None) -> list[dict[str, Any]]:
    """Return the forms that add a change; the one that was sent keeps its errors."""
    found = []
    for kind in PALETTE:
        is_sent = sent is not None and isinstance(sent, kind)
        form = sent if is_sent else kind(place=place)
        if kind.change_type == "remove_barrier" and not form.fields["feature"].choices:
            continue
        title = (
            _("Remove a barrier")
            if kind.change_type == "remove_barrier"
            else (words.CHANGE_NAMES[kind.change_type])
        )
        found.append({"type": kind.change_type, "title": title, "form": form, "is_open": is_sent})
    return found


def headline(answer: Mapping[str, Any] | None) -> str:
    """Return what the changes do, in one or two sentences."""
    if answer is None:
        return ""
    points = answer["points"]
    open_after = [point for point in points if point["said_after_kmh"] is not None]
    n_closed = sum(point["state"] == "closed" for point in points)
    n_opened = sum(point["state"] == "opened" for point in points)
    if not open_after:
        return _("No vehicle of the classes looked at reaches the space any more.")
    fastest = max(point["said_after_kmh"] for point in open_after)
    parts = [_("Vehicles still arrive at up to %(speed)s.") % {"speed": formats.speed_kmh(fastest)}]
    if n_closed:
        parts.append(
            ngettext(
                "%(n)s of %(all)s access points is closed.",
                "%(n)s of %(all)s access points are closed.",
                n_closed,
            )
            % {"n": n_closed, "all": len(points)}
        )
    if n_opened:
        parts.append(
            ngettext(
                "%(n)s access point is newly open.",
                "%(n)s access points are newly open.",
                n_opened,
            )
            % {"n": n_opened}
        )
    return " ".join(parts)


def point_row(point: Mapping[str, Any]) -> dict[str, Any]:
    """Return one access point as the table shows it."""
    state = point["state"]
    shown = point["governing_after"] or {}
    return {
        **point,
        "state_label": words.POINT_STATES[state],
        "state_kind": words.STATE_KINDS.get(state, ""),
        "is_changed": state != "same",
        "needs": shown.get("required_rating", ""),
        "needs_reason": words.reason(shown["rating_reason"]) if shown else "",
        "classes": [
            {
                **entry,
                "is_changed": entry["before_kmh"] != entry["after_kmh"],
                "before_reason": words.reason(entry["reason_before"]),
                "after_reason": words.reason(entry["reason_after"]),
            }
            for entry in point["classes"]
        ],
    }


def barrier_row(row: Mapping[str, Any], place: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return one row of products as the table shows it."""
    families = {item["key"]: item for item in place["families"]} if place else {}
    family = families.get(row["family"], {"name": row["family"]})
    failing = [item for item in row["coverage"] if not item["holds"]]
    if not row["is_tight"]:
        verdict, kind = _("vehicles pass between the elements"), "bad"
    elif row["is_assumed"] and row["sufficient_levels"]:
        names = ", ".join(level.replace("-", " ") for level in row["sufficient_levels"])
        verdict, kind = _("holds if chosen as %(levels)s") % {"levels": names}, "warn"
    elif row["is_assumed"]:
        verdict, kind = _("taken to hold; no product on the list does against all"), "warn"
    elif failing:
        verdict, kind = (
            _("does not hold against %(classes)s")
            % {"classes": ", ".join(item["vehicle"] for item in failing)},
            "bad",
        )
    else:
        verdict, kind = _("holds against all classes"), "good"
    return {
        **row,
        "family_name": family["name"],
        "level_name": row["level"].replace("-", " "),
        "verdict": verdict,
        "verdict_kind": kind,
        "cost_text": words.cost(row["cost"]),
        "checks": [check_row(check) for check in row["checks"]],
        "coverage": [
            {**item, "reason_text": words.reason(item["reason"]) if not item["holds"] else ""}
            for item in row["coverage"]
        ],
    }


def check_row(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return one check of openness in words."""
    label, kind = words.OUTCOMES[check["outcome"]]
    return {
        **check,
        "title": words.CHECKS.get(check["key"], check["key"]),
        "outcome_label": label,
        "kind": kind,
        "value_text": words.check_value(check),
        "note": _("Say below how many people are inside at most.")
        if check["key"] == "egress_flow" and check["outcome"] == "verify"
        else "",
    }


def change_rows(scenario: Scenario, place: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the list of changes as people read it."""
    families = {item["key"]: item["name"] for item in place["families"]} if place else {}
    found = []
    for number, change in enumerate(scenario.changes, start=1):
        kind = str(change.get("type", ""))
        details = []
        if kind == "place_row":
            details.append(families.get(change.get("family"), change.get("family", "")))
            details.append(change.get("level", "").replace("-", " ") or _("strength open"))
        if "clear_width" in change:
            details.append(formats.metres(change["clear_width"], 1))
        if change.get("feature"):
            details.append(change["feature"])
        found.append(
            {
                "number": number,
                "index": number - 1,
                "title": words.CHANGE_NAMES.get(kind, kind),
                "details": ", ".join(str(item) for item in details if item),
                "can_move": "feature" not in change,
                "choices": _product_choices(change, place) if kind == "place_row" else None,
            }
        )
    return found


def _product_choices(
    change: Mapping[str, Any], place: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return what a row of products can be made of, and what it is made of."""
    if place is None:
        return None
    families = place["families"]
    own = next((item for item in families if item["key"] == change.get("family")), None)
    levels = own["levels"] if own else []
    return {
        "families": [(item["key"], item["name"]) for item in families],
        "family": change.get("family"),
        "levels": [("", _("not chosen yet")), *((key, key.replace("-", " ")) for key in levels)],
        "level": change.get("level", ""),
        "opens": bool(change.get("opens")),
    }
