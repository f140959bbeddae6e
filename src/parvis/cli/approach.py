"""``parvis approach``: where and how fast vehicles can reach a public space."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

app = typer.Typer()

EXAMPLES = """Examples:

parvis approach oldtown "Market Square"

parvis approach oldtown way/123 --vehicles M1,N2B --json
"""


def keys(text: str | None) -> list[str] | None:
    """Return the vehicle class keys of a comma-separated option."""
    return None if text is None else [key.strip() for key in text.split(",") if key.strip()]


def progress_line() -> Callable[[str, int, int], None] | None:
    """Return a callback that shows progress on a terminal's stderr, None elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(step: str, done: int, total: int) -> None:
        typer.echo(f"\r{step} {done}/{total}   ", nl=False, err=True)

    return show


@app.command(epilog=EXAMPLES)
def approach(
    name: CityName,
    space: Space = None,
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer where, how fast and at which angle vehicles can reach a public space."""
    from parvis.io.analyses import analyse_space
    from parvis.report.export import result_document
    from parvis.report.terminal import result_lines

    _, result = analyse_space(
        name,
        space,
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        design=design,
        people_line=people_line,
        progress=progress_line(),
    )
    if sys.stderr.isatty():
        typer.echo("\r" + " " * 30 + "\r", nl=False, err=True)
    if as_json:
        typer.echo(json.dumps(result_document(result), ensure_ascii=False, indent=1))
        return
    for line in result_lines(result):
        typer.echo(line)
