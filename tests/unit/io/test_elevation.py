"""Terrain files become heights on the city's grid."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio

from parvis.io.elevation import ElevationFileError, read_elevation, smooth

BOUNDS = (500_000.0, 5_760_000.0, 500_400.0, 5_760_300.0)


def write_tiff(
    path: Path, height: np.ndarray, cell: float, *, crs: str | None = "EPSG:25832"
) -> Path:
    west, north = BOUNDS[0] - 1500.0, BOUNDS[3] + 1500.0
    profile = {
        "driver": "GTiff",
        "height": height.shape[0],
        "width": height.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": crs,
        "transform": rasterio.Affine(cell, 0.0, west, 0.0, -cell, north),
        "nodata": -9999.0,
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(height.astype("float32"), 1)
    return path


def slope(cell: float) -> np.ndarray:
    """Ground that rises by 10 % to the east."""
    count = round(3400.0 / cell)
    return np.tile((np.arange(count) + 0.5) * cell * 0.1, (count, 1))


@pytest.mark.parametrize("cell", [2.0, 5.0, 30.0, 90.0])
def test_heights_lie_where_they_were(tmp_path: Path, cell: float) -> None:
    path = write_tiff(tmp_path / "dem.tif", slope(cell), cell)
    found = read_elevation(path, epsg=25832, bounds=BOUNDS)
    assert found.source_cell == pytest.approx(cell, rel=1e-6)
    assert found.cell == pytest.approx(cell, rel=1e-2)
    column = found.height.shape[1] // 2
    x = found.origin_x + (column + 0.5) * found.cell
    truth = (x - (BOUNDS[0] - 1500.0)) * 0.1
    assert found.height[found.height.shape[0] // 2, column] == pytest.approx(truth, abs=0.02 * cell)


def test_grid_covers_the_city_and_a_margin(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "dem.tif", slope(5.0), 5.0)
    found = read_elevation(path, epsg=25832, bounds=BOUNDS)
    rows, columns = found.height.shape
    assert found.origin_x <= BOUNDS[0] - 999.0
    assert found.origin_x + columns * found.cell >= BOUNDS[2] + 999.0
    assert found.origin_y >= BOUNDS[3] + 999.0
    assert found.origin_y - rows * found.cell <= BOUNDS[1] - 999.0
    assert np.isfinite(found.height).all()


def test_unknown_heights_stay_unknown(tmp_path: Path) -> None:
    height = slope(5.0)
    height[300:340, :] = -9999.0
    found = read_elevation(write_tiff(tmp_path / "d.tif", height, 5.0), epsg=25832, bounds=BOUNDS)
    assert 0.0 < np.isnan(found.height).mean() < 0.5
    assert np.nanmin(found.height) >= 0.0


def test_coarse_sources_are_averaged_over_three_cells(tmp_path: Path) -> None:
    height = np.zeros((38, 38))
    height[19, 19] = 90.0
    found = read_elevation(write_tiff(tmp_path / "d.tif", height, 90.0), epsg=25832, bounds=BOUNDS)
    assert float(np.nanmax(found.height)) <= 11.0


def test_smoothing_leaves_out_unknown_cells() -> None:
    height = np.full((5, 5), 8.0, dtype=np.float32)
    height[2, 2] = np.nan
    smoothed = smooth(height)
    assert np.isnan(smoothed[2, 2])
    assert np.nanmin(smoothed) == np.nanmax(smoothed) == 8.0


def test_raster_in_a_zip_file_is_read(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "dem.tif", slope(5.0), 5.0)
    packed = tmp_path / "dem.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "sub/dem.tif")
    found = read_elevation(packed, epsg=25832, bounds=BOUNDS)
    assert np.isfinite(found.height).all()


def test_file_elsewhere_is_refused(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "dem.tif", slope(5.0), 5.0)
    with pytest.raises(ElevationFileError, match="does not cover"):
        read_elevation(path, epsg=25832, bounds=(0.0, 0.0, 100.0, 100.0))
    with pytest.raises(ElevationFileError, match="does not cover"):
        read_elevation(path, epsg=25833, bounds=(8e5, 4e6, 8.1e5, 4.1e6))


def test_file_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "dem.tif", slope(90.0), 90.0, crs=None)
    with pytest.raises(ElevationFileError, match="no coordinate system"):
        read_elevation(path, epsg=25832, bounds=BOUNDS)


@pytest.mark.parametrize("name", ["dem.tif", "N52E009.hgt", "dem.zip"])
def test_broken_and_missing_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(ElevationFileError, match="no such file"):
        read_elevation(path, epsg=25832, bounds=BOUNDS)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ElevationFileError):
        read_elevation(path, epsg=25832, bounds=BOUNDS)
