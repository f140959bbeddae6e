"""Devices of the tests: what they take along and send."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from PIL import Image
from web.walks.service_examples import begun_on_site

from parvis_web.assessments.models import Assessment
from parvis_web.walks.models import WalkCopy


@dataclass
class Device:
    """A browser of one member that speaks as the page on a device does."""

    client: Any
    base: str
    package: dict[str, Any] | None = None

    def post(self, path: str, body: Any) -> HttpResponse:
        """Send JSON below the walk's address."""
        return self.client.post(
            f"{self.base}{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Accept": "application/json"},
            secure=True,
        )

    def take(self, name: str = "Tablet 3", **more: Any) -> HttpResponse:
        """Take the assessment along."""
        response = self.post("take/", {"device": name, **more})
        if response.status_code == 201:
            self.package = response.json()
        return response

    @property
    def copy(self) -> str:
        assert self.package is not None
        return f"{self.package['copy']}/"

    def fresh(self) -> HttpResponse:
        return self.client.get(f"{self.base}{self.copy}", secure=True)

    def answer(self, *replies: dict[str, Any]) -> list[dict[str, Any]]:
        """Send answers; what became of each."""
        response = self.post(f"{self.copy}answers/", {"replies": list(replies)})
        assert response.status_code == 200, response.content
        return list(response.json()["replies"])

    def photo(self, content: bytes, **fields: Any) -> HttpResponse:
        """Send a photo."""
        sent = {
            "mark": str(uuid4()),
            "taken": timezone.now().isoformat(),
            "confirmed": "yes",
            "file": SimpleUploadedFile("photo.jpg", content, "image/jpeg"),
        } | fields
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(f"{self.base}{self.copy}photos/", sent, secure=True)

    def width(self, **fields: Any) -> HttpResponse:
        """Send a width measured at the first access point."""
        sent = {
            "mark": str(uuid4()),
            "point": "1",
            "width_m": 3.4,
            "note": "",
            "photo": None,
            "measured": timezone.now().isoformat(),
        } | fields
        return self.post(f"{self.copy}widths/", sent)

    @property
    def first(self) -> dict[str, Any]:
        """The first question of the package that is answered with a level."""
        assert self.package is not None
        return next(item for item in self.package["items"] if item["kind"] == "scale")

    def said(self, asked: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """An answer as the page would send it."""
        asked = asked or self.first
        return {
            "mark": str(uuid4()),
            "item": asked["key"],
            "state": "answered",
            "value": asked["levels"][0]["key"],
            "note": "",
            "attachments": [],
            "expects": asked["expects"],
            "answered": timezone.now().isoformat(),
        } | fields


@pytest.fixture
def begin(here) -> Callable[..., Assessment]:
    """Begin an assessment of a place as coordinator."""

    def make(town: Any = here, **fields: Any) -> Assessment:
        return begun_on_site(town, **fields)

    return make


@pytest.fixture
def device(here) -> Callable[..., Device]:
    """A device of somebody for an assessment."""

    def make(
        assessment: Assessment, role: str = "coordinator", *, second_factor: bool = True
    ) -> Device:
        base = f"/a/{here.slug}/assessments/{assessment.pk}/walk/"
        return Device(here.client(role, second_factor=second_factor), base)

    return make


def copy_of(device: Device) -> WalkCopy:
    """The row of what a device carries."""
    assert device.package is not None
    return WalkCopy.objects.get(pk=device.package["copy"])


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **options: Any) -> bytes:
    """A small photo."""
    stream = BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()
