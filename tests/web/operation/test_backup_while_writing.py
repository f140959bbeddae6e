"""A backup made while people work is of one moment, holds up nobody and loses no write."""

import time
from pathlib import Path

import pytest
from web.instances import new_instance

WRITER = Path(__file__).with_name("busy_writer.py")

COMPARE = """
import django; django.setup()
from pathlib import Path
from parvis_web.config.data import authority_folder
from parvis_web.spaces.models import Space
spaces = list(Space.objects.all())
missing = [s.name for s in spaces if not (authority_folder(s.authority_id) / s.name).exists()]
print(len(spaces), len(missing))
"""


@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_what_is_restored_is_whole_though_somebody_wrote_meanwhile(tmp_path):
    backup = tmp_path / "b.tar.gz"
    with new_instance(tmp_path / "busy") as busy:
        writer = busy.start(str(WRITER), str(tmp_path / "stop"))
        deadline = time.monotonic() + 60
        while not list(busy.data.glob("anchors/anchors.jsonl")) and time.monotonic() < deadline:
            time.sleep(0.1)
        busy.manage("backup", str(backup))
        (tmp_path / "stop").touch()
        printed, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
        said = busy.manage("restore", str(backup), "--replace")
        assert "Every audit chain is whole." in said
        n_spaces, n_missing = (int(word) for word in busy.python("-c", COMPARE).split())
    assert n_missing == 0
    assert 0 < n_spaces < int(printed)
