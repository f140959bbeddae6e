"""``parvis indicators``: bring indicators in and together, and tell how sure the result is."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.from_city import from_city
from parvis.cli.indicator_areas import convert_areas
from parvis.cli.indicator_dashboard import show
from parvis.cli.indicator_data import compute, import_file, list_indicators
from parvis.cli.indicator_deliveries import example, remove
from parvis.cli.indicator_publishing import publish
from parvis.cli.indicator_reconciling import reconcile

if TYPE_CHECKING:
    from enum import StrEnum
    from typing import TypeVar

    from parvis.indicators.composite.choices import Choices
    from parvis.indicators.composite.pipeline import Prepared
    from parvis.indicators.composite.situations import Situation
    from parvis.io.indicator_tables import IndicatorTable

    W = TypeVar("W", bound=StrEnum)

app = typer.Typer(
    no_args_is_help=True,
    help="Bring values of indicators in and together, and tell how sure the result is.",
    add_completion=False,
)
app.command("import", epilog="Example: parvis indicators import police.csv --mapping police.json")(
    import_file
)
app.command("list", epilog="Example: parvis indicators list --core")(list_indicators)
app.command(epilog="Example: parvis indicators compute --indicator SEC-04 --period 2025")(compute)
app.command(
    "from-city",
    epilog="Example: parvis indicators from-city tessenmark --population grid.gpkg --write",
)(from_city)
app.command(epilog="Example: parvis indicators show --area city --period 2025 --base 2020")(show)
app.command(
    epilog="Example: parvis indicators publish --indicator SEC-02 --period 2025 --out figures.csv"
)(publish)
app.command(epilog="Example: parvis indicators example try-out --keep")(example)
app.command(epilog="Example: parvis indicators remove 2026-03-01-1")(remove)
app.command(epilog="Example: parvis indicators reconcile published.csv --weights weights.csv")(
    reconcile
)
app.command(
    "convert-areas", epilog="Example: parvis indicators convert-areas --weights weights.csv --write"
)(convert_areas)
Data = Annotated[Path, typer.Argument(metavar="DATA.csv", help="Values, a row for each unit.")]
Meta = Annotated[
    Path, typer.Argument(metavar="META.csv", help="What the values belong to, and their direction.")
]
Impute = Annotated[
    str,
    typer.Option(help="Fill gaps: none, mean, median, group-mean, group-median, carry-forward."),
]
Group = Annotated[str, typer.Option(help="Column whose groups fill each other's gaps.")]
Screen = Annotated[
    float, typer.Option(min=0, max=1, help="Share of values a unit must have to be kept.")
]
Treat = Annotated[
    int, typer.Option(min=0, max=100, help="Outlying values to draw in at most; 0 leaves all.")
]
Normalise = Annotated[
    str,
    typer.Option(help="goalposts, distance-to-target, base-year, ampi, min-max, z-score, …"),
]
Aggregate = Annotated[
    str, typer.Option(help="arithmetic, geometric, harmonic, generalised, ampi or copeland.")
]
Overall = Annotated[
    str | None, typer.Option(help="Make one number of the blocks, by this mean; off by default.")
]
Base = Annotated[str, typer.Option(help="Base period for base-year and ampi; the first if none.")]
Cities = Annotated[
    bool, typer.Option("--cities", help="Units are cities of a network, not districts of one.")
]
Headline = Annotated[
    bool, typer.Option("--headline", help="Refuse methods that are for exploration only.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT = "goalposts"


@app.command(
    epilog="Example: parvis indicators composite districts.csv tree.csv --normalise goalposts"
)
def composite(
    data: Data,
    meta: Meta,
    impute: Impute = "none",
    group: Group = "",
    screen: Screen = 0.0,
    treat: Treat = 0,
    normalise: Normalise = DEFAULT,
    aggregate: Aggregate = "arithmetic",
    overall: Overall = None,
    base: Base = "",
    cities: Cities = False,
    headline: Headline = False,
    as_json: Json = False,
) -> None:
    """Score themes and blocks, with the share of data behind them; no overall number by default."""
    from parvis.indicators.composite import composite as score
    from parvis.io.indicator_tables import read_indicators
    from parvis.report.composite_text import composite_document, composite_lines

    table = read_indicators(data, meta)
    ready = _prepared(table, impute, group, screen, treat, normalise, aggregate, overall, base)
    result = score(
        ready.values,
        table.tree,
        ready.rows,
        method=ready.method,
        unavailable=table.unavailable[ready.kept],
        situation=_situation(ready, cities=cities),
        is_headline=headline,
    )
    names = [table.names[row] for row in ready.kept]
    if as_json:
        document = composite_document(result, names, ready.notices)
        document["imputed"] = [
            {"unit": ready.rows.units[r], "period": ready.rows.periods[r], "indicator": key}
            for r, row in enumerate(ready.imputed)
            for key, is_imputed in zip(table.tree.keys, row, strict=False)
            if is_imputed
        ]
        _print(document)
        return
    for line in composite_lines(result, names, ready.notices):
        typer.echo(line)
    if ready.imputed.any():
        typer.echo(f"Values filled in: {int(ready.imputed.sum())}")


@app.command(
    epilog="Example: parvis indicators sensitivity districts.csv tree.csv --errors errors.csv"
)
def sensitivity(
    data: Data,
    meta: Meta,
    errors: Annotated[
        Path | None, typer.Option(help="CSV with the errors of values: counts, shares, means.")
    ] = None,
    replicates: Annotated[
        Path | None, typer.Option(help="CSV with draws of values, as from a bootstrap.")
    ] = None,
    node: Annotated[
        str, typer.Option(help="Theme, block or overall number to look at; the top one if none.")
    ] = "",
    target: Annotated[
        str, typer.Option(help="What the shares are of: ranks, or a unit for its score.")
    ] = "",
    vary: Annotated[
        str,
        typer.Option(
            help="Choices to vary: plausible, none, or some of missing, treatment, normalisation, "
            "weights, aggregation, omission, with commas between."
        ),
    ] = "plausible",
    draws: Annotated[int, typer.Option(min=8, max=16384, help="Draws of each kind.")] = 1024,
    seed: Annotated[int, typer.Option(min=0, help="Seed; the same one gives the same draws.")] = 0,
    impute: Impute = "none",
    group: Group = "",
    screen: Screen = 0.0,
    treat: Treat = 0,
    normalise: Normalise = DEFAULT,
    aggregate: Aggregate = "arithmetic",
    overall: Overall = None,
    base: Base = "",
    cities: Cities = False,
    coinr: Annotated[
        bool, typer.Option("--coinr", help="Estimate shares as COINr does, for comparison.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell how sure scores are, from errors of data and choices of method, and what to blame."""
    import numpy as np

    from parvis.indicators.composite import sensitivity as blame
    from parvis.indicators.composite import uncertainty
    from parvis.indicators.composite.uncertainty import RANKS
    from parvis.io.indicator_tables import read_errors, read_indicators, read_replicates
    from parvis.report.composite_text import uncertainty_document, uncertainty_lines

    table = read_indicators(data, meta)
    ready = _prepared(table, impute, group, screen, treat, normalise, aggregate, overall, base)
    kept = table.keeping(ready.rows)
    given = [*read_errors(errors, kept, ready.values)] if errors else []
    if replicates:
        given.append(read_replicates(replicates, kept))
    choices = _choices(vary, ready)
    shared: dict[str, Any] = {
        "method": ready.method,
        "errors": given,
        "choices": choices,
        "seed": seed,
        "unavailable": table.unavailable[ready.kept],
        "situation": _situation(ready, cities=cities),
    }
    result = uncertainty(ready.values, table.tree, ready.rows, n_draws=draws, **shared)
    key = node or result.keys[-1]
    result.of(key)
    scored = [
        label
        for label, p in zip(ready.rows.labels, result.of(key).T, strict=True)
        if not np.isnan(p).all()
    ]
    indices = None
    if scored:
        default = RANKS if ready.rows.n_units > 1 else scored[-1]
        indices = blame(
            ready.values,
            table.tree,
            ready.rows,
            key,
            target=target or default,
            n_draws=draws,
            coinr_compat=coinr,
            **shared,
        )
    if as_json:
        _print(uncertainty_document(result, key, indices, ready.notices))
        return
    for line in uncertainty_lines(result, key, indices, ready.notices):
        typer.echo(line)


def _prepared(
    table: "IndicatorTable",
    impute: str,
    group: str,
    screen: float,
    treat: int,
    normalise: str,
    aggregate: str,
    overall: str | None,
    base: str,
) -> "Prepared":
    from parvis.indicators.composite import Aggregation, Imputation, Normalisation
    from parvis.indicators.composite.pipeline import prepare_values

    if group and group not in table.groups:
        known = ", ".join(table.groups) or "none, as the table has no column of groups"
        raise typer.BadParameter(f"{group} is none of {known}", param_hint="--group")
    return prepare_values(
        table.values,
        table.tree,
        table.rows,
        denominators=table.denominators,
        imputation=_word(Imputation, impute, "--impute"),
        groups=table.groups[group] if group else (),
        least_available=screen,
        normalisation=_word(Normalisation, normalise, "--normalise"),
        aggregation=_word(Aggregation, aggregate, "--aggregate"),
        overall=_word(Aggregation, overall, "--overall") if overall else None,
        most_winsorised=treat,
        base_period=base,
    )


def _situation(ready: "Prepared", *, cities: bool) -> "Situation":
    from parvis.indicators.composite import situation_of

    return situation_of(ready.rows, are_cities=cities)


def _choices(vary: str, ready: "Prepared") -> "Choices | None":
    import numpy as np

    from parvis.indicators.composite.choices import chosen_factors, plausible_choices

    if vary == "none":
        return None
    asked = [word.strip() for word in vary.split(",")]
    choices = plausible_choices(
        ready.method,
        has_gaps=bool(np.isnan(ready.values).any()),
        varies_normalisation="normalisation" in asked,
    )
    if vary == "plausible":
        return choices
    known = ("missing", "treatment", "normalisation", "weights", "aggregation", "omission")
    for word in asked:
        if word not in known:
            raise typer.BadParameter(f"{word} is none of {', '.join(known)}", param_hint="--vary")
    return chosen_factors(choices, asked)


def _word(kind: "type[W]", value: str, option: str) -> "W":
    known = [each.value for each in kind]
    if value not in known:
        raise typer.BadParameter(f"{value} is none of {', '.join(known)}", param_hint=option)
    return kind(value)


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
