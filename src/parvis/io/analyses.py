"""Run the approach analysis on a stored city: what the command line and the web call."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.results import ApproachResult
from parvis.approach.vehicles import load_vehicle_classes
from parvis.city.model import City
from parvis.city.select import select_space
from parvis.errors import InputError
from parvis.io.home import existing_city
from parvis.io.packs import read_threat_statement
from parvis.io.protected_area import DrawnArea, drawn_outline, read_protected_area
from parvis.io.runs import earlier_run, save_run
from parvis.io.store import load_city
from parvis.io.variants import load_design, variant_folder
from parvis.packs.content import load_ground_rules, load_parameter_draws

DESIGNS = ("typical", "cautious", "limit")


class DesignUnknownError(InputError):
    """Ratings can use the typical, the cautious or the limit speed, nothing else."""

    code = "design_unknown"


class SpaceOrAreaError(InputError):
    """A space, a polygon file or a drawn area, one of them, names the protected area."""

    code = "space_or_area"


class ThreatAndVehiclesError(InputError):
    """A threat statement chooses the classes; naming others beside it contradicts it."""

    code = "threat_and_vehicles"


def ask_about_space(
    name: str,
    space: str | None = None,
    *,
    area_file: Path | None = None,
    drawn: DrawnArea | None = None,
    vehicles: Iterable[str] | None = None,
    threat: Path | None = None,
    statement: Mapping[str, Any] | None = None,
    design: str = "cautious",
    people_line: Path | Mapping[str, Any] | None = None,
    variant: str | None = None,
    home: Path | None = None,
) -> tuple[City, Question]:
    """
    Make the question about a public space, or the area of a polygon file, of an imported city.

    Parameters
    ----------
    name, space, area_file, drawn, vehicles, threat, statement, design, people_line, variant, home
        See `analyse_space`.

    Returns
    -------
    city : City
    question : Question
        Numbers of earlier runs included.

    Raises
    ------
    parvis.errors.InputError
        With what to mend.
    """
    if design not in DESIGNS:
        raise DesignUnknownError(value=design, accepted=", ".join(DESIGNS))
    if [space, area_file, drawn].count(None) != 2:
        raise SpaceOrAreaError
    if threat is not None and vehicles is not None:
        raise ThreatAndVehiclesError(file=threat.name)
    if threat is not None:
        read = read_threat_statement(threat)
        vehicles = read.classes
        statement = {
            "authority": read.authority,
            "reference": read.reference,
            "date": read.date.isoformat(),
        }
    classes = load_vehicle_classes(vehicles)
    city = load_city(name, home=home) if variant is None else load_design(name, variant, home=home)
    folder = existing_city(name, home)
    if drawn is not None:
        area = drawn_outline(drawn.outline, city, name=drawn.name)
        named: dict[str, Any] = {
            "space_id": drawn.id,
            "space_name": drawn.name,
            "space_kind": "drawn",
            "is_inferred": False,
        }
    elif area_file is None:
        row = select_space(city, space or "")
        area = shapely.force_2d(city.spaces.geometry[row])
        named = {
            "space_id": city.spaces.text("id", row),
            "space_name": city.spaces.text("name", row),
            "space_kind": str(city.spaces.words("kind")[row]),
            "is_inferred": bool(np.asarray(city.spaces["is_inferred"])[row]),
        }
    else:
        area = shapely.force_2d(read_protected_area(area_file, city))
        named = {
            "space_id": f"file/{area_file.stem}",
            "space_name": area_file.stem,
            "space_kind": "drawn",
            "is_inferred": False,
        }
    previous = earlier_run(folder, str(named["space_id"]))
    if variant is not None:
        previous = earlier_run(variant_folder(name, variant, home), named["space_id"]) or previous
    question = Question(
        **named,
        area=area,
        vehicles=classes,
        threat_statement=statement,
        design=design,
        people_line=_people_line(people_line, city),
        previous=previous.access_points if previous else (),
    )
    return city, question


def _people_line(line: Path | Mapping[str, Any] | None, city: City) -> Any:
    if line is None:
        return None
    if isinstance(line, Path):
        return read_protected_area(line, city)
    return drawn_outline(line, city, name="people line")


def analyse_space(
    name: str,
    space: str | None = None,
    *,
    area_file: Path | None = None,
    drawn: DrawnArea | None = None,
    vehicles: Iterable[str] | None = None,
    threat: Path | None = None,
    statement: Mapping[str, Any] | None = None,
    design: str = "cautious",
    people_line: Path | Mapping[str, Any] | None = None,
    variant: str | None = None,
    home: Path | None = None,
    progress: Any = None,
) -> tuple[City, ApproachResult]:
    """
    Analyse a public space, or the area of a polygon file, of an imported city.

    Parameters
    ----------
    name : str
        City.
    space : str, optional
        Id or name of a public space.
    area_file : Path, optional
        Polygon file taken instead of a space.
    drawn : DrawnArea, optional
        Area drawn on a map, taken instead of a space.
    vehicles : iterable of str, optional
        Keys of vehicle classes; by default those of the threat statement, else the default six.
    threat : Path, optional
        Threat statement.
    statement : mapping, optional
        Who chose `vehicles` and why, where no file says it: ``kind`` ("threat-statement" or
        "planning-assumption"), ``authority``, ``reference`` and ``date``.
    design : {"typical", "cautious", "limit"}
        Speed that the ratings use.
    people_line : Path or mapping, optional
        Polygon file, or GeoJSON in longitude and latitude, that people are kept inside of.
    variant : str, optional
        Analyse this design of the city; the record of the present's runs stays untouched.
    home : Path, optional
        Data directory.
    progress : callable, optional
        See `analyse_approach`.

    Returns
    -------
    city : City
    result : ApproachResult
        Its access point numbers are kept for the next run.

    Raises
    ------
    parvis.errors.InputError
        With what to mend.
    """
    city, question = ask_about_space(
        name,
        space,
        area_file=area_file,
        drawn=drawn,
        vehicles=vehicles,
        threat=threat,
        statement=statement,
        design=design,
        people_line=people_line,
        variant=variant,
        home=home,
    )
    options = {} if progress is None else {"progress": progress}
    result = analyse_approach(
        city, question, rules=load_ground_rules(), draws=load_parameter_draws(), **options
    )
    kept = existing_city(name, home) if variant is None else variant_folder(name, variant, home)
    save_run(kept, result)
    return city, result
