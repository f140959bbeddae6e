"""How are temporary layouts read, kept beside a city and taken away again."""

import datetime as dt
import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.city.register import RegisterReading
from parvis.city.select import select_space
from parvis.errors import InputError
from parvis.events.layout import (
    Finding,
    Gate,
    Item,
    ItemKind,
    Layout,
    Unplaced,
)
from parvis.events.rules import Problem, check_phases, check_places, check_staff, check_use
from parvis.io.barrier_register import read_barrier_register
from parvis.io.home import CityNameError, check_city_name, existing_city
from parvis.io.layout_drawing import Drawing, Drawn, as_ground, read_drawing
from parvis.io.layout_json import layout_document, layout_from
from parvis.io.layout_schedule import Schedule, ScheduledItem, read_schedule
from parvis.io.layout_words import ITEM_KINDS, folded, member
from parvis.io.store import StoreBrokenError, disk_errors, file_digest, load_city

LAYOUTS = "layouts"
DESCRIPTION = "layout.json"
MOST_LISTED = 40


class LayoutInvalidError(InputError):
    """Cells of a schedule or things of a drawing cannot be used; nothing was taken."""

    code = "layout_invalid"


class LayoutNameError(InputError):
    """A layout's name has signs that a folder name should not have."""

    code = "layout_name"


class LayoutUnknownError(InputError):
    """The city has no layout of that name."""

    code = "layout_unknown"


class LayoutExistsError(InputError):
    """A layout of that name is there already; layouts are never changed."""

    code = "layout_exists"


@dataclass(frozen=True)
class AddedLayout:
    """
    What was taken.

    Attributes
    ----------
    layout : Layout
    not_used : mapping of str to int
        Features of the drawing that are nobody's, by layer.
    crs : str
    residuals : tuple of float
        By how much the control points miss. [m]
    """

    layout: Layout
    not_used: Mapping[str, int]
    crs: str
    residuals: tuple[float, ...]


def add_layout(
    name: str,
    layout: str,
    *,
    space: str,
    geometry: Path,
    schedule: Path,
    crs: str | None = None,
    control_points: Path | None = None,
    barriers: Path | None = None,
    time_zone: str = "",
    home: Path | None = None,
) -> AddedLayout:
    """
    Read a layout from a drawing and a schedule and keep it: all of it or nothing.

    Parameters
    ----------
    name : str
        Of an imported city.
    layout : str
        Its name, new in that city.
    space : str
        Id or name of the public space it stands on.
    geometry : Path
        See `parvis.io.layout_drawing.read_drawing`.
    schedule : Path
        See `parvis.io.layout_schedule.read_schedule`.
    crs : str, optional
        Of a drawing that does not say its own, or of its control points.
    control_points : Path, optional
        For a drawing without a coordinate system.
    barriers : Path, optional
        See `parvis.io.barrier_register.read_barrier_register`. Those with coordinates stand in
        every phase; those with an address only are ordered, but not drawn.
    time_zone : str
        IANA name, where the schedule does not say.

    Raises
    ------
    LayoutInvalidError
        With everything that is wrong, by sheet, row and value.
    LayoutNameError, LayoutExistsError
        Beside the errors of the readers.
    """
    checked_layout_name(layout)
    city = load_city(name, home=home)
    target = existing_city(name, home) / LAYOUTS / layout
    if target.exists():
        raise LayoutExistsError(name=layout, city=name)
    row = select_space(city, space)
    stated = read_schedule(schedule, time_zone=time_zone)
    drawing = read_drawing(geometry, city.epsg, crs=crs, control_points=control_points)
    joined = _Joined(stated, drawing, geometry.name, city)
    if barriers is not None:
        joined.take_register(read_barrier_register(barriers, city, crs=crs))
    area = shapely.force_2d(city.spaces.geometry[row])
    problems = list(stated.problems) + check_phases(stated.phases, stated.places) + joined.problems
    places = stated.places
    misplaced, findings = check_places(joined.items, joined.gates, city, area, places)
    problems += misplaced
    if problems:
        raise LayoutInvalidError(
            file=schedule.name, n=len(problems), listed=_listed(problems), problems=tuple(problems)
        )
    source = {
        "schedule": {"file": schedule.name, "sha256": file_digest(schedule)},
        "geometry": {"file": geometry.name, "sha256": file_digest(geometry), "crs": drawing.crs},
        "barriers": None
        if barriers is None
        else {"file": barriers.name, "sha256": file_digest(barriers)},
        "added": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "city_hash": city.hash,
    }
    made = Layout(
        name=layout,
        space_id=city.spaces.text("id", row),
        space_name=city.spaces.text("name", row),
        time_zone=stated.time_zone,
        phases=stated.phases,
        items=tuple(joined.items),
        gates=tuple(joined.gates),
        unplaced=tuple(joined.unplaced),
        source=source,
    )
    findings = [*joined.findings, *findings, *check_staff(made.gates, places)]
    findings += check_use(made, places)
    _store(made, findings, city.epsg, target)
    residuals = () if drawing.placement is None else tuple(drawing.placement.residuals.tolist())
    kept = read_layout(name, layout, home=home)
    return AddedLayout(kept, joined.not_used, drawing.crs, residuals)


def _listed(problems: list[Problem]) -> str:
    shown = [f"  {problem}" for problem in problems[:MOST_LISTED]]
    if len(problems) > MOST_LISTED:
        shown.append(f"  and {len(problems) - MOST_LISTED} more")
    return "\n".join(shown)


class _Joined:
    """Brings what the schedule states and what the drawing shows together by their numbers."""

    def __init__(self, schedule: Schedule, drawing: Drawing, file: str, city: City) -> None:
        self.problems: list[Problem] = []
        self.findings: list[Finding] = []
        self.items: list[Item] = []
        self.gates: list[Gate] = []
        self.unplaced: list[Unplaced] = []
        self.not_used: dict[str, int] = dict(drawing.not_used)
        self.file = file
        self.schedule = schedule
        self.epsg = city.epsg
        shown: dict[str, list[Drawn]] = {}
        loose: list[Drawn] = []
        for thing in drawing.things:
            if thing.id:
                shown.setdefault(folded(thing.id), []).append(thing)
            else:
                loose.append(thing)
        self._gates(shown)
        for item in schedule.items:
            self._item(item, shown.pop(folded(item.id), []))
        self._rest([thing for things in shown.values() for thing in things] + loose)

    def _gates(self, shown: dict[str, list[Drawn]]) -> None:
        for gate in self.schedule.gates:
            sheet, row = self.schedule.places[gate.id]
            found = shown.pop(folded(gate.id), [])
            lines = [thing.geometry for thing in found if thing.geometry.geom_type == "LineString"]
            if len(lines) != 1 or len(found) != 1:
                wrong = (
                    f"is drawn {len(found)} times in {self.file}; draw one line from post to post"
                    if len(found) > 1
                    else f"is no line in {self.file}"
                    if found
                    else f"is not drawn in {self.file}"
                )
                self.problems.append(Problem(sheet, row, "id", gate.id, wrong))
                continue
            self.gates.append(
                Gate(
                    gate.id, lines[0], tuple(gate.openings), gate.clear_width, gate.rating,
                    gate.notes,
                )
            )  # fmt: skip

    def _item(self, item: ScheduledItem, found: list[Drawn]) -> None:
        sheet, row = self.schedule.places[item.id]
        shapes = [thing.geometry for thing in found] or self._stated_place(item)
        kind = item.kind or next((thing.kind for thing in found if thing.kind), None)
        shapes = [as_ground(shape, kind) for shape in shapes]
        if len(shapes) != 1:
            wrong = (
                f"is drawn {len(found)} times in {self.file}"
                if found
                else f"is not drawn in {self.file} and has no coordinates"
            )
            self.problems.append(Problem(sheet, row, "id", item.id, wrong))
        elif kind is None:
            accepted = ", ".join(ItemKind)
            wrong = f"has no kind, neither here nor in {self.file}; accepted are {accepted}"
            self.problems.append(Problem(sheet, row, "kind", item.id, wrong))
        elif not _is_sound(shapes[0]):
            wrong = f"has an outline in {self.file} that cannot be used"
            self.problems.append(Problem(sheet, row, "id", item.id, wrong))
        else:
            self.items.append(
                Item(
                    item.id, kind, shapes[0], item.phases, item.length, item.width, item.rating,
                    item.stock_type, item.notes,
                )
            )  # fmt: skip

    def _stated_place(self, item: ScheduledItem) -> list[BaseGeometry]:
        if item.lon_lat is not None:
            transformer = Transformer.from_crs(4326, self.epsg, always_xy=True)
            x, y = transformer.transform(*item.lon_lat)
            return [shapely.Point(x, y)] if math.isfinite(x + y) else []
        return [] if item.x_y is None else [shapely.Point(item.x_y)]

    def _rest(self, things: list[Drawn]) -> None:
        """Take what the schedule does not name where its kind is known: it stands all the time."""
        every = tuple(phase.key for phase in self.schedule.phases)
        taken = {item.id for item in self.items} | {gate.id for gate in self.gates}
        count: dict[ItemKind, int] = {}
        for thing in things:
            if thing.kind is None or not _is_sound(thing.geometry):
                self.not_used[thing.layer] = self.not_used.get(thing.layer, 0) + 1
                continue
            id_ = thing.id
            while not id_ or id_ in taken:
                count[thing.kind] = count.get(thing.kind, 0) + 1
                id_ = f"{thing.kind}-{count[thing.kind]}"
            taken.add(id_)
            self.items.append(Item(id_, thing.kind, thing.geometry, every))
            details = {"kind": str(thing.kind)}
            self.findings.append(Finding("item_not_scheduled", self.file, thing.row, id_, details))

    def take_register(self, reading: RegisterReading) -> None:
        """Take the barriers of a list: placed ones as items, the others to be ordered."""
        every = tuple(phase.key for phase in self.schedule.phases)
        taken = {item.id for item in self.items} | {gate.id for gate in self.gates}
        for barrier in (*reading.barriers, *reading.nowhere):
            id_ = barrier.id or f"{barrier.kind}-{barrier.row}"
            if id_ in taken:
                continue
            taken.add(id_)
            count = max(barrier.count, 1)
            length = barrier.length / count
            if barrier.is_standing and (count == 1 or barrier.geometry.geom_type != "Point"):
                kind = member(ITEM_KINDS, barrier.kind) or ItemKind.BARRIER
                self.items.append(
                    Item(id_, kind, barrier.geometry, every, length, rating=barrier.rating)
                )
                continue
            if barrier.state == "removed":
                continue
            self.unplaced.append(
                Unplaced(
                    id_, barrier.stated_kind, barrier.address, count, length, barrier.rating,
                    None if barrier.geometry.is_empty else barrier.geometry,
                )
            )  # fmt: skip
            details = {"address": barrier.address or "–"}
            self.findings.append(
                Finding("barrier_not_placed", reading.file, barrier.row, id_, details)
            )


def _is_sound(shape: BaseGeometry) -> bool:
    sizes = {"Point": 1.0, "LineString": shape.length, "Polygon": shape.area}
    return sizes.get(shape.geom_type, 0.0) > 1e-3 and bool(shape.is_valid)


def list_layouts(name: str, *, home: Path | None = None) -> list[Layout]:
    """
    Return the layouts of a city by name.

    Raises
    ------
    UnknownCityError, StoreBrokenError
    """
    root = existing_city(name, home) / LAYOUTS
    return [
        read_layout(name, path.parent.name, home=home)
        for path in sorted(root.glob(f"[!.]*/{DESCRIPTION}"))
    ]


def read_layout(name: str, layout: str, *, home: Path | None = None) -> Layout:
    """
    Return a layout in the city's coordinates.

    Raises
    ------
    UnknownCityError, LayoutUnknownError, StoreBrokenError
    """
    return read_description(name, existing_layout(name, layout, home) / DESCRIPTION, home)


def read_description(name: str, path: Path, home: Path | None) -> Layout:
    """
    Return the layout that a description of a city's holds.

    Raises
    ------
    StoreBrokenError
    """
    from parvis.io.store import read_manifest

    epsg = int(read_manifest(name, home=home)["epsg"])
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return layout_from(said, epsg)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise StoreBrokenError(name=f"{name}/{LAYOUTS}/{path.parent.name}") from problem


def remove_layout(name: str, layout: str, *, home: Path | None = None) -> None:
    """
    Take a layout away from a city.

    Raises
    ------
    LayoutUnknownError
    """
    found = existing_layout(name, layout, home)
    gone = found.rename(found.with_name(f".removed-{found.name}"))
    shutil.rmtree(gone)


def checked_layout_name(name: str) -> str:
    """
    Return a layout's name as it was given.

    Raises
    ------
    LayoutNameError
        Where it cannot be a folder's.
    """
    try:
        return check_city_name(name)
    except CityNameError as problem:
        raise LayoutNameError(name=name) from problem


def existing_layout(name: str, layout: str, home: Path | None) -> Path:
    """
    Return the folder of a city's layout.

    Raises
    ------
    UnknownCityError, LayoutUnknownError
    """
    root = existing_city(name, home) / LAYOUTS
    folder = root / checked_layout_name(layout)
    if not (folder / DESCRIPTION).is_file():
        listed = ", ".join(path.parent.name for path in sorted(root.glob(f"[!.]*/{DESCRIPTION}")))
        raise LayoutUnknownError(name=layout, city=name, listed=listed or "none")
    return folder


def _store(layout: Layout, findings: list[Finding], epsg: int, target: Path) -> None:
    document = layout_document(layout, findings, epsg)
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            text = json.dumps(document, ensure_ascii=False, indent=1)
            (fresh / DESCRIPTION).write_text(text, encoding="utf-8")
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
