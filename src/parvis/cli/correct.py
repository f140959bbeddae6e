"""``parvis correct``: read back what was measured on site, list it, take it back."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command(epilog="Example: parvis correct oldtown measured.xlsx --by 'A. Surveyor'")
def correct(
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    file: Annotated[
        Path | None, typer.Argument(help="Filled survey sheet (XLSX, CSV) or vector file.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who measured, for rows without a name.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Check the file, store nothing.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the corrections.")] = False,
    undo: Annotated[str | None, typer.Option(help="Take this correction back.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Enter local corrections: what was measured or seen on site prevails over the data."""
    from parvis.io.corrections import list_corrections, take_corrections, undo_correction

    if (file is not None) + list_ + (undo is not None) != 1:
        raise typer.BadParameter("give one of FILE, --list and --undo")
    if file is not None:
        taken = take_corrections(name, file, person=by, is_check=check)
        counts = {"added": len(taken.added), "known": len(taken.known), "blank": taken.n_blank}
        if as_json:
            typer.echo(json.dumps(counts | {"stored": not check}))
            return
        done = "would be added" if check else "added"
        typer.echo(
            f"{counts['added']} corrections {done}, {counts['known']} known already, "
            f"{counts['blank']} rows not filled in."
        )
    elif undo is not None:
        back = undo_correction(name, undo, person=by)
        typer.echo(json.dumps({"undone": back.id}) if as_json else f"Taken back: {back.id}.")
    if list_:
        rows = list_corrections(name)
        if as_json:
            typer.echo(json.dumps({"corrections": rows}, ensure_ascii=False, indent=2))
            return
        for row in rows:
            value = "" if row["value_m"] is None else f" {row['value_m']:g} m"
            there = "" if row["is_there"] else " (not there)"
            conflict = f"  CONFLICT: {row['conflict']}" if row["conflict"] else ""
            typer.echo(
                f"{row['id'][:8]}  {row['kind']}{value}{there}  {row['osm'] or 'new'}  "
                f"{row['method']}, grade {row['grade']}, {row['person']}, {row['date']}{conflict}"
            )
        if not rows:
            typer.echo("No corrections yet. Print a list to measure: parvis survey-sheet")
