"""``parvis indicators show``: how an area is doing, both halves side by side."""

import json
import shutil
from datetime import UTC, datetime
from typing import Annotated

import typer


def show(
    area: Annotated[str, typer.Option(help="Code of the city or of one of its areas.")],
    period: Annotated[str, typer.Option(help="Values are the last ones up to its end, as 2025.")],
    base: Annotated[
        str, typer.Option(help="Period with which changes are told; scores are 100 there.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show six blocks by theme, records beside what people say, each value with its error."""
    from parvis.indicators.dashboard import dashboard
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observations import current_observations, joint_errors
    from parvis.io.theme_files import themes_of
    from parvis.report.dashboard_text import dashboard_document, dashboard_lines

    table, known, themes = current_observations(), catalogue_of(), themes_of()
    areas = table.vocabularies["area"]
    if area not in areas:
        listed = ", ".join(areas[:20]) or "none yet"
        problem = f"{area} has no observations; areas that have: {listed}"
        raise typer.BadParameter(problem, param_hint="--area")
    found = dashboard(
        table,
        known,
        themes,
        area=area,
        period=period,
        base_period=base or None,
        today=datetime.now(UTC).date(),
        joint=joint_errors(),
    )
    if as_json:
        document = dashboard_document(found, known, themes)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    width = max(shutil.get_terminal_size((120, 24)).columns, 80)
    for line in dashboard_lines(found, known, themes, width=width):
        typer.echo(line)
