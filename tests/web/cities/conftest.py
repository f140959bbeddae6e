"""Extracts, whole and broken, and a city that was really imported."""

import gzip
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis_web.cities.models import City
from parvis_web.runs.execution import execute
from parvis_web.runs.models import AnalysisRun


def upload(path: Path, name: str = "") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def post_extract(client, slug: str, file, **fields: object):
    """Send the form of a new city."""
    data = {"name": "Tessenmark", "file": file, "municipality": ""} | fields
    return client.post(f"/a/{slug}/cities/new/", data)


def run_the_only_run() -> AnalysisRun:
    """Carry out the run that waits."""
    return execute(AnalysisRun.objects.get(state="queued"))


@pytest.fixture
def imported(here, town) -> City:
    """The small fictional town, imported through the page."""
    assert post_extract(here.client("coordinator"), here.slug, upload(town)).status_code == 302
    run = run_the_only_run()
    assert run.state == "done", (run.error_code, run.error_details)
    return City.objects.get()


@pytest.fixture
def bomb(tmp_path) -> Path:
    """A small file that unpacks to 64 MB."""
    path = tmp_path / "bomb.osm.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(b"<?xml version='1.0'?><osm version='0.6'>")
        for _ in range(64):
            stream.write(b" " * 2**20)
    return path
