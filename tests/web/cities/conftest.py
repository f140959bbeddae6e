"""Extracts, whole and broken, and a city that was really imported."""

import gzip
import hashlib
import shutil
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis_web.accounts.rights import Actor
from parvis_web.cities.models import City
from parvis_web.cities.reading import import_extract
from parvis_web.cities.services import take_import
from parvis_web.config.data import library_home
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


@pytest.fixture(scope="session")
def library(town, tmp_path_factory) -> tuple[Path, dict[str, object]]:
    """The small fictional town's store, and what its import found."""
    home = tmp_path_factory.mktemp("library") / "home"
    found = import_extract(
        town,
        store="tessenmark",
        home=home,
        boundary=None,
        municipality="",
        most_unpacked=2**30,
        notice=lambda _: None,
    )
    return home, found


@pytest.fixture
def imported(here, town, library) -> City:
    """The small fictional town as after its import."""
    home, found = library
    shutil.copytree(home, library_home(here.authority.pk))
    city = here.city(state="importing")
    digest = hashlib.sha256(town.read_bytes()).hexdigest()
    take_import(
        Actor(here.authority, via="run"),
        city,
        found=found,
        source_name=town.name,
        source_digest=digest,
    )
    return city


@pytest.fixture
def bomb(tmp_path) -> Path:
    """A small file that unpacks to 64 MB."""
    path = tmp_path / "bomb.osm.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(b"<?xml version='1.0'?><osm version='0.6'>")
        for _ in range(64):
            stream.write(b" " * 2**20)
    return path
