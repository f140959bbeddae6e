"""A finished analysis of a space with a result that the library kept."""

from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from parvis.approach.results import AccessPoint, ApproachResult, ClassAtPoint, SpeedRange
from parvis.approach.vehicles import load_vehicle_classes
from parvis.io.kept_results import keep_result
from parvis.terms import Grade
from parvis_web.approach import services
from parvis_web.approach.kept import RESULT, folder_of
from parvis_web.approach.models import Analysis
from parvis_web.runs.models import RunState
from parvis_web.spaces.models import Space


def access_point(number: int, *, speed: float = 15.0, existing: str = "none") -> AccessPoint:
    """An access point that one class can use."""
    entry = ClassAtPoint(
        vehicle="N2B",
        speed=SpeedRange(speed - 2, speed, speed + 3),
        energy=0.5 * 7200 * speed**2,
        angle=1.5,
        required_rating="V/7200[N2B]/64/90",
        rating_reason="next_tested_speed",
        penetration_limit=3.0,
        binding=None,
        grade=Grade.B,
        measures=(),
    )
    return AccessPoint(
        id=number,
        geometry=np.array([[0.0, 0.0], [4.0, 0.0]]),
        clear_width=4.0,
        clear_width_grade=Grade.B,
        clear_width_reason="municipal_data",
        street="",
        existing=existing,
        existing_kinds=(),
        stand_off=2.0,
        only_limit=False,
        over_steps=False,
        classes=(entry,),
        governing="N2B",
        grade=Grade.B,
    )


def result_with(n_points: int, **fields: Any) -> ApproachResult:
    """A result with so many access points."""
    values = {
        "space_id": "way/1",
        "space_name": "Market Square",
        "space_kind": "square",
        "protected_area": b"",
        "area": 4210.4,
        "people_line": None,
        "epsg": 25832,
        "vehicles": tuple(load_vehicle_classes(["N2B"])),
        "threat_statement": None,
        "design": "cautious",
        "access_points": tuple(access_point(n) for n in range(1, n_points + 1)),
        "profiles": (),
        "speed_maps": (),
        "inputs": (),
        "window": (0.0, 0.0, 1.0, 1.0),
        "notices": (),
        "provenance": {"run_id": "a1" * 32},
        "grade": Grade.B,
    }
    return ApproachResult(**values | fields)


def analysed(
    town: Any, space: Space, *, n_points: int = 4, age: int = 0, vehicle: str = "N2B"
) -> Analysis:
    """An analysis of `space` made `age` days ago."""
    analysis = services.request_analysis(town.actor("coordinator"), space, vehicles=[vehicle])
    keep_result(result_with(n_points), folder_of(analysis) / RESULT)
    analysis.run.state = RunState.DONE
    analysis.run.save()
    made = timezone.now() - timedelta(days=age)
    Analysis.objects.filter(pk=analysis.pk).update(created=made, summary={"n_access_points": 1})
    analysis.refresh_from_db()
    return analysis
