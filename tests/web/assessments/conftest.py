"""An assessment of a space, begun with a framework that Parvis brings along."""

from collections.abc import Callable
from typing import Any

import pytest

from parvis_web.assessments.models import Assessment
from parvis_web.assessments.queries import offer_of
from parvis_web.assessments.services import begin_assessment


@pytest.fixture
def begin(here) -> Callable[..., Assessment]:
    """Begin an assessment as coordinator."""

    def make(key: str = "local-safety-audit", town: Any = here, **fields: Any) -> Assessment:
        offer = offer_of(town.authority, key)
        space = fields.pop("space", None) or (town.space() if offer.is_of_place else None)
        return begin_assessment(
            town.actor("coordinator"),
            offer.framework,
            text=offer.text,
            subject_name=fields.pop("subject_name", "Market Square"),
            space=space,
            **fields,
        )

    return make
