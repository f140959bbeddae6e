"""The migrations make what the models say, on the kind of database that the tests run on."""

import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from web.instances import new_instance

SCHEMA = """
import json
import django
django.setup()
from django.db import connection
from web.test_migrations import schema
print(json.dumps(schema(connection)))
"""


def schema(database):
    """Each of our tables with its columns, and what holds between them."""
    ours = {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("parvis_web.")
        for model in config.get_models(include_auto_created=True)
    }
    tables = {}
    with database.cursor() as cursor:
        inspect = database.introspection
        for table in sorted(ours & set(inspect.table_names(cursor))):
            rules = inspect.get_constraints(cursor, table)
            tables[table] = {
                "columns": sorted(
                    [column.name, str(column.type_code), bool(column.null_ok)]
                    for column in inspect.get_table_description(cursor, table)
                ),
                "rules": sorted(
                    (
                        [
                            "" if name.startswith("__unnamed") or rule["unique"] else name,
                            rule["columns"] or [],
                            rule["unique"],
                        ]
                        for name, rule in rules.items()
                        if rule["check"] or rule["unique"]
                    ),
                    key=str,
                ),
            }
    return tables


@pytest.mark.django_db
def test_no_model_differs_from_its_migrations():
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.django_db(transaction=True)
def test_migrated_tables_are_those_of_the_models(tmp_path):
    expected = json.loads(json.dumps(schema(connection)))
    with new_instance(tmp_path, is_migrated=True, PYTHONPATH="tests") as instance:
        migrated = json.loads(instance.python("-c", SCHEMA))
    assert migrated == expected
