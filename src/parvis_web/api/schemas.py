"""What the API takes and returns."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class Me(Schema):
    """Whose token this is and what it may do."""

    authority: str
    authority_name: str
    role: str | None
    scopes: list[str]


class CityOut(Schema):
    """An imported city."""

    id: UUID
    name: str
    state: str
    marking: str
    imported: datetime | None
    summary: dict[str, Any]


class SpaceOut(Schema):
    """A public space."""

    id: UUID
    city_id: UUID
    name: str
    kind: str = Field(alias="place_kind")
    state: str
    marking: str
    is_drawn: bool
    size_m2: float | None = Field(None, alias="area_size")
    version: int
    area: dict[str, Any] | None = Field(None, description="GeoJSON polygon, WGS 84")


class SpacePage(Schema):
    """Some of the spaces and how many there are."""

    total: int
    items: list[SpaceOut]


class Polygon(Schema):
    """A GeoJSON polygon or multipolygon in WGS 84."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class NewSpace(Schema):
    """A protected area to add."""

    city_id: UUID
    name: str = Field(min_length=1, max_length=200)
    area: Polygon


class NewName(Schema):
    """A space's new name, on the version that was read."""

    name: str = Field(min_length=1, max_length=200)
    version: int = Field(ge=1)


class AnalysisOut(Schema):
    """An analysis of a space, in short."""

    id: UUID
    space_id: UUID
    run_id: UUID
    state: str = Field(alias="run.state")
    created: datetime
    marking: str
    summary: dict[str, Any]


class RunOut(Schema):
    """How far a computation is."""

    id: UUID
    kind: str
    state: str
    progress: float
    step: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    error_code: str
    error: str


class NewAnalysis(Schema):
    """What to analyse; without vehicles those of the statement or assumption in force."""

    vehicles: list[str] | None = None
    design: Literal["typical", "cautious", "limit"] = "cautious"
