"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

CityName = Annotated[str, typer.Argument(help="Name of an imported city.")]
Space = Annotated[str | None, typer.Argument(help="Id or name of a public space.")]
Area = Annotated[
    Path | None, typer.Option(help="Polygon file to protect instead of a public space.")
]
Vehicles = Annotated[str | None, typer.Option(help="Vehicle classes, separated by commas: M1,N2B.")]
Threat = Annotated[
    Path | None, typer.Option(help="Threat statement of the competent authority (YAML).")
]
Design = Annotated[str, typer.Option(help="Speed the ratings use: typical, cautious or limit.")]
PeopleLine = Annotated[
    Path | None, typer.Option(help="Polygon file that people are kept inside of.")
]
EmergencyAccess = Annotated[
    list[int] | None,
    typer.Option(help="Access point that must open for emergency vehicles; may be repeated."),
]
Family = Annotated[
    list[str] | None,
    typer.Option(help="Product family to lay out at a line, as LINE=FAMILY; may be repeated."),
]
Permanence = Annotated[
    str, typer.Option(help="What is laid out: permanent, semi_permanent, temporary or any.")
]
People = Annotated[
    float | None,
    typer.Option(min=0, max=1e7, help="Greatest number of people inside, for the exits."),
]
AcceptFront = Annotated[
    list[str] | None,
    typer.Option(help="Test vehicle class whose front your adviser accepts; may be repeated."),
]
GatesOnTracks = Annotated[
    bool,
    typer.Option("--gates-on-tracks", help="Lines may cross tram tracks, with gates for trams."),
]
Existing = Annotated[
    Path | None, typer.Option(help="Barrier register: XLSX, CSV, GeoPackage, GeoJSON.")
]
ExistingCrs = Annotated[
    str | None, typer.Option(help="EPSG number of the register, where it has none.")
]
Stock = Annotated[Path | None, typer.Option(help="Stock list; without a budget nothing is bought.")]
Budget = Annotated[
    float | None, typer.Option(min=0, max=1e12, help="Greatest sum, in the price list's currency.")
]
NeededBy = Annotated[str | None, typer.Option(help="Day by which all must stand: 2026-12-01.")]
Prices = Annotated[Path | None, typer.Option(help="Your own pack of barrier products (YAML).")]
PlanFiles = Annotated[
    list[Path] | None,
    typer.Option("--out", help="Write the plan: .gpkg, .geojson, .dxf or .json; may be repeated."),
]
Tender = Annotated[Path | None, typer.Option(help="Write the performance specification (XLSX).")]
Recipients = Annotated[
    list[str] | None,
    typer.Option("--recipient", help="Who gets a copy of the annex; may be repeated."),
]
