"""
However many assessors answer at once, no answer is lost and each has its event.

At full size (``PARVIS_TEST_ANSWERS=100``: 20 assessors, 2,000 answers, half a second between two of
one person) it took 141 s on SQLite and 244 s on PostgreSQL, on two cores with a load of 13.
Without any pause SQLite let eleven of twenty wait longer than its 30 s there: such an answer is
refused with an error and not lost in silence. Twenty people at once belong on PostgreSQL.
"""

import os
from pathlib import Path

import pytest
from web.instances import new_instance

WRITERS = Path(__file__).with_name("answer_writers.py")
N_ASSESSORS = 20
N_ANSWERS = int(os.environ.get("PARVIS_TEST_ANSWERS", "5"))
"""Of each assessor; 100 make the two thousand that are asked of a release."""

COUNT = """
import django; django.setup()
from parvis_web.assessments.models import Reply
from parvis_web.audit.models import AuditEvent
current = Reply.objects.filter(is_current=True)
print(Reply.objects.count(), AuditEvent.objects.filter(action="assessment.answer").count(),
      current.count() == current.values("item").distinct().count())
"""


@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_many_assessors_lose_no_answer_and_each_is_audited(tmp_path):
    with new_instance(tmp_path) as instance:
        instance.python(str(WRITERS), str(N_ASSESSORS), str(N_ANSWERS), timeout=800)
        n = N_ASSESSORS * N_ANSWERS
        assert instance.python("-c", COUNT).split() == [str(n), str(n), "True"]
        assert "Every chain is whole" in instance.manage("audit_verify")
