"""Files are read in this process, but for the tests that ask for one of its own."""

from copy import deepcopy

import pytest

from parvis_web.collecting import handlers, views_areas, views_questions


@pytest.fixture
def own_process():
    """Read files in a process with limits, as an installation does."""


@pytest.fixture(autouse=True)
def here_and_now(request, monkeypatch):
    """Spare a process for each file."""
    if "own_process" in request.fixturenames:
        return

    def call(function, *args, memory_mb=0, seconds=0, file="", **kwargs):
        return deepcopy(function(*args, **kwargs))

    for module in (handlers, views_areas, views_questions):
        monkeypatch.setattr(module, "run_limited", call)
