"""What a framework proposes for a finding, as the plan of a measure in the reader's words."""

from django.utils import timezone

from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.results import finding_key, shown_finding
from parvis_web.assessments.wording import word
from parvis_web.measures.services import Plan


def plan_of_finding(assessment: Assessment, finding: str, measure: str) -> Plan | None:
    """
    Return what to do about a finding as things stand; None where it is no finding.

    Parameters
    ----------
    finding : str
        Key, with ``@`` and its place where it is found by place.
    measure : str
        Key of one of the finding's measures; else the finding itself is what to do.
    """
    held, language = engine_of(assessment), language_of_reader()
    for found in held.result(timezone.localdate()).findings:
        if finding_key(found) != finding:
            continue
        shown = shown_finding(held, found, {}, language)
        for known, name in shown.measures:
            if known.key != measure:
                continue
            place = f" ({shown.place})" if shown.place else ""
            said = word(known, language, "description")
            description = f"{shown.text}\n\n{said}".strip()
            if known.cost is None:
                return Plan(f"{name}{place}"[:200], description)
            return Plan(
                f"{name}{place}"[:200],
                description,
                cost_low=round(known.cost.low),
                cost_high=round(known.cost.high),
                currency=known.cost.currency,
                cost_unit=known.cost.unit[:60],
            )
        return Plan(shown.text[:200], shown.text)
    return None
