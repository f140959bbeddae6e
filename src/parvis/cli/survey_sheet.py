"""``parvis survey-sheet``: what to measure at a place, as a plan to print and a workbook."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from parvis.approach.results import ApproachResult
    from parvis.city.model import City

app = typer.Typer()


@app.command(epilog="Example: parvis survey-sheet oldtown 'Market Square' --out survey")
def survey_sheet(
    name: Annotated[str, typer.Argument(help="Name of an imported city.")],
    space: Annotated[str | None, typer.Argument(help="Id or name of a public space.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path(),
    area: Annotated[
        Path | None, typer.Option(help="Polygon file to protect instead of a public space.")
    ] = None,
    vehicles: Annotated[
        str | None, typer.Option(help="Vehicle classes, separated by commas: M1,N2B.")
    ] = None,
    threat: Annotated[
        Path | None, typer.Option(help="Threat statement of the competent authority (YAML).")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en, fr or pl.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a numbered plan with entry boxes and the workbook that `parvis correct` reads back."""
    from parvis.cli.approach import keys, progress_line
    from parvis.io.analyses import analyse_space
    from parvis.report.files import check_folder
    from parvis.report.wording import Wording

    Wording(lang)
    check_folder(out)
    city, result = analyse_space(
        name,
        space,
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        progress=progress_line(),
    )
    paths = write_survey_sheet(result, city, out, lang)
    if as_json:
        typer.echo(json.dumps({"files": [str(path) for path in paths]}))
    for path in () if as_json else paths:
        typer.echo(f"Wrote {path}")


def write_survey_sheet(
    result: "ApproachResult", city: "City", out: Path, language: str = "en"
) -> tuple[Path, Path]:
    """
    Write plan and workbook of a result.

    Returns
    -------
    tuple of Path
        ``survey-sheet.<language>.pdf`` and ``survey-sheet.xlsx`` in `out`.

    Raises
    ------
    UnknownLanguageError, OutputNotWritableError
    """
    from parvis.io.survey_sheet import survey_rows, survey_workbook
    from parvis.report.files import write_bytes
    from parvis.report.survey_sheet import survey_plan, survey_words

    words = survey_words(language)
    sheet = words["sheet"]
    rows = survey_rows(result, words["what"], sheet["unnamed"])
    title = f"{sheet['title']}: {result.space_name or result.space_id}"
    plan = survey_plan(result, city, language)
    book = survey_workbook(rows, words["columns"], title, sheet["guide"])
    return (
        write_bytes(out / f"survey-sheet.{language}.pdf", plan),
        write_bytes(out / "survey-sheet.xlsx", book),
    )
