"""A city is screened whole: same values as one space alone, failures kept apart, work kept."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from hamlet import in_degrees, metres, store_hamlet
from screening_samples import die

from parvis.city.assemble import build_table
from parvis.errors import ParvisError
from parvis.io import screening as subject
from parvis.io import screening_workers
from parvis.io.analyses import analyse_space
from parvis.io.programme_table import (
    COLUMNS,
    ProgrammeColumnsError,
    ProgrammeTableError,
    ProgrammeTableMissingError,
    as_date,
    read_programme_table,
    write_template,
)
from parvis.io.store import load_city, save_city
from parvis.io.vector import VectorFormatError
from parvis.packs.content import load_ground_rules, load_parameter_draws
from parvis.report.messages import describe
from parvis.screening.criteria import Criterion, TableNeededError
from parvis.screening.spaces import (
    BoundaryElsewhereError,
    NoSpaceInsideError,
    Responsible,
    Screening,
    SpaceFailure,
    SpaceOutcome,
    SpacesUnknownError,
    outcome_of,
    screen_space,
)

WHO = Responsible("City of Hamlet", "A. Maire", "security coordinator")
TODAY = dt.date(2031, 3, 10)
AROUND = shapely.box(-50, -50, 250, 200)
GAPS = (Criterion.DATA_GRADE,)


def store_places() -> None:
    """Store the hamlet with two places in its street and one far outside the authority."""
    shapes = [shapely.box(90, -4, 120, 4), shapely.box(20, 0, 30, 4), shapely.box(900, 0, 930, 9)]
    spaces = build_table(
        "polygon",
        [metres(shape) for shape in shapes],
        {"area": np.array([240.0, 40.0, 270.0]), "is_inferred": np.zeros(3, dtype=bool)},
        texts={"id": ["way/5", "way/6", "way/7"], "name": ["Corn Market", "Well Place", "Far"]},
        coded={"kind": ["market_place", "square", "square"]},
    )
    save_city(replace(store_hamlet(), spaces=spaces))


def store_like(name: str, **changes) -> None:
    """Store the hamlet once more under another name."""
    save_city(replace(load_city("hamlet"), name=name, **changes))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("screening") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(home))
        store_places()
    return home


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(home))


@pytest.fixture
def limits(tmp_path: Path):
    def write(shape: shapely.Geometry, name: str = "limits.geojson") -> Path:
        path = tmp_path / name
        geometry = json.loads(shapely.to_geojson(in_degrees(shape)))
        path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}))
        return path

    return write


ANALYSED: dict[str, SpaceOutcome] = {}


def here(jobs):
    """Work on the jobs in this process; equal jobs are worked on once."""
    for job in jobs:
        if job.key not in ANALYSED:
            packs = {"rules": load_ground_rules(), "draws": load_parameter_draws()}
            ANALYSED[job.key] = screen_space(job.city, job.question, **packs)
        yield job, ANALYSED[job.key]


def screened(requests, *, runner=here, criteria=GAPS, **options) -> dict:
    return subject.screen_cities(
        requests,
        responsible=WHO,
        criteria=criteria,
        vehicles=["M1"],
        runner=runner,
        today=TODAY,
        **options,
    )


def screened_one(boundary: Path | None, **options) -> Screening:
    (found,) = screened([subject.Request("hamlet", boundary)], **options).values()
    if isinstance(found, ParvisError):
        raise found
    return found


def test_processes_give_every_space_the_values_it_has_alone(limits):
    steps = []
    found = subject.screen_city(
        "hamlet",
        boundary=limits(AROUND),
        responsible=WHO,
        criteria=GAPS,
        vehicles=["M1"],
        progress=steps.append,
        is_fresh=True,
        today=TODAY,
    )
    alone = [
        outcome_of(analyse_space("hamlet", space, vehicles=["M1"])[1])
        for space in ("way/5", "way/6")
    ]
    assert list(found.outcomes) == alone
    assert [step.done for step in steps] == [1, 2]
    assert steps[-1].seconds_left == 0.0


def test_digest_tells_results_apart_by_any_value():
    one = analyse_space("hamlet", "way/5", vehicles=["M1"])[1]
    other = analyse_space("hamlet", "way/5", vehicles=["M1"], design="limit")[1]
    assert outcome_of(one).result_hash != outcome_of(other).result_hash
    profile = replace(one.profiles[0], limit=np.nextafter(one.profiles[0].limit, np.inf))
    moved = replace(one, profiles=(profile,))
    assert outcome_of(one).result_hash != outcome_of(moved).result_hash
    later = replace(one, provenance={**one.provenance, "created": "2040-01-01T00:00:00+00:00"})
    assert outcome_of(one).result_hash == outcome_of(later).result_hash


def test_only_spaces_of_which_half_lies_inside_are_the_authoritys(limits):
    found = screened_one(limits(shapely.box(0, -50, 104, 50)))
    assert [item.id for item in found.outcomes] == ["way/6"]
    assert found.boundary_source == "limits.geojson" and len(found.boundary_hash) == 64


def test_finished_spaces_are_reused_until_an_input_changes(limits):
    calls = []

    def counted(jobs):
        calls.append([job.question.space_id for job in jobs])
        yield from here(jobs)

    first = screened_one(limits(AROUND), runner=counted, is_fresh=True)
    again = screened_one(limits(AROUND), runner=counted)
    assert calls == [["way/5", "way/6"], []]
    assert again.outcomes == first.outcomes and again.n_reused == 2
    screened_one(limits(AROUND), runner=counted, design="limit")
    screened_one(limits(AROUND), runner=counted, is_fresh=True)
    assert calls[2:] == [["way/5", "way/6"]] * 2


def test_an_interrupt_keeps_what_is_done(limits, home):
    shutil.rmtree(home / "cities" / "hamlet" / "screening", ignore_errors=True)

    def interrupted(jobs):
        yield next(iter(here(jobs)))
        raise KeyboardInterrupt

    with pytest.raises(subject.ScreeningStoppedError) as caught:
        screened_one(limits(AROUND), runner=interrupted)
    assert caught.value.details == {"city": "hamlet", "done": 1, "total": 2}
    assert "the same command goes on" in describe(caught.value)
    assert screened_one(limits(AROUND)).n_reused == 1


def test_a_space_that_fails_leaves_the_others_alone(limits, home):
    record = home / "cities" / "hamlet" / "runs" / "way-6.json"
    record.parent.mkdir(exist_ok=True)
    kept = record.read_bytes() if record.exists() else None
    record.write_text("{")
    try:
        found = screened_one(limits(AROUND), is_fresh=True)
    finally:
        record.unlink() if kept is None else record.write_bytes(kept)
    whole, failed = found.outcomes
    assert isinstance(whole, SpaceOutcome) and isinstance(failed, SpaceFailure)
    assert found.failures == (failed,) and failed.code == "run_broken"


def test_what_nobody_foresaw_is_a_failure_of_its_space(limits, monkeypatch):
    def broken(*args, **options):
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("parvis.screening.spaces.analyse_approach", broken)
    ANALYSED.clear()
    found = screened_one(limits(AROUND), is_fresh=True)
    ANALYSED.clear()
    assert [item.code for item in found.failures] == ["space_failed"] * 2
    assert "ZeroDivisionError a slip" in found.failures[0].details["reason"]


def test_a_space_whose_process_ends_twice_is_given_up_and_the_others_are_done(limits, monkeypatch):
    monkeypatch.setattr(screening_workers, "work_stored", die)
    found = screened_one(limits(AROUND), runner=screening_workers.local_runner(1), is_fresh=True)
    assert [item.code for item in found.outcomes] == ["worker_died", "alive"]


def test_several_cities_each_with_its_own_failure(limits):
    store_like("thorp")
    paths = [limits(AROUND, "one.geojson"), limits(shapely.box(0, 60, 9, 150), "two.geojson")]
    found = screened(
        subject.requests_of(["hamlet", "nowhere", "thorp"], boundaries=[paths[0], *paths])
    )
    assert isinstance(found["hamlet"], Screening)
    assert [found[name].code for name in ("nowhere", "thorp")] == [
        "unknown_city", "no_space_inside",
    ]  # fmt: skip


def test_a_file_option_is_given_once_for_each_city(limits):
    with pytest.raises(subject.OptionsPerCityError) as caught:
        subject.requests_of(["a", "b"], boundaries=[limits(AROUND)])
    assert "2 cities and 1 of --boundary" in describe(caught.value)


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        (shapely.box(90_000, 0, 90_900, 900), BoundaryElsewhereError),
        (shapely.box(-50, 60, 250, 200), NoSpaceInsideError),
    ],
)
def test_boundary_elsewhere_or_without_a_space_is_refused(limits, shape, error):
    with pytest.raises(error) as caught:
        screened_one(limits(shape))
    assert "limits.geojson" in describe(caught.value)


def test_boundary_must_be_given_or_confirmed():
    with pytest.raises(subject.BoundaryMissingError):
        screened_one(None)
    own = [subject.Request("hamlet", is_own=True)]
    assert screened(own)["hamlet"].code == "boundary_not_stored"


def test_own_boundary_of_the_city_is_taken_when_confirmed():

    store_like("walled", boundary=shapely.to_wkb(metres(AROUND)))
    (found,) = screened([subject.Request("walled", is_own=True)]).values()
    assert [item.id for item in found.outcomes] == ["way/5", "way/6"]
    assert load_city("walled").boundary is not None


def test_spaces_outside_cannot_be_asked_for(limits):
    request = subject.Request("hamlet", limits(AROUND), spaces=("way/6", "way/7"))
    found = screened([request])["hamlet"]
    assert isinstance(found, SpacesUnknownError) and found.details["listed"] == "way/7"


def test_criteria_of_the_table_are_refused_before_any_work(limits):
    asked = []

    def never(jobs):
        asked.extend(jobs)
        return iter(())

    with pytest.raises(TableNeededError):
        screened_one(limits(AROUND), criteria=[Criterion.EVENTS], runner=never)
    assert asked == []


# The authority's table


KNOWN = ["way/5", "way/6"]


def table(path: Path, *rows) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_template_filled_in_is_read(tmp_path, ending):
    path = write_template(tmp_path / f"t.{ending}", [("way/5", "=1+1"), ("way/6", "Well Place")])
    assert read_programme_table(path, KNOWN, today=TODAY) == {
        space: subject.SpaceRecord(space) for space in KNOWN
    }
    if ending == "xlsx":
        book = openpyxl.load_workbook(path)
        assert [cell.value for cell in book.active[2]] == list(COLUMNS)
        assert book.active["B3"].data_type == "s"
        book.active["C3"], book.active["G3"] = 4, dt.date(2030, 5, 17)
        book.active["H4"] = "B. Adjoint"
        book.save(path)
        records = read_programme_table(path, KNOWN, today=TODAY)
        assert records["way/5"].events == 4.0
        assert records["way/5"].last_assessment == dt.date(2030, 5, 17)
        assert records["way/6"].owner == "B. Adjoint"


def test_all_rows_that_are_wrong_are_listed_at_once(tmp_path):
    path = table(
        tmp_path / "t.xlsx",
        ("Our places",),
        ("Space", "Events", "Works", "Last assessed"),
        ("way/5", "many", "soon", None),
        ("way/77", 3, None, None),
        ("way/6", -1, "31.2.2031", "2032-01-01"),
        ("way/6", 1, None, None),
    )
    with pytest.raises(ProgrammeTableError) as caught:
        read_programme_table(path, KNOWN, today=TODAY)
    text = describe(caught.value)
    for words in (
        "t.xlsx has 7 cells", "row 3, events_per_year: 'many'", "row 3, works_planned: 'soon'",
        "row 4, id: 'way/77' is not a public space inside", "row 5, works_planned: '31.2.2031'",
        "row 5, last_assessment: '2032-01-01' is not a day that has been", "row 6, id: 'way/6'",
    ):  # fmt: skip
        assert words in text


def test_other_tables_are_refused(tmp_path):
    with pytest.raises(ProgrammeTableMissingError):
        read_programme_table(tmp_path / "none.xlsx", KNOWN, today=TODAY)
    with pytest.raises(ProgrammeColumnsError):
        read_programme_table(table(tmp_path / "t.xlsx", ("a", "b")), KNOWN, today=TODAY)
    with pytest.raises(VectorFormatError):
        write_template(tmp_path / "t.ods", [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2031-05-17", dt.date(2031, 5, 17)),
        ("17.05.2031", dt.date(2031, 5, 17)),
        ("17/5/2031", dt.date(2031, 5, 17)),
        (dt.datetime(2031, 5, 17, 8, tzinfo=dt.UTC), dt.date(2031, 5, 17)),
        ("5/17/2031", None),
        ("17.5.31", None),
        ("summer", None),
        (44000.0, None),
        ("0031-05-17", None),
    ],
)
def test_dates_are_read_as_europe_writes_them_or_not_at_all(written, day):
    assert as_date(written) == day
