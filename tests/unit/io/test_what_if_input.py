"""A file of changes that cannot be used is refused with what to mend."""

import pytest

from parvis.io.what_if import ChangesFileError, read_changes
from parvis.report.messages import describe


def refused(path):
    with pytest.raises(ChangesFileError) as caught:
        read_changes(path, 25832)
    return describe(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    assert "there is no such file" in refused(tmp_path / "changes.json")


def test_a_folder_is_no_file(tmp_path):
    assert "there is no such file" in refused(tmp_path)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "true", '"2"'])
def test_a_number_that_is_none(tmp_path, value):
    path = tmp_path / "changes.json"
    line = '{"type": "LineString", "coordinates": [[0, 0], [1, 0]]}'
    change = f'{{"type": "add_barrier", "shape": {line}, "thickness": {value}}}'
    path.write_text(f'{{"crs": "EPSG:25832", "changes": [{change}]}}')
    assert "change 1 (add_barrier): thickness cannot be used as given" in refused(path)
