"""Findings nobody decided about come back to those who decide, after their time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from web.assessments.service_examples import begun

from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment, AssessmentState, FindingDecision, Reply
from parvis_web.assessments.results import finding_key
from parvis_web.assessments.waiting import WAITS_AT_MOST, overdue_assessments, waiting_of


def put_forward(town, days: int = 31, **fields) -> Assessment:
    """An assessment with findings, put forward some days ago."""
    assessment = begun(town, "local-safety-audit")
    held = engine_of(assessment)
    rows = []
    for item in held.items.values():
        if item.question.kind == "scale":
            worst = min(held.framework.scale(item.question.scale).levels, key=lambda x: x.value)
            rows.append(
                Reply(
                    authority=town.authority, assessment=assessment, item=item.key,
                    state="answered", value=worst.key,
                )
            )  # fmt: skip
    Reply.objects.bulk_create(rows)
    values = {
        "state": AssessmentState.IN_REVIEW,
        "submitted": timezone.now() - timedelta(days=days),
    } | fields
    Assessment.objects.filter(pk=assessment.pk).update(**values)
    assessment.refresh_from_db()
    return assessment


def keys(assessment) -> list[str]:
    found = engine_of(assessment).result(timezone.localdate()).findings
    return [finding_key(each) for each in found]


def decided(assessment, key: str, choice: str = "do", until=None) -> None:
    FindingDecision.objects.create(
        authority=assessment.authority,
        assessment=assessment,
        finding=key,
        choice=choice,
        until=until,
    )


def n_waiting(town) -> int:
    rows = list(overdue_assessments(town.actor("coordinator")))
    return sum(each.n_findings for each in waiting_of(rows, on=timezone.localdate()))


@pytest.mark.parametrize(
    ("days", "state", "is_waiting"),
    [
        (WAITS_AT_MOST.days - 1, AssessmentState.IN_REVIEW, False),
        (WAITS_AT_MOST.days, AssessmentState.IN_REVIEW, True),
        (90, AssessmentState.SIGNED, True),
        (90, AssessmentState.DRAFT, False),
        (90, AssessmentState.SUPERSEDED, False),
    ],
)
def test_findings_wait_after_thirty_days_once_put_forward(here, days, state, is_waiting) -> None:
    assessment = put_forward(here, days, state=state)
    assert n_waiting(here) == (len(keys(assessment)) if is_waiting else 0)


def test_what_is_decided_waits_no_more_and_what_was_put_off_comes_back(here) -> None:
    assessment = put_forward(here)
    n, key = len(keys(assessment)), keys(assessment)[0]
    decided(assessment, key, "later", timezone.localdate() + timedelta(days=1))
    assert n_waiting(here) == n - 1
    decided(assessment, key, "later", timezone.localdate())
    assert n_waiting(here) == n
    decided(assessment, key, "accept")
    assert n_waiting(here) == n - 1


def test_the_page_is_for_those_who_decide(here, elsewhere) -> None:
    assessment = put_forward(here)
    address = reverse("assessments:waiting", args=[here.slug])
    for role in ("owner", "coordinator"):
        text = here.client(role).get(address).content.decode()
        assert text.count("#f-") == len(keys(assessment))
    assert here.client("reader").get(address).status_code == 403
    assert elsewhere.client("owner").get(address).status_code == 404


def test_what_is_restricted_is_counted_and_not_told(here) -> None:
    put_forward(here, marking=Marking.STRICT)
    text = here.client("owner").get(reverse("assessments:waiting", args=[here.slug])).content
    assert b"#f-" not in text
    assert b"read on the page of the assessment only" in text


def test_the_page_asks_the_database_a_bounded_number_of_times(
    here, django_assert_max_num_queries
) -> None:
    client = here.client("coordinator")
    for _each in range(4):
        put_forward(here)
    with django_assert_max_num_queries(16):
        client.get(reverse("assessments:waiting", args=[here.slug]))
