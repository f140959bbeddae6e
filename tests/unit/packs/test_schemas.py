"""The JSON schemas of the pack kinds are frozen."""

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from parvis.packs import UnknownPackError, pack_text
from parvis.packs.models import KINDS, USER_KINDS
from parvis.packs.schema import schema_text

SCHEMAS = files("parvis.packs") / "schemas"
HINT = "the schema moved: if that is meant, `parvis packs schema KIND > …/schemas/KIND-1.json`"


def frozen(kind: str) -> dict[str, object]:
    return json.loads((SCHEMAS / f"{kind}-1.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", [*KINDS, *USER_KINDS])
def test_the_schema_is_the_frozen_one(kind: str) -> None:
    assert json.loads(schema_text(kind)) == frozen(kind), HINT


@pytest.mark.parametrize("kind", KINDS)
def test_the_pack_of_parvis_follows_the_frozen_schema(kind: str) -> None:
    content = json.loads(json.dumps(yaml.safe_load(pack_text(kind)), default=str))
    jsonschema.validate(content, frozen(kind))


def test_an_unknown_kind_has_no_schema() -> None:
    with pytest.raises(UnknownPackError):
        schema_text("cake")
