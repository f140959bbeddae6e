"""``parvis approach``: where and how fast vehicles can reach a public space."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

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
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    space: Annotated[str | None, typer.Argument(help="Id or name of a public space.")] = None,
    area: Annotated[
        Path | None, typer.Option(help="Polygon file to protect instead of a public space.")
    ] = None,
    vehicles: Annotated[
        str | None, typer.Option(help="Vehicle classes, separated by commas: M1,N2B.")
    ] = None,
    threat: Annotated[
        Path | None, typer.Option(help="Threat statement of the competent authority (YAML).")
    ] = None,
    design: Annotated[
        str, typer.Option(help="Speed the ratings use: typical, cautious or limit.")
    ] = "cautious",
    people_line: Annotated[
        Path | None, typer.Option(help="Polygon file that people are kept inside of.")
    ] = None,
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
