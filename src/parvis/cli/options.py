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
