"""How do import and street field grow with the number of street segments, in processor time?"""

import os

from benchmarks.measure import Goal, Result, Timing, growth_exponent, race, scratch
from benchmarks.networks import VAN, grid_network
from parvis.approach.street_field import solve_street_field
from parvis.approach.turns import turn_graph

FIELD_SIZES = (10_000, 100_000, 1_000_000)
TOWN_SIZES = tuple(
    int(size) for size in os.environ.get("PARVIS_BENCH_TOWNS", "3300,33000,330000").split(",")
)
"""Street ways; each makes about three segments."""


def run(result: Result) -> None:
    field(result)
    towns(result)


def field(result: Result) -> None:
    sizes, prepared, solved = [], [], []
    for size in FIELD_SIZES:
        segments, coords = grid_network(size)
        graph = turn_graph(segments, coords, VAN)
        timings = race(
            {
                f"turn graph, {size} segments": lambda s=segments, c=coords: turn_graph(s, c, VAN),
                f"street field, {size} segments": lambda g=graph: solve_street_field(g, VAN),
            }
        )
        result.timings |= timings
        one, other = (timing.median_processor for timing in timings.values())
        sizes.append(float(len(segments.length)))
        prepared.append(one + other)
        solved.append(other)
    result.facts["field_segments"] = [int(size) for size in sizes]
    for what, seconds in (("turn graph and street field", prepared), ("street field", solved)):
        exponent = growth_exponent(sizes, seconds)
        result.goals.append(
            Goal(f"growth exponent, {what}", exponent, at_most=1.1, unit="(1 is linear)")
        )


def towns(result: Result) -> None:
    """Import of generated towns, in one process each so that memory does not pile up."""
    from parvis.city.town import make_town
    from parvis.io.osm import import_city
    from parvis.io.osm_writer import write_osm

    sizes, seconds = [], []
    with scratch() as folder:
        for size in TOWN_SIZES:
            extract = folder / f"town-{size}.osm.pbf"
            write_osm(make_town(seed=1, size=f"{size}-streets"), extract)

            def read(extract=extract):  # type: ignore[no-untyped-def]
                return import_city(extract, name="bench", home=folder)

            city = read()
            timing: Timing = race({"import": read})["import"]
            result.timings[f"import, town of {size} streets"] = timing
            sizes.append(float(len(city.segments.length)))
            seconds.append(timing.median_processor)
    result.facts["town_segments"] = [int(size) for size in sizes]
    result.goals.append(
        Goal(
            "growth exponent, import",
            growth_exponent(sizes, seconds),
            at_most=1.1,
            unit="(1 is linear)",
        )
    )
