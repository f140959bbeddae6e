"""How long does reading an extract into tables take, beside one bare pass, pyrosm and OSMnx?"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Result, race, scratch, shared_extract

EXTRACT = "helsinki-centre-2019.osm.pbf"


def run(result: Result) -> None:
    source = shared_extract(EXTRACT)
    result.facts |= {"bytes": source.stat().st_size}
    with scratch() as folder:
        _run(result, source, folder)


def _run(result: Result, source: Path, folder: Path) -> None:
    from parvis.io.osm import import_city

    streets = folder / "streets.osm"
    tables = tables_of(source)
    write_streets(source, streets, np.unique(np.asarray(tables.streets["osm_id"])))
    result.facts |= {
        "streets": len(tables.streets),
        "segments": len(tables.segments.length),
        "areas": len(tables.areas),
    }
    contenders: dict[str, Any] = {
        "bare pass": lambda: bare_pass(source),
        "parvis objects": lambda: objects_of(source),
        "parvis tables": lambda: tables_of(source),
        "parvis tables, streets only": lambda: tables_of(streets),
        "parvis import": lambda: import_city(source, name="bench", home=folder),
    }
    contenders |= _pyrosm(result, source) | _osmnx(result, streets)
    result.timings |= race(contenders)
    result.ratio("tables over one bare pass", "parvis tables", "bare pass", at_most=4.0)
    result.ratio(
        "tables over pyrosm reading network and buildings",
        "parvis tables",
        "pyrosm network and buildings",
        at_most=1.2,
    )
    result.ratio(
        "times faster than OSMnx building its graph from the same streets",
        "parvis tables, streets only",
        "OSMnx graph",
        at_least=15.0,
    )
    result.ratio("whole import over one bare pass", "parvis import", "bare pass", at_most=20.0)


def bare_pass(source: Path) -> None:
    """One pass of pyosmium over all objects, nothing kept."""
    import osmium

    for _ in osmium.FileProcessor(str(source)):
        pass


def objects_of(source: Path) -> Any:
    """All objects with tags and coordinates in arrays: what tables are made from."""
    from parvis.io.osm_read import read_extract

    return read_extract(source)


def tables_of(source: Path) -> Any:
    """Streets with their graph, areas, obstacles, points and furniture with all tags."""
    from pyproj import Transformer

    from parvis.io.osm_read import read_extract
    from parvis.io.osm_tables import TableBuilder

    project = Transformer.from_crs(4326, 25835, always_xy=True).transform
    extract = read_extract(source)
    builder = TableBuilder(
        extract, lambda lon, lat: np.column_stack(project(lon, lat)), window=None
    )
    return builder.build(lambda _: None)


def write_streets(source: Path, target: Path, ids: np.ndarray) -> None:
    """
    Write the ways we take as streets, with their nodes, as the XML that OSMnx reads.

    References to nodes that the extract does not hold are left out: OSMnx refuses them.
    """
    import osmium

    wanted = set(ids.tolist())
    used = {
        node.ref
        for way in osmium.FileProcessor(str(source), osmium.osm.WAY)
        if way.id in wanted
        for node in way.nodes
    }
    present = set()
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for node in osmium.FileProcessor(str(source), osmium.osm.NODE):
            if node.id in used:
                present.add(node.id)
                writer.add_node(node)
        for way in osmium.FileProcessor(str(source), osmium.osm.WAY):
            if way.id in wanted:
                kept = [node.ref for node in way.nodes if node.ref in present]
                writer.add_way(way.replace(nodes=kept))


def _pyrosm(result: Result, source: Path) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyrosm
    except ImportError:
        result.skipped.append("pyrosm is not installed")
        return {}

    def read() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Its other engine would read its own cache from the second call on.
            reader = pyrosm.OSM(str(source), engine="in_memory")
            reader.get_network(network_type="all")
            reader.get_buildings()

    return {"pyrosm network and buildings": read}


def _osmnx(result: Result, streets: Path) -> dict[str, Any]:
    try:
        import osmnx
    except ImportError:
        result.skipped.append("OSMnx is not installed")
        return {}

    def build() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return osmnx.graph_from_xml(streets, bidirectional=True, retain_all=True)

    result.facts["osmnx_edges"] = build().number_of_edges()
    return {"OSMnx graph": build}
