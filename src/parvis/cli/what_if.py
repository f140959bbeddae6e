"""``parvis what-if``: what changes of the ground do to the speeds at a public space."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.options import Area, CityName, Space

app = typer.Typer()

EXAMPLES = """Examples:

parvis what-if oldtown "Market Square" --changes bollards.json

parvis what-if oldtown way/123 --changes chicane.json --vehicle N2B --vehicle M1 --json
"""


class Ground(StrEnum):
    """Parameter set and ground that are asked about."""

    LIMIT = "limit"
    TYPICAL = "typical"


@app.command(epilog=EXAMPLES)
def what_if(
    name: CityName,
    space: Space = None,
    *,
    changes: Annotated[Path, typer.Option(help="JSON file with a list of changes.")],
    area: Area = None,
    vehicle: Annotated[
        list[str] | None, typer.Option(help="Vehicle class; may be given several times.")
    ] = None,
    scenario: Annotated[
        Ground, typer.Option(help="Cautious limit, or typical speeds.")
    ] = Ground.LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer what changes of the ground do to the speeds at a public space."""
    from parvis.io.what_if import ask_what_if
    from parvis.report.what_if import what_if_document, what_if_lines
    from parvis.terms import Scenario

    answers = ask_what_if(
        name,
        space,
        changes,
        area_file=area,
        vehicles=vehicle,
        scenario=Scenario.LIMIT if scenario is Ground.LIMIT else Scenario.TYPICAL,
    )
    if as_json:
        typer.echo(json.dumps(what_if_document(answers), ensure_ascii=False, indent=1))
        return
    for line in what_if_lines(answers):
        typer.echo(line)
