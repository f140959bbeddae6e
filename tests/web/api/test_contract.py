"""The API's description is frozen, and no request it allows makes the server fail."""

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from parvis_web.api.v1 import api
from parvis_web.config.wsgi import application

SNAPSHOT = Path(__file__).parent / "openapi.json"


def described():
    """The description without the version of the program."""
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    schema["info"].pop("x-parvis-version")
    return schema


def test_the_description_is_the_frozen_one():
    now = json.dumps(described(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(now)
    assert now == SNAPSHOT.read_text(), (
        "The API changed. Where that is meant, delete tests/web/api/openapi.json and run again."
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_request_of_the_description_makes_the_server_fail(here, machine):
    here.space()
    token = machine(here, scopes=["write"]).token
    schema = schemathesis.openapi.from_dict(described())
    n_tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def fuzz(case):
            nonlocal n_tried
            answer = case.call(
                app=application,
                base_url="http://testserver",
                headers={"Authorization": f"Bearer {token}"},
            )
            n_tried += 1
            assert answer.status_code < 500, (case.method, case.path, answer.text)

        fuzz()
    assert n_tried > 50
