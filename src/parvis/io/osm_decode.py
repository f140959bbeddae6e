"""
Decode an extract to text lines, in a process of its own.

``python -m parvis.io.osm_decode FILE`` writes the objects of FILE to standard output as OPL, one a
line (https://osmcode.org/opl-file-format/), and facts of its header, or why it cannot be read,
as JSON to standard error. All work is done by osmium's own threads: decode, attach locations to
ways, drop nodes without a wanted key and relations that are no areas,
encode. No Python call is made per object.

A process of its own, since osmium ends the process it runs in when a damaged file cannot be
encoded (its writer throws while being destroyed).
"""

import json
import os
import sys
from typing import Any

from parvis.io.osm_tags import NODE_KEYS, RELATION_TYPES

UNSORTED = "--unsorted"
LOCATION_INDEX = "flex_mem"
"""Sparse and sorted for extracts of a city, dense by itself for whole countries."""


def decode(path: str, *, is_sorted: bool = True) -> dict[str, Any]:
    """
    Write the objects of an extract to standard output.

    Parameters
    ----------
    path : str
    is_sorted : bool
        Nodes come before the ways that need them; else they are read in a pass of their own.

    Returns
    -------
    dict
        ``timestamp`` ("" where unknown) and ``box`` (west, south, east, north in degrees, or
        None) of the header.
    """
    import osmium

    locations = osmium.NodeLocationsForWays(osmium.index.create_map(LOCATION_INDEX))
    locations.ignore_errors()
    if not is_sorted:
        with osmium.io.Reader(path, osmium.osm.NODE) as reader:
            osmium.apply(reader, locations)
    with osmium.io.Reader(path, osmium.osm.ALL) as reader:
        header = reader.header()
        box = header.box()
        corners = None
        if box.valid():
            low, high = box.bottom_left, box.top_right
            corners = [low.lon, low.lat, high.lon, high.lat]
        nodes = osmium.filter.KeyFilter(*NODE_KEYS)
        nodes.enable_for(osmium.osm.NODE)
        relations = osmium.filter.TagFilter(*(("type", kind) for kind in RELATION_TYPES))
        relations.enable_for(osmium.osm.RELATION)
        target = osmium.io.File("-", "opl,locations_on_ways=true,add_metadata=timestamp")
        writer = osmium.SimpleWriter(target)
        osmium.apply(reader, locations, nodes, relations, writer)
        writer.close()
    return {"timestamp": header.get("osmosis_replication_timestamp") or "", "box": corners}


def main() -> None:
    """Run the process; it ends without destroying what osmium may not survive."""
    try:
        facts, code = decode(sys.argv[1], is_sorted=UNSORTED not in sys.argv), 0
    except Exception as problem:  # noqa: BLE001 - whatever osmium throws says why
        facts, code = {"reason": " ".join(str(problem).split())}, 1
    sys.stderr.write(json.dumps(facts))
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
