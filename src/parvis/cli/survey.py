"""``parvis survey``: what a sample says about everybody, and how surely."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.survey_indicators import form, indicators

if TYPE_CHECKING:
    from parvis.io.survey_request import SurveyAnswer, SurveyFigure

app = typer.Typer(
    no_args_is_help=True,
    help="Estimate from the answers of a survey, with the errors its design brings.",
    add_completion=False,
)
app.command(epilog="Example: parvis survey indicators answers.csv --mapping map.json --write")(
    indicators
)
app.command(epilog="Example: parvis survey form questions.xlsx --area D1=Market --area D2=Quay")(
    form
)
Columns = list[str] | None


@app.callback()
def survey() -> None:
    """Estimate from the answers of a survey, with the errors its design brings."""


@app.command(
    epilog="Examples:\n\n"
    "parvis survey estimate answers.csv --design weights=w,strata=district "
    "--share dark=very_safe+safe --by gender\n\n"
    "parvis survey estimate answers.sav --design weights=w,clusters=block --mean worry --json"
)
def estimate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or SPSS (.sav).")],
    design: Annotated[
        list[str],
        typer.Option(
            help="Columns of the design: weights=, strata=, clusters=A+B by stage, "
            "populations=A+B; or replicates=PREFIX*, kind=JK1, BRR, Fay or bootstrap, fay=, df=. "
            "Separated by commas; may be repeated."
        ),
    ],
    mean: Annotated[Columns, typer.Option(help="Column; may be repeated.")] = None,
    total: Annotated[Columns, typer.Option(help="Column; may be repeated.")] = None,
    share: Annotated[
        Columns, typer.Option(help="Share who said VALUE, as COLUMN=VALUE+VALUE; repeatable.")
    ] = None,
    ratio: Annotated[
        Columns, typer.Option(help="One sum over another, as COLUMN/COLUMN; may be repeated.")
    ] = None,
    quantile: Annotated[
        Columns, typer.Option(help="Quantile, as COLUMN:0.5; may be repeated.")
    ] = None,
    by: Annotated[str, typer.Option(help="Column of groups to estimate for.")] = "",
    nested: Annotated[
        bool, typer.Option("--nested", help="Clusters of different strata may share names.")
    ] = False,
    lonely: Annotated[
        str,
        typer.Option(help="Strata of one cluster: refuse, remove, certainty, adjust or average."),
    ] = "refuse",
    zero_weights: Annotated[
        str, typer.Option(help="Rows of weight zero: refuse or leave_out.")
    ] = "refuse",
    margins: Annotated[
        Path | None,
        typer.Option(help="Known totals to weight to: table of variable, value and total."),
    ] = None,
    trim: Annotated[
        float,
        typer.Option(min=0, help="Cut weights at this many times their median; 0 cuts none."),
    ] = 5.0,
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    interval: Annotated[
        str,
        typer.Option(help="Of shares: logit, xlogit, likelihood, arcsine, beta or wald."),
    ] = "logit",
    rule: Annotated[
        str, typer.Option(help="Publication rule: stricter, eurostat, nchs or none.")
    ] = "stricter",
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate means, totals, shares, ratios and quantiles from a survey file."""
    from parvis.io.survey_request import SurveyRequest, answer_survey, design_from

    request = SurveyRequest(
        design=design_from(design),
        means=mean or (),
        totals=total or (),
        shares=share or (),
        ratios=ratio or (),
        quantiles=quantile or (),
        by=by,
        nested=nested,
        lonely=lonely,
        zero_weights=zero_weights,
        margins=margins,
        trim=trim,
        level=level,
        interval=interval,
        rule=rule,
        sheet=sheet,
    )
    found = answer_survey(file, request)
    if as_json:
        typer.echo(json.dumps(_document(found, rule), ensure_ascii=False, indent=2))
        return
    for line in _lines(found):
        typer.echo(line)


def _document(found: "SurveyAnswer", rule: str) -> dict[str, Any]:
    from parvis.report.messages import fill

    figures = []
    for each in found.figures:
        document = each.estimate.to_json()
        document["notes"] = [
            {"code": note.code, "text": fill(note.code, note.details)}
            for note in each.estimate.notes
        ]
        head = {"what": each.what, "group": each.group, "verdict": each.verdict.value}
        figures.append(head | document)
    return {
        "file": found.file,
        "n_rows": found.n_rows,
        "df": found.df,
        "rule": rule,
        "estimates": figures,
    }


def _lines(found: "SurveyAnswer") -> list[str]:
    from parvis.report.messages import fill

    lines = [f"{found.file}: {found.n_rows} rows, {found.df:g} degrees of freedom"]
    width = max((len(_name(each)) for each in found.figures), default=0)
    said: dict[str, int] = {}
    for each in found.figures:
        marks = []
        for note in each.estimate.notes:
            text = fill(note.code, note.details)
            marks.append(f"[{said.setdefault(text, len(said) + 1)}]")
        told = " ".join([_figures(each), *marks])
        lines.append(f"  {_name(each):<{width}}  {told}")
    return [*lines, *(f"  [{number}] {text}" for text, number in said.items())]


def _name(figure: "SurveyFigure") -> str:
    return f"{figure.what}, {figure.group}" if figure.group else figure.what


def _figures(figure: "SurveyFigure") -> str:
    found = figure.estimate
    if found.value is None:
        return "not shown"
    told = f"{found.value:.6g}"
    if found.low is not None and found.high is not None:
        told += f"  {found.low:.6g} to {found.high:.6g}"
    told = f"({told})" if figure.verdict.value == "brackets" else told
    error = "" if found.standard_error is None else f"  error {found.standard_error:.4g}"
    return f"{told}{error}  n {found.n}"
