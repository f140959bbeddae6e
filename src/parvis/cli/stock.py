"""``parvis stock``: the list of elements an authority has in store."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The list of elements that you have in store.", no_args_is_help=True, add_completion=False
)


@app.callback()
def stock() -> None:
    """Keep the list of elements that you have in store."""


@app.command(epilog="Example: parvis stock template depot.xlsx")
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
) -> None:
    """Write an empty stock list to fill in, with an example row."""
    from parvis.io.stock_list import stock_template
    from parvis.report.files import write_bytes

    typer.echo(f"Wrote {write_bytes(file, stock_template())}")
