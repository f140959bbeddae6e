"""A kept result is the result: every document made from it later is the same."""

import pickle
import zipfile

import closure_samples as samples
import numpy as np
import pytest

from parvis.approach.results import ApproachResult
from parvis.closure.results import ClosureResult
from parvis.io.kept_results import KeptResultError, keep_result, kept_result
from parvis.report.closure_export import closure_document
from parvis.report.export import result_document


def test_the_document_of_a_kept_result_is_the_same(result, tmp_path):
    kept = kept_result(keep_result(result, tmp_path / "r.zip"), ApproachResult)
    assert result_document(kept) == result_document(result)
    for then, now in zip(result.speed_maps, kept.speed_maps, strict=True):
        np.testing.assert_array_equal(then.speed, now.speed)
    assert kept.access_points[0].classes == result.access_points[0].classes


def test_fields_not_needed_are_left_out(result, tmp_path):
    path = keep_result(result, tmp_path / "r.zip")
    assert kept_result(path, ApproachResult, without=["speed_maps"]).speed_maps == ()


def test_another_kind_is_refused(result, tmp_path):
    with pytest.raises(KeptResultError):
        kept_result(keep_result(result, tmp_path / "r.zip"), ClosureResult)


@pytest.mark.parametrize("content", [b"", b"PK", pickle.dumps({"a": 1})])
def test_what_is_no_kept_result_is_refused(content, tmp_path):
    path = tmp_path / "r.zip"
    path.write_bytes(content)
    with pytest.raises(KeptResultError):
        kept_result(path, ApproachResult)


def test_nothing_but_known_classes_is_made(result, tmp_path):
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("result.json", '{"version": 1, "result": {"is": "Path", "fields": {}}}')
    with pytest.raises(KeptResultError):
        kept_result(path, ApproachResult)


def test_a_kept_closure_gives_the_same_document(tmp_path):
    closure = samples.make_closure()
    kept = kept_result(keep_result(closure, tmp_path / "c.zip"), ClosureResult)
    assert closure_document(kept) == closure_document(closure)
