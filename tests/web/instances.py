"""Instances of the application in processes of their own, on a database of their own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection

SETTINGS = "parvis_web.config.settings.test"


@dataclass(frozen=True)
class Instance:
    """One installation: its database and its data directory."""

    data: Path
    database_url: str
    extra: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": self.database_url,
            "PARVIS_DATA": str(self.data),
            **self.extra,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``python`` with some arguments."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def python(self, *arguments: str, code: int = 0, timeout: float = 240) -> str:
        """Run ``python`` with some arguments to its end and return what it printed."""
        process = self.start(*arguments)
        printed, errors = process.communicate(timeout=timeout)
        assert process.returncode == code, printed + errors
        return printed + errors

    def manage(self, *arguments: str, code: int = 0) -> str:
        """Run one management command."""
        return self.python("-m", "django", *arguments, code=code)


@contextmanager
def new_instance(folder: Path, *, is_migrated: bool = False, **extra: str) -> Iterator[Instance]:
    """
    Give an empty instance on the kind of database that the tests run on.

    Its tables come from the models, which is quick, or by `is_migrated` from the migrations.
    """
    data = folder / "data"
    data.mkdir(parents=True)
    with _database(folder) as url:
        instance = Instance(data, url, extra)
        instance.python("-c", START + (MIGRATE if is_migrated else MAKE_TABLES))
        yield instance


START = """
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate
post_migrate.receivers = []
"""
"""Without rows of permissions, which nothing here uses."""

MIGRATE = """
call_command("migrate", verbosity=0, skip_checks=True)
"""

MAKE_TABLES = """
settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0, skip_checks=True)
settings.MIGRATION_MODULES = {}
recorder = MigrationRecorder(connection)
recorder.ensure_schema()
for app, name in MigrationLoader(connection).disk_migrations:
    recorder.record_applied(app, name)
"""


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    options = connection.settings_dict
    name = f"parvis_{secrets.token_hex(6)}"
    server = {
        "host": options["HOST"],
        "port": options["PORT"],
        "user": options["USER"],
        "password": options["PASSWORD"],
    }
    reach = {key: value for key, value in server.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **reach) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    secret = f":{reach['password']}" if "password" in reach else ""
    port = f"&port={reach['port']}" if "port" in reach else ""
    host = reach.get("host", "")
    try:
        yield f"postgresql://{reach['user']}{secret}@/{name}?host={host}{port}"
    finally:
        with psycopg.connect(dbname="postgres", autocommit=True, **reach) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
