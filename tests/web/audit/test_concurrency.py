"""However many processes write at once, one unbroken chain comes of it."""

import os
from pathlib import Path

import pytest
from web.instances import new_instance

WRITERS = Path(__file__).with_name("chain_writers.py")
N_PROCESSES = 20
N_EVENTS = int(os.environ.get("PARVIS_TEST_CHAIN_EVENTS", "25"))
N_SPACES = 5

COUNT = """
import django; django.setup()
from parvis_web.audit.models import AuditEvent, AuditHead, AuditPerson
print(AuditHead.objects.get().seq, AuditEvent.objects.filter(action="read").count(),
      AuditPerson.objects.count())
"""


@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_many_processes_leave_one_unbroken_chain_and_one_read_per_object(tmp_path):
    with new_instance(tmp_path) as instance:
        words = (str(WRITERS), str(N_PROCESSES), str(N_EVENTS), str(N_SPACES))
        instance.python(*words, timeout=800)
        written = instance.python("-c", COUNT).split()
        assert [int(word) for word in written] == [N_PROCESSES * N_EVENTS + N_SPACES, N_SPACES, 1]
        assert "Every chain is whole" in instance.manage("audit_verify")
