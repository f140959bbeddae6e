"""How is a file of a form read: under a name of ours, in a process of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from parvis.city.outlines import Outline
from parvis.errors import ParvisError
from parvis.io.outline_file import outline_from_file
from parvis.io.outline_text import outline_from_text
from parvis.io.store import read_manifest
from parvis_web.cities.models import City
from parvis_web.config.data import library_home
from parvis_web.runs.sandbox import run_limited

SUFFIXES = frozenset(
    {".geojson", ".json", ".gpkg", ".zip", ".dxf", ".kml", ".fgb", ".xlsx", ".csv", ".pdf",
     ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}
)  # fmt: skip


def shown_name(file: UploadedFile) -> str:
    """Return the last part of a file's own name, as data to show."""
    name = PurePosixPath((file.name or "").replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[:200] or "file"


def suffix_of(file: UploadedFile) -> str:
    """Return the ending of a file's own name where it is one we know, else none."""
    suffix = PurePosixPath(shown_name(file)).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """Keep an upload in a folder of its own for a moment, under a name of ours."""
    with tempfile.TemporaryDirectory(prefix="parvis-upload-") as folder:
        path = Path(folder) / f"upload{suffix_of(file)}"
        with path.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
        yield path


@contextmanager
def told_by_own_name(file: UploadedFile) -> Iterator[None]:
    """Let errors of the library name the file as its owner does."""
    try:
        yield
    except ParvisError as error:
        if "file" in error.details:
            error.details["file"] = shown_name(file)
        raise


def read_outline_file(file: UploadedFile, city: City, crs: str) -> Outline:
    """Read an outline from an uploaded file, away from this process."""
    home = library_home(city.authority_id)
    with on_disk(file) as path, told_by_own_name(file):
        outline: Outline = run_limited(
            outline_from_file,
            path,
            city.store,
            home=home,
            crs=crs or None,
            seconds=60,
            file=shown_name(file),
        )
    return outline


def area_from_form(cleaned: dict[str, Any], city: City) -> tuple[dict[str, Any], str, str]:
    """Return outline, origin and file name of a valid `AreaForm`."""
    if file := cleaned.get("file"):
        outline = read_outline_file(file, city, cleaned.get("file_crs", ""))
        return outline.geometry, "file", shown_name(file)
    if text := cleaned.get("coordinates", "").strip():
        in_grid = cleaned.get("grid") == "city"
        return outline_from_text(text, epsg=epsg_of(city) if in_grid else 4326), "text", ""
    return cleaned["outline"], "map", ""


def epsg_of(city: City) -> int:
    """Return the EPSG number of a city's grid."""
    return int(read_manifest(city.store, home=library_home(city.authority_id))["epsg"])
