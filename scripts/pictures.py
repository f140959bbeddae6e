"""Draw the pictures of README and documentation: the fictional town only, never a real place."""

import os
import tempfile
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import typst
from matplotlib.collections import LineCollection, PolyCollection
from PIL import Image

from parvis.city.town import Town, make_town
from parvis.io.analyses import analyse_space
from parvis.io.osm import import_city
from parvis.io.osm_writer import write_osm
from parvis.report.charts import profile_chart
from parvis.report.maps import access_point_map

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
AREAS = (
    ("landuse", {"grass": "#dfe9d0", "religious": "#dfe9d0"}, 1),
    ("leisure", {"park": "#cfe0b8", "garden": "#dfe9d0", "pitch": "#d5dfc4"}, 2),
    ("amenity", {"parking": "#e8e4dc", "school": "#eee8d8"}, 2),
    ("highway", {"pedestrian": "#f7edcf"}, 3),
    ("natural", {"water": "#a9c8de"}, 4),
)
STREETS = {
    "secondary": 4.2,
    "tertiary": 3.2,
    "residential": 2.2,
    "living_street": 1.5,
    "pedestrian": 2.2,
    "service": 0.7,
    "footway": 0.7,
    "path": 0.7,
    "cycleway": 0.7,
    "steps": 0.9,
}


def rings(town: Town) -> tuple[list[tuple[dict[str, str], np.ndarray]], list[np.ndarray]]:
    """Return ways with their tags, those of multipolygons with the relation's, and courtyards."""
    outer = {}
    holes = set()
    for relation in town.relations:
        for member in relation.members:
            if member.kind == "w" and relation.tags.get("type") == "multipolygon":
                outer[member.index] = dict(relation.tags)
                if member.role == "inner":
                    holes.add(member.index)
    ways, courts = [], []
    middle = (town.xy.min(axis=0) + town.xy.max(axis=0)) / 2.0
    for row in range(town.n_ways):
        xy = town.xy[town.refs[town.offsets[row] : town.offsets[row + 1]]] - middle
        if row in holes:
            courts.append(xy)
        else:
            ways.append((outer.get(row) or dict(town.tag_sets[town.tag_set[row]]), xy))
    return ways, courts


def draw_town(path: Path, *, seed: int, size: str, half_side: float) -> None:
    """Draw one town as a map without figures."""
    town = make_town(seed=seed, size=size)
    ways, courts = rings(town)
    figure, axes = plt.subplots(figsize=(9.0, 9.0), layout="constrained")
    axes.set_facecolor("#f6f4ee")
    river = [xy for tags, xy in ways if tags.get("water") == "river"]
    if river:
        axes.fill(*np.concatenate(river).T, color="#a9c8de", zorder=1.5, linewidth=0)
    for key, colours, order in AREAS:
        for value, colour in colours.items():
            shapes = [
                xy
                for tags, xy in ways
                if tags.get(key) == value
                and (key != "highway" or tags.get("area") == "yes")
                and tags.get("water") != "river"
                and len(xy) > 3
            ]
            axes.add_collection(PolyCollection(shapes, facecolor=colour, zorder=order))
    for kind, width in STREETS.items():
        lines = [
            xy
            for tags, xy in ways
            if tags.get("highway") == kind and tags.get("area") != "yes" and "tunnel" not in tags
        ]
        shade = "#e8dcc0" if kind == "pedestrian" else "#ffffff"
        axes.add_collection(
            LineCollection(lines, colors="#b9b2a4", linewidths=width + 0.9, zorder=5)
        )
        axes.add_collection(LineCollection(lines, colors=shade, linewidths=width, zorder=5.5))
    houses = [xy for tags, xy in ways if "building" in tags]
    axes.add_collection(
        PolyCollection(houses, facecolor="#c9b9a6", edgecolor="#8f8272", linewidth=0.3, zorder=6)
    )
    axes.add_collection(PolyCollection(courts, facecolor="#f0ece2", zorder=6.5))
    tracks = [xy for tags, xy in ways if tags.get("railway") in {"rail", "tram"}]
    axes.add_collection(LineCollection(tracks, colors="#555555", linewidths=0.8, zorder=7))
    middle = (town.xy.min(axis=0) + town.xy.max(axis=0)) / 2.0
    trees = [r for r, tags in town.node_tags.items() if tags.get("natural") == "tree"]
    axes.plot(*(town.xy[trees] - middle).T, ".", color="#7f9f63", markersize=2.2, zorder=8)
    axes.set(xlim=(-half_side, half_side), ylim=(-half_side, half_side), aspect="equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.plot([-half_side + 30, -half_side + 130], [-half_side + 30] * 2, "k-", lw=2, zorder=9)
    axes.text(-half_side + 80, -half_side + 42, "100 m", ha="center", zorder=9)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
    with_fewer_colours(path)


def with_fewer_colours(path: Path) -> None:
    """Store a picture with a palette: a third of the size."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(96, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def draw_result(access: Path, profile: Path) -> None:
    """Analyse the market square of the small town and keep two pictures of its annex."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PARVIS_HOME"] = folder
        extract = Path(folder) / "town.osm.pbf"
        write_osm(make_town(seed=1, size="small"), extract)
        import_city(extract, name="tessenmark")
        city, result = analyse_space("tessenmark", "Market Square")
        store_drawing(access_point_map(city, result), access)
        store_drawing(profile_chart(result), profile)


def store_drawing(drawing: bytes, path: Path) -> None:
    """Store a drawing (SVG) as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "drawing.svg").write_bytes(drawing)
        page = Path(folder) / "page.typ"
        page.write_text(
            "#set page(width: 172mm, height: auto, margin: 1mm)\n"
            '#image("drawing.svg", width: 100%)\n'
        )
        path.write_bytes(typst.compile(page, format="png", ppi=150.0))
    with_fewer_colours(path)


def main() -> None:
    """Draw all pictures anew."""
    mpl.use("agg")
    IMAGES.mkdir(parents=True, exist_ok=True)
    draw_town(IMAGES / "town.png", seed=1, size="medium", half_side=560.0)
    draw_result(IMAGES / "access-points.png", IMAGES / "profile.png")
    print(f"Pictures written to {IMAGES.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
