"""Fixtures and settings that all tests share."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).parent.parent

# Compiled kernels are shared by all test runs of a checkout. Set before numba is imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "build" / "numba"))
os.environ.setdefault("MPLBACKEND", "agg")

settings.register_profile(
    "ci",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


COMPILES_ALL = "tests/unit/cli/test_layout.py"
"""Goes through approach and closure, so it compiles every kernel there is."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Have two workers finish together, and compile once on a fresh checkout.

    The first file of the first worker compiles what the second finds compiled later; the files
    that take longest come before the short ones. Within a file nothing changes.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    weight: Counter[Path] = Counter()
    for item in items:
        weight[item.path] += 10 if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: (item.path != ROOT / COMPILES_ALL, -weight[item.path]))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real extracts and reference tables, kept outside the repository."""
    default = ROOT.parent / "shared" / "data"
    path = Path(os.environ.get("PARVIS_SHARED_DATA", default))
    if not (path / "osm").is_dir():
        pytest.skip("no shared data: set PARVIS_SHARED_DATA to the folder that holds osm/")
    return path


@pytest.fixture
def parvis_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory, set as PARVIS_HOME."""
    home = tmp_path / "parvis-home"
    monkeypatch.setenv("PARVIS_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small fictional town, seed 1, as an extract."""
    from parvis.city.town import make_town
    from parvis.io.osm_writer import write_osm

    path = tmp_path_factory.mktemp("town") / "town.osm.pbf"
    write_osm(make_town(seed=1, size="small"), path)
    return path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tables come from the models, which is quick; test_migrations proves them the same."""
    from django.db import connection

    connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database knows its migrations as one that was migrated does."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=app, name=name)
            for app, name in MigrationLoader(connection).disk_migrations
        )
