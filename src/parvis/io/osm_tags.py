"""
Which OpenStreetMap tags make a street, an area, an obstacle or furniture, and on which level.

Every rule takes the tags of one object. *Level* tells apart what lies above one another:

- the ``layer`` tag where there is one;
- a bridge without ``layer`` is on level 1, a tunnel without it on level -1;
- a building passage and a covered way stay on the ground, level 0, unless ``layer`` says more;
- what is tagged underground is at most on level -1;
- an indoor way without ``layer`` is on the storey its ``level`` tag names;
- open water is always on level 0: mappers give rivers ``layer=-1`` so that bridges draw well.
"""

import math
import re
from collections.abc import Collection, Mapping

Tags = Mapping[str, str]

NODE_KEYS = (
    "barrier", "natural", "highway", "amenity", "man_made", "entrance", "place",
    "public_transport", "railway", "tourism", "historic", "emergency", "traffic_calming", "shop",
    "leisure", "power", "kerb", "advertising", "bollard", "parking", "office",
)  # fmt: skip
"""A node with none of these keys is passed over before Python sees it."""

RELATION_TYPES = ("multipolygon", "boundary")
"""Relations of other types are passed over before Python sees them."""

NOT_STREETS = frozenset(
    [
        "proposed",
        "planned",
        "razed",
        "abandoned",
        "disused",
        "demolished",
        "dismantled",
        "platform",
        "elevator",
        "corridor",
        "rest_area",
        "services",
        "bus_stop",
        "via_ferrata",
        "no",
        "street_lamp",
        "traffic_signals",
        "crossing",
        "emergency_bay",
        "ladder",
    ]
)
STREET_AREAS = frozenset(
    [
        "pedestrian",
        "footway",
        "service",
        "path",
        "cycleway",
        "steps",
        "living_street",
        "residential",
        "unclassified",
        "track",
        "tertiary",
        "secondary",
        "primary",
        "trunk",
        "road",
    ]
)
YES_AREAS = frozenset({"yes", "1", "true"})
NO = frozenset({"no", "0", "false"})

ROOFS = frozenset(["roof", "carport", "canopy"])
WATERS = {
    ("natural", "water"): "water",
    ("natural", "bay"): "water",
    ("waterway", "riverbank"): "water",
    ("waterway", "dock"): "water",
    ("waterway", "canal"): "water",
    ("waterway", "river"): "water",
    ("waterway", "boatyard"): "other",
    ("landuse", "basin"): "water",
    ("landuse", "reservoir"): "water",
    ("leisure", "swimming_pool"): "water",
    ("amenity", "fountain"): "fountain",
    ("natural", "wetland"): "wetland",
}
AREAS: dict[tuple[str, str], str] = {
    ("place", "square"): "square",
    ("highway", "steps"): "steps",
    ("highway", "platform"): "platform",
    ("public_transport", "platform"): "platform",
    ("railway", "platform"): "platform",
    ("amenity", "marketplace"): "market_place",
    ("amenity", "parking"): "parking",
    ("amenity", "motorcycle_parking"): "parking",
    ("amenity", "parking_space"): "parking_space",
    ("amenity", "fuel"): "forecourt",
    ("leisure", "park"): "park",
    ("leisure", "garden"): "garden",
    ("leisure", "playground"): "playground",
    ("leisure", "pitch"): "pitch",
    ("leisure", "track"): "pitch",
    ("leisure", "sports_centre"): "sports",
    ("leisure", "stadium"): "sports",
    ("leisure", "common"): "grass",
    ("leisure", "marina"): "marina",
    ("leisure", "dog_park"): "park",
    ("leisure", "golf_course"): "grass",
    ("leisure", "outdoor_seating"): "outdoor_seating",
    ("landuse", "grass"): "grass",
    ("landuse", "meadow"): "grass",
    ("landuse", "village_green"): "grass",
    ("landuse", "recreation_ground"): "grass",
    ("landuse", "greenfield"): "grass",
    ("landuse", "flowerbed"): "flowerbed",
    ("landuse", "forest"): "wood",
    ("landuse", "orchard"): "wood",
    ("landuse", "vineyard"): "vineyard",
    ("landuse", "farmland"): "farmland",
    ("landuse", "allotments"): "allotments",
    ("landuse", "cemetery"): "cemetery",
    ("landuse", "construction"): "construction_site",
    ("landuse", "brownfield"): "brownfield",
    ("landuse", "railway"): "railway",
    ("landuse", "residential"): "residential",
    ("landuse", "commercial"): "commercial",
    ("landuse", "retail"): "retail",
    ("landuse", "industrial"): "industrial",
    ("landuse", "military"): "military",
    ("landuse", "harbour"): "harbour",
    ("landuse", "religious"): "religious",
    ("landuse", "education"): "school",
    ("landuse", "garages"): "garages",
    ("natural", "wood"): "wood",
    ("natural", "scrub"): "scrub",
    ("natural", "heath"): "scrub",
    ("natural", "grassland"): "grass",
    ("natural", "beach"): "beach",
    ("natural", "sand"): "beach",
    ("natural", "bare_rock"): "rock",
    ("natural", "scree"): "rock",
    ("natural", "shingle"): "beach",
    ("natural", "cliff"): "cliff",
    ("amenity", "place_of_worship"): "place_of_worship",
    ("amenity", "grave_yard"): "cemetery",
    ("amenity", "school"): "school",
    ("amenity", "kindergarten"): "kindergarten",
    ("amenity", "college"): "college",
    ("amenity", "university"): "university",
    ("amenity", "hospital"): "hospital",
    ("amenity", "bus_station"): "station",
    ("amenity", "ferry_terminal"): "station",
    ("amenity", "townhall"): "townhall",
    ("amenity", "bicycle_parking"): "bicycle_parking",
    ("railway", "station"): "station",
    ("public_transport", "station"): "station",
    ("man_made", "quay"): "quay",
    ("man_made", "pier"): "pier",
    ("man_made", "breakwater"): "breakwater",
    ("man_made", "groyne"): "breakwater",
    ("man_made", "bridge"): "bridge",
    ("barrier", "hedge"): "hedge",
    ("barrier", "wall"): "wall",
    ("barrier", "city_wall"): "city_wall",
    ("barrier", "retaining_wall"): "retaining_wall",
    ("barrier", "kerb"): "kerb",
    ("barrier", "block"): "block",
    ("area:highway", "kerb"): "kerb",
    ("tourism", "attraction"): "other",
    ("tourism", "museum"): "other",
    ("tourism", "theme_park"): "other",
    ("tourism", "zoo"): "other",
    ("historic", "castle"): "other",
    ("historic", "monument"): "monument",
    ("historic", "memorial"): "monument",
}  # fmt: skip
"""Order matters: the first pair that a feature carries gives its kind."""
AREA_KEYS = tuple(dict.fromkeys(key for key, _ in AREAS))
NEEDS_AREA_TAG = frozenset({"hedge", "wall", "city_wall", "retaining_wall", "kerb", "cliff"})
OTHER_AREA_KEYS = ("landuse", "leisure", "amenity", "natural", "shop", "tourism", "area:highway")

LINES: dict[str, dict[str, str]] = {
    "natural": {
        "cliff": "cliff",
        "earth_bank": "embankment",
        "tree_row": "tree_row",
        "coastline": "coastline",
    },
    "man_made": {
        "embankment": "embankment",
        "dyke": "dyke",
        "breakwater": "breakwater",
        "groyne": "breakwater",
        "pier": "pier",
        "quay": "quay",
    },
    "waterway": {
        "river": "river",
        "stream": "stream",
        "canal": "canal",
        "ditch": "ditch",
        "drain": "drain",
        "dam": "dam",
        "weir": "dam",
    },
    "historic": {"citywalls": "city_wall", "city_wall": "city_wall"},
    "railway": {"rail": "rail", "light_rail": "rail", "subway": "rail", "narrow_gauge": "rail"},
}

BARRIER_WORDS = {
    "curb": "kerb",
    "chain_and_post": "chain",
    "railing": "handrail",
    "stone": "block",
    "boulder": "block",
    "jersey_barriers": "jersey_barrier",
    "bollards": "bollard",
}
"""Other words for the same thing."""

FURNITURE: dict[tuple[str, str], str] = {
    ("natural", "tree"): "tree",
    ("natural", "rock"): "rock",
    ("natural", "stone"): "rock",
    ("highway", "street_lamp"): "street_lamp",
    ("man_made", "surveillance"): "camera",
    ("amenity", "bench"): "bench",
    ("highway", "crossing"): "crossing",
    ("railway", "crossing"): "crossing",
    ("railway", "tram_crossing"): "crossing",
    ("highway", "bus_stop"): "stop",
    ("railway", "tram_stop"): "stop",
    ("public_transport", "platform"): "stop",
    ("public_transport", "stop_position"): "stop",
    ("highway", "traffic_signals"): "traffic_signals",
    ("place", "square"): "square",
    ("amenity", "marketplace"): "market_place",
    ("railway", "station"): "station",
    ("railway", "halt"): "station",
    ("railway", "subway_entrance"): "entrance",
    ("public_transport", "station"): "station",
    ("amenity", "fountain"): "fountain",
    ("man_made", "mast"): "mast",
    ("man_made", "flagpole"): "mast",
    ("power", "pole"): "mast",
    ("emergency", "fire_hydrant"): "hydrant",
    ("highway", "turning_circle"): "turning_circle",
}
FURNITURE_KEYS = {
    "entrance": "entrance",
    "traffic_calming": "traffic_calming",
    "amenity": "amenity",
    "shop": "shop",
    "tourism": "tourism",
    "historic": "historic",
    "leisure": "leisure",
    "office": "office",
    "emergency": "emergency",
    "advertising": "advertising",
}

LEVEL_KEYS = frozenset({"layer", "bridge", "tunnel", "indoor", "location", "parking"})

_NUMBER = re.compile(r"^\s*([+-]?\d+(?:[.,]\d+)?)\s*([a-z'\"%°]*)")
_UNITS = {"": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048}
_FEET = re.compile(r"^\s*(\d+)'\s*(?:(\d+(?:\.\d+)?)\")?")


def is_set(tags: Tags, key: str) -> bool:
    """Return whether `key` is there and does not say no."""
    return tags.get(key, "no") not in NO


def metres(text: str | None) -> float:
    """
    Return a length tag in metres.

    Parameters
    ----------
    text : str or None
        As tagged: "3.5", "3,5 m", "12 ft", 6 feet 7 inches with their marks, "350 cm".

    Returns
    -------
    float
        NaN where there is none, it is negative or it cannot be read.
    """
    if text is None:
        return math.nan
    feet = _FEET.match(text)
    if feet:
        return int(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254
    found = _NUMBER.match(text.lower())
    if not found or found[2] not in _UNITS:
        return math.nan
    value = float(found[1].replace(",", ".")) * _UNITS[found[2]]
    return value if value >= 0.0 else math.nan


def incline_of(tags: Tags) -> float:
    """Return the tagged incline as rise over run along the way, NaN for none or "up"/"down"."""
    found = _NUMBER.match(tags.get("incline", ""))
    if not found:
        return math.nan
    value = float(found[1].replace(",", "."))
    if found[2].startswith("%"):
        return value / 100.0 if abs(value) <= 100.0 else math.nan
    if found[2].startswith("°"):
        return math.tan(math.radians(value)) if abs(value) < 45.0 else math.nan
    return math.nan


def level_of(tags: Tags) -> int:
    """Return the level of a way or area by the rules of the module; -10 to 10."""
    if tags.keys().isdisjoint(LEVEL_KEYS):
        return 0
    given = _whole(tags.get("layer"))
    tunnel = tags.get("tunnel", "no")
    if given is not None and tunnel != "building_passage":
        level = given
    elif tunnel == "building_passage":
        level = max(given or 0, 0)
    elif is_set(tags, "bridge"):
        level = 1
    elif tunnel not in NO:
        level = -1
    elif is_set(tags, "indoor"):
        level = _whole(tags.get("level")) or 0
    else:
        level = 0
    if tags.get("location") == "underground" or tags.get("parking") == "underground":
        level = min(level, -1)
    return max(-10, min(10, level))


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        value = float(text.replace(",", ".").split(";")[0])
    except ValueError:
        return None
    return math.floor(value) if abs(value) < 100 else None


def street_kind(tags: Tags, *, closed: bool) -> str | None:
    """
    Return the street value of a way a vehicle can physically use, None for others.

    Parameters
    ----------
    tags : mapping
    closed : bool
        First and last node are the same: an area where it is tagged so.
    """
    highway = tags.get("highway")
    if highway is not None and highway not in NOT_STREETS:
        if closed and tags.get("area") in YES_AREAS:
            return None
        if highway == "service" and tags.get("service") == "parking_aisle":
            return "parking_aisle"
        return highway
    if tags.get("railway") == "tram":
        return "tram"
    return None


def area_kind(tags: Tags, *, relation: bool = False) -> str | None:
    """
    Return the kind of a closed way or a multipolygon relation, None where it is no area.

    Parameters
    ----------
    tags : mapping
    relation : bool
        True for multipolygon relations, which are areas whatever `area` says.
    """
    area = tags.get("area")
    if area in NO and not relation:
        return None
    building = tags.get("building", "no")
    if building not in NO:
        raised = (metres(tags.get("min_height")) >= 2.5) or (
            (_whole(tags.get("building:min_level")) or 0) >= 1
        )
        return "roof" if building in ROOFS or raised else "building"
    if tags.get("building:part", "no") not in NO:
        return "building_part"
    for key, value in WATERS:
        if tags.get(key) == value:
            if (
                key == "waterway"
                and value in ("river", "canal")
                and not (relation or area in YES_AREAS)
            ):
                continue
            return WATERS[key, value]
    explicit = relation or area in YES_AREAS
    if tags.get("place") == "square":
        return "square"
    highway = tags.get("highway")
    if highway is not None and highway not in ("platform", "rest_area", "services"):
        if not explicit:
            return None
        if highway in STREET_AREAS:
            return "footway" if highway in ("path", "cycleway") else _street_area(highway)
        return "other" if highway not in NOT_STREETS else None
    surface = tags.get("area:highway")
    if surface is not None and surface != "kerb":
        return "footway" if surface in ("path", "cycleway") else _street_area(surface)
    for key, value in _pairs(tags):
        kind = AREAS[key, value]
        if kind in NEEDS_AREA_TAG and not explicit:
            continue
        if key == "man_made" and kind in ("pier", "quay", "breakwater") and area in NO:
            continue
        return kind
    if any(key in tags for key in OTHER_AREA_KEYS) and "barrier" not in tags:
        return "other"
    return None


def _pairs(tags: Tags) -> list[tuple[str, str]]:
    """Return the pairs of `tags` that name an area, in the order of `AREAS`."""
    present = {(key, tags[key]) for key in AREA_KEYS if key in tags}
    present &= AREAS.keys()
    return sorted(present, key=_RANK.__getitem__) if len(present) > 1 else list(present)


_RANK = {pair: rank for rank, pair in enumerate(AREAS)}


def _street_area(highway: str) -> str:
    if highway in ("pedestrian", "footway", "service", "steps"):
        return highway
    if highway == "traffic_island":
        return "traffic_island"
    return "street"


def line_kind(tags: Tags) -> str | None:
    """Return the kind of a linear obstacle, None for ways that are none."""
    barrier = tags.get("barrier", "no")
    if barrier not in NO:
        return BARRIER_WORDS.get(barrier, barrier) if barrier != "yes" else "fence"
    for key, kinds in LINES.items():
        value = tags.get(key)
        if value is not None and value in kinds:
            return kinds[value]
    if is_set(tags, "embankment") and "highway" not in tags and "railway" not in tags:
        return "embankment"
    return None


def point_kind(tags: Tags) -> str | None:
    """Return the kind of a point obstacle: its barrier value, None for other nodes."""
    barrier = tags.get("barrier", "no")
    if barrier not in NO:
        return BARRIER_WORDS.get(barrier, barrier)
    if "bollard" in tags:
        return "bollard"
    if "kerb" in tags and tags.get("kerb") not in NO:
        return "kerb"
    return None


FURNITURE_WORDS = (*FURNITURE.values(), *FURNITURE_KEYS.values())
"""Kinds of furniture by rank."""
NO_FURNITURE = len(FURNITURE_WORDS)
_FURNITURE_RANK = {
    pair: rank for rank, pair in enumerate([*FURNITURE, *((key, "") for key in FURNITURE_KEYS)])
}
CAMERA = _FURNITURE_RANK["man_made", "surveillance"]


def furniture_rank(key: str, value: str) -> int:
    """Return the place in `FURNITURE_WORDS` that one tag gives a node, `NO_FURNITURE` for none."""
    if value in NO:
        return NO_FURNITURE
    rank = _FURNITURE_RANK.get((key, value))
    return _FURNITURE_RANK.get((key, ""), NO_FURNITURE) if rank is None else rank


def furniture_kinds(ranks: Collection[int]) -> tuple[str, ...]:
    """
    Return the kinds under which a node is kept as furniture, none for nodes passed over.

    Parameters
    ----------
    ranks : collection of int
        `furniture_rank` of each of its tags.

    Returns
    -------
    tuple of str
        A node is one thing, that of its lowest rank; a camera on a lamp is both.
    """
    first = min(ranks, default=NO_FURNITURE)
    if first == NO_FURNITURE:
        return ()
    word = FURNITURE_WORDS[first]
    return (word, "camera") if CAMERA in ranks and first != CAMERA else (word,)


def area_level(tags: Tags, kind: str) -> int:
    """Return the level of an area of `kind`; open water lies on the ground."""
    if kind == "water" and not any(is_set(tags, key) for key in ("tunnel", "bridge")):
        return -1 if tags.get("location") == "underground" else 0
    if kind == "bridge" and "layer" not in tags:
        return 1
    return level_of(tags)


def line_level(tags: Tags, kind: str) -> int:
    """Return the level of a linear obstacle; open watercourses lie on the ground."""
    if kind in WATERCOURSES and not is_set(tags, "tunnel") and not is_set(tags, "covered"):
        return 1 if is_set(tags, "bridge") else 0
    return level_of(tags)


OBSTACLE_KEYS = ("barrier", "bollard", "kerb")
"""Only nodes with one of these can be point obstacles."""
WATERCOURSES = frozenset({"river", "stream", "canal", "ditch", "drain"})
