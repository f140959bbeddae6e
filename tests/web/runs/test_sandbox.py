"""A file is read in a process with limits, and only values come back."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import shapely

from parvis.io.boundaries import BoundaryFileError, read_boundary
from parvis_web.runs.errors import SandboxCrashError, SandboxLimitError
from parvis_web.runs.sandbox import run_limited
from parvis_web.runs.sandbox_wire import ResultUnpickler


def test_a_result_comes_back(tmp_path):
    file = tmp_path / "boundary.geojson"
    square = shapely.box(10, 50, 10.1, 50.1)
    file.write_text(shapely.to_geojson(square))
    assert run_limited(read_boundary, file, seconds=30).equals(square)


def test_the_librarys_own_errors_come_back(tmp_path):
    file = tmp_path / "boundary.geojson"
    file.write_text("no polygon")
    with pytest.raises(BoundaryFileError) as caught:
        run_limited(read_boundary, file, seconds=30)
    assert caught.value.details["file"] == "boundary.geojson"


@pytest.mark.parametrize(
    ("function", "args", "limits", "what"),
    [
        ("time:sleep", (30,), {"seconds": 0.5}, "time"),
        ("builtins:bytearray", (2 * 10**9,), {"memory_mb": 300}, "memory"),
    ],
)
def test_a_limit_is_told_with_its_name(function, args, limits, what):
    with pytest.raises(SandboxLimitError) as caught:
        run_limited(function, *args, file="bomb.zip", **limits)
    assert caught.value.details["what"] == what
    assert caught.value.details["file"] == "bomb.zip"


@pytest.mark.parametrize(
    ("function", "args"),
    [
        ("os:_exit", (3,)),
        ("os:abort", ()),
        ("builtins:open", ("/nowhere/at/all",)),
        ("socket:create_connection", (("127.0.0.1", 9), 1)),
    ],
)
def test_whatever_else_happens_is_one_error(function, args):
    with pytest.raises(SandboxCrashError):
        run_limited(function, *args, file="plan.dxf", seconds=10)


def test_no_secret_of_the_environment_is_there(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert run_limited("os:getenv", "DATABASE_URL", seconds=10) is None


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        "word",
        {"a": [1, None]},
        Path("plans"),
        np.arange(3.0),
        np.float64(2),
        shapely.Point(1, 2),
    ],
    ids=str,
)
def test_values_are_part_of_a_result(value):
    read = ResultUnpickler(pickle.dumps(value)).load()
    assert str(read) == str(value)


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "parvis.io.home.remove_city"])
def test_nothing_that_acts_is_part_of_a_result(name):
    module, _, attribute = name.rpartition(".")
    with pytest.raises(pickle.UnpicklingError):
        ResultUnpickler(b"").find_class(module, attribute)
