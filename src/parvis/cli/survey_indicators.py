"""``parvis survey indicators``: a survey's file and a map of its questions become indicators."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.indicator_data import MOST_SHOWN, Json, day_of

if TYPE_CHECKING:
    from parvis.io.survey_indicators import SurveyPreview
    from parvis.packs.indicators import Catalogue


def indicators(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV, XLSX or SPSS (.sav); or submissions of the module's form."
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="JSON that says which column answers which question.")
    ] = None,
    draft: Annotated[
        Path | None, typer.Option(help="Write such a map to fill in, and stop.")
    ] = None,
    submissions: Annotated[
        bool, typer.Option("--submissions", help="FILE is what ODK or Kobo give out.")
    ] = False,
    received: Annotated[str, typer.Option(help="Day of the delivery, as 2026-03-01; today.")] = "",
    note: Annotated[str, typer.Option(help="What to know of this delivery.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Keep it; without, only look.")] = False,
    without_rejected: Annotated[
        bool, typer.Option("--without-rejected", help="Leave out the rows rejected.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Estimate all indicators that a survey's answers give, and keep them with their covariance."""
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.survey_indicators import preview_survey, write_survey
    from parvis.io.survey_map import draft_survey_map, read_survey_map
    from parvis.io.survey_submissions import read_survey_submissions
    from parvis.io.survey_table import read_survey
    from parvis.packs.questions import question_module

    module = question_module()
    if draft is not None:
        table = read_survey_submissions(file, module) if submissions else read_survey(file)
        text = json.dumps(draft_survey_map(table, module), ensure_ascii=False, indent=1)
        draft.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"Written: {draft}. Fill in the period, and what stands as ?.")
        return
    if mapping is None:
        raise typer.BadParameter("give a map, or --draft to begin one", param_hint="--mapping")
    day, catalogue = day_of(received), catalogue_of()
    columns = read_survey_map(mapping, module)
    found = preview_survey(
        file,
        columns,
        catalogue,
        received=day,
        table=read_survey_submissions(file, module) if submissions else None,
    )
    if not as_json:
        for line in _lines(found, catalogue):
            typer.echo(line)
    kept = None
    if write:
        kept = write_survey(found, received=day, note=note, without_rejected=without_rejected)
    if as_json:
        document = _document(found) | {"delivery": kept.id if kept else None}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif kept:
        typer.echo(f"Kept as delivery {kept.id}: {kept.n} observations")


def _document(found: "SurveyPreview") -> dict[str, Any]:
    from parvis.report.messages import fill

    return {
        "file": found.file,
        "rows": found.n_rows,
        "rejected": [
            {"row": each.row, "column": each.column, "code": each.code,
             "detail": fill(each.code, each.details)}
            for each in found.rejected
        ],
        "indicators": [
            {"indicator": each.indicator, "area": each.area, "split": each.split,
             **each.estimate.to_json()}
            for each in (found.found.figures if found.found else ())
        ],
        "asides": [
            {"indicator": each.indicator, "what": each.what, **each.estimate.to_json()}
            for each in (found.found.asides if found.found else ())
        ],
        "not_asked": list(found.found.not_asked) if found.found else [],
    }  # fmt: skip


def _lines(found: "SurveyPreview", catalogue: "Catalogue") -> list[str]:
    from parvis.report.messages import fill

    rejected = [fill(each.code, each.details) for each in found.rejected]
    lines = [f"{found.file}: {found.n_rows} rows used, {len(rejected)} rejected"]
    lines += [f"  {text}" for text in rejected[:MOST_SHOWN]]
    if len(rejected) > MOST_SHOWN:
        lines.append(f"  {len(rejected) - MOST_SHOWN} more; --json lists all")
    if found.found is None:
        return lines
    for each in found.found.figures:
        if each.split or each.area != found.mapping.area:
            continue
        unit = catalogue.units[catalogue.indicators[each.indicator].unit]
        estimate = each.estimate
        told = "not shown"
        if estimate.value is not None:
            told = f"{estimate.value:.1f} {unit}"
            if estimate.low is not None and estimate.high is not None:
                told += f" ({estimate.low:.1f} to {estimate.high:.1f})"
        lines.append(f"  {each.indicator}  {told}  n {estimate.n}")
    for aside in found.found.asides:
        if aside.estimate.value is not None:
            said = _ASIDES[aside.what]
            lines.append(f"  {aside.indicator}, {said}: {aside.estimate.value:.1f} %")
    n_parts = sum(1 for each in found.found.figures if each.split)
    n_areas = len({each.area for each in found.found.figures} - {found.mapping.area})
    lines.append(f"  and {n_parts} values by group, {n_areas} areas")
    if found.found.not_asked:
        lines.append(f"  Not asked: {', '.join(found.found.not_asked)}")
    return lines


_ASIDES = {"going_out": "only those who go out", "never_going_out": "never go out"}


def form(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="XLSForm to write.")],
    title: Annotated[str, typer.Option(help="Title of the form.")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="District to choose, as CODE=NAME; may be repeated.")
    ] = None,
    help_line: Annotated[
        str, typer.Option(help="Whom to call after hard questions: name and number.")
    ] = "",
    without: Annotated[
        list[str] | None,
        typer.Option(help="Optional question to leave out, such as D5; may be repeated."),
    ] = None,
) -> None:
    """Write the questions on safety as a form for ODK Collect, KoboToolbox or Enketo."""
    from parvis.io.store import disk_errors
    from parvis.io.survey_form import survey_form
    from parvis.packs.questions import question_module

    module = question_module()
    optional = [key for key, question in module.questions.items() if question.optional]
    for key in without or ():
        if key not in optional:
            problem = f"{key} is none of {', '.join(optional)}"
            raise typer.BadParameter(problem, param_hint="--without")
    areas = []
    for each in area or ():
        code, sign, name = each.partition("=")
        if not code or not sign or not name or any(sign.isspace() for sign in code):
            problem = f"{each} is not CODE=NAME, the code without spaces"
            raise typer.BadParameter(problem, param_hint="--area")
        areas.append((code, name))
    book = survey_form(module, title=title, areas=areas, help_line=help_line, without=without or ())
    with disk_errors(out.parent):
        out.write_bytes(book)
    typer.echo(f"Written: {out}, {len(module.entries)} questions, {len(module.rules)} indicators")
