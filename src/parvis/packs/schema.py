"""The JSON schemas of the kinds of packs."""

import json

from parvis.packs.errors import UnknownPackError
from parvis.packs.framework_notes import NOTES
from parvis.packs.models import KINDS, USER_KINDS


def schema_text(kind: str) -> str:
    """
    Return the JSON schema of a kind of pack, as it is kept in `schemas/<kind>-1.json`.

    Raises
    ------
    UnknownPackError
        If there is no such kind.
    """
    models = {**KINDS, **USER_KINDS}
    if kind not in models:
        raise UnknownPackError(name=kind, known=", ".join(models))
    schema = models[kind].model_json_schema()
    if kind == "framework":
        for name, part in {"Framework": schema, **schema["$defs"]}.items():
            for key, field in part["properties"].items():
                field["description"] = NOTES[name][key]
    schema["$id"] = f"urn:parvis:schema:{kind}-1"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
