"""
How a whole result is kept, so that pages and documents can be made from it later.

One ZIP archive: ``result.json`` for everything but large arrays, one ``.npy`` member per array.
Nothing in it is executable; only the classes named here are ever made from it.
"""

import base64
import dataclasses
import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from parvis.approach.results import (
    AccessPoint,
    ApproachResult,
    Binding,
    ClassAtPoint,
    Notice,
    PerimeterProfile,
    SpeedMap,
    SpeedRange,
    UncertainInput,
)
from parvis.approach.vehicles import VehicleClass, VehicleParameters
from parvis.closure.results import (
    ClosurePlan,
    ClosureResult,
    CostRange,
    Coverage,
    Element,
    Option,
    RatedLine,
    ScheduledLine,
)
from parvis.closure.stock import Assignment, Offer, StayingOpen, StockPlan, Unavailable
from parvis.errors import InputError
from parvis.io.store import disk_errors
from parvis.openness.results import Check
from parvis.terms import Grade

ResultT = TypeVar("ResultT", ApproachResult, ClosureResult, StockPlan)

VERSION = 1
CLASSES: dict[str, type] = {
    known.__name__: known
    for known in (
        AccessPoint, ApproachResult, Assignment, Binding, Check, ClassAtPoint, ClosurePlan,
        ClosureResult, CostRange, Coverage, Element, Notice, Offer, Option, PerimeterProfile,
        RatedLine, ScheduledLine, SpeedMap, SpeedRange, StayingOpen, StockPlan, Unavailable,
        UncertainInput, VehicleClass, VehicleParameters,
    )
}  # fmt: skip
"""What a kept result may be made of."""

ENUMS: dict[str, type[Enum]] = {"Grade": Grade}


class KeptResultError(InputError):
    """A kept result is missing, damaged or of another version; details: file."""

    code = "kept_result"


def keep_result(result: ApproachResult | ClosureResult | StockPlan, path: Path) -> Path:
    """
    Write `result` to `path`, whole or not at all.

    Parameters
    ----------
    result : ApproachResult, ClosureResult or StockPlan
    path : Path
        Its folder must exist.

    Returns
    -------
    Path

    Raises
    ------
    DiskFullError, HomeNotWritableError
    """
    arrays: list[Any] = []
    document = {"version": VERSION, "result": _encoded(result, arrays)}
    draft = path.with_name(f".{path.name}.tmp")
    with disk_errors(path):
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("result.json", json.dumps(document, ensure_ascii=False))
            for number, array in enumerate(arrays):
                buffer = io.BytesIO()
                np.save(buffer, array, allow_pickle=False)
                archive.writestr(f"{number}.npy", buffer.getvalue())
        draft.replace(path)
    return path


def kept_result(path: Path, kind: type[ResultT], *, without: Sequence[str] = ()) -> ResultT:
    """
    Return the result kept in `path`.

    Parameters
    ----------
    path : Path
    kind : type
        What is expected there.
    without : sequence of str
        Fields of the result that are not needed and left empty, such as ``speed_maps``.

    Raises
    ------
    KeptResultError
        If there is none that this version can read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read("result.json"))
            if document["version"] != VERSION:
                raise KeptResultError(file=path.name)
            tree = document["result"]
            for name in without:
                tree["fields"][name] = {"tuple": []}
            result = _decoded(tree, archive)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as problem:
        raise KeptResultError(file=path.name) from problem
    if not isinstance(result, kind):
        raise KeptResultError(file=path.name)
    return result


def _encoded(value: Any, arrays: list[Any]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _encoded(getattr(value, field.name), arrays)
            for field in dataclasses.fields(value)
        }
        return {"is": type(value).__name__, "fields": fields}
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, np.generic):
        return _encoded(value.item(), arrays)
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Enum) and type(value).__name__ in ENUMS:
        return {"enum": type(value).__name__, "value": value.value}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"map": [[_encoded(k, arrays), _encoded(v, arrays)] for k, v in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_encoded(entry, arrays) for entry in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": [_encoded(entry, arrays) for entry in sorted(value)]}
    if isinstance(value, list):
        return [_encoded(entry, arrays) for entry in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _decoded(node: Any, archive: zipfile.ZipFile) -> Any:
    if isinstance(node, list):
        return [_decoded(entry, archive) for entry in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"is": name, "fields": fields}:
            decoded = {key: _decoded(entry, archive) for key, entry in fields.items()}
            return CLASSES[name](**decoded)
        case {"array": number}:
            content = archive.read(f"{int(number)}.npy")
            return np.load(io.BytesIO(content), allow_pickle=False)
        case {"bytes": text}:
            return base64.b64decode(text)
        case {"enum": name, "value": value}:
            return ENUMS[name](value)
        case {"date": text}:
            return dt.date.fromisoformat(text)
        case {"map": pairs}:
            return {_decoded(k, archive): _decoded(v, archive) for k, v in pairs}
        case {"tuple": entries}:
            return tuple(_decoded(entry, archive) for entry in entries)
        case {"set": entries}:
            return frozenset(_decoded(entry, archive) for entry in entries)
        case _:
            raise KeyError("result")
