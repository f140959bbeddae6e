"""``parvis packs``: the content that Parvis ships, and checks of content that users write."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="List, show and check content packs.", no_args_is_help=True, add_completion=False
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list", epilog="Example: parvis packs list --json")
def list_packs(
    as_json: AsJson = False,
    with_templates: Annotated[
        bool, typer.Option("--templates", help="With frameworks whose texts are to be loaded.")
    ] = False,
) -> None:
    """List the packs: id, kind, version and status; frameworks of your own among them."""
    from dataclasses import asdict

    from parvis.io.home import home_directory
    from parvis.io.indicator_files import own_catalogue
    from parvis.packs import broken_frameworks, frameworks, pack_summaries
    from parvis.report.messages import describe

    for error in broken_frameworks(home_directory()):
        typer.echo(f"parvis: {describe(error)}", err=True)
    packs = [asdict(pack) for pack in pack_summaries()]
    for each in frameworks(home_directory(), with_templates=with_templates):
        row = {"id": each.id, "kind": "framework", "version": each.version, "status": each.status}
        packs.append({**row, "title": each.name, "is_own": each.is_own, "texts": each.texts})
    own = own_catalogue()
    if own is not None:
        row = {"id": own.id, "kind": own.pack, "version": own.version, "status": own.status}
        packs.append({**row, "title": own.source.title, "is_own": True})
    if as_json:
        typer.echo(json.dumps({"packs": packs}, ensure_ascii=False, indent=2))
        return
    for pack in packs:
        head = f"{pack['id']:<40} version {pack['version']:<3} {pack['status']:<9}"
        typer.echo(f"{head} {pack['title']}")


@app.command(epilog="Example: parvis packs show vehicle-classes")
def show(
    name: Annotated[str, typer.Argument(help="Id, kind, or name of a framework.", metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """Show a pack's content, with what each value rests on."""
    from parvis.io.home import home_directory
    from parvis.io.indicator_files import own_catalogue, own_text
    from parvis.packs import (
        find_pack,
        framework_names,
        framework_text,
        load_framework,
        pack_text,
    )

    home = home_directory()
    own = own_catalogue(home)
    if own is not None and name == own.id:
        text = own.model_dump_json(indent=2, exclude_defaults=True)
        typer.echo(text if as_json else own_text(home), nl=as_json)
        return
    if name.removeprefix("urn:parvis:framework:") in framework_names(home):
        if as_json:
            framework = load_framework(name, home=home)
            typer.echo(framework.model_dump_json(indent=2, by_alias=True, exclude_defaults=True))
        else:
            typer.echo(framework_text(name, home=home), nl=False)
        return
    pack = find_pack(name)
    typer.echo(pack.model_dump_json(indent=2) if as_json else pack_text(pack.pack), nl=as_json)


@app.command(epilog="Example: parvis packs check threat-2026.yaml")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Pack files; none: the packs of Parvis.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check pack files; every mistake is named with its file, line and key."""
    from dataclasses import asdict

    from parvis.cli import EXIT_CODES
    from parvis.io.packs import check_pack
    from parvis.packs import PackError, frameworks, pack_summaries
    from parvis.report.messages import describe

    rows: list[dict[str, object]] = []
    if not paths:
        rows = [{"file": "", "ok": True, **asdict(pack)} for pack in pack_summaries()]
        for each in frameworks(with_templates=True):
            rows.append({"file": "", "ok": True, "kind": "framework", **asdict(each)})
    for path in paths or ():
        try:
            rows.append({"file": str(path), "ok": True, **asdict(check_pack(path))})
        except PackError as error:
            what = {"code": error.code, "detail": describe(error)}
            rows.append({"file": str(path), "ok": False, **what})
    if as_json:
        typer.echo(json.dumps({"packs": rows}, ensure_ascii=False, indent=2))
    for row in rows if not as_json else ():
        if row["ok"]:
            typer.echo(f"{row['file'] or row['id']}: {row['kind']}, in order")
        else:
            typer.echo(f"parvis: {row['detail']}", err=True)
    if not all(row["ok"] for row in rows):
        raise typer.Exit(EXIT_CODES["input"])


@app.command(epilog="Example: parvis packs schema threat-statement > threat-statement-1.json")
def schema(kind: Annotated[str, typer.Argument(help="Kind of pack.")]) -> None:
    """Print the JSON schema of a kind of pack, for editors that check while one types."""
    from parvis.packs.schema import schema_text

    typer.echo(schema_text(kind), nl=False)


@app.command(epilog="Example: parvis packs example threat-statement > threat-2026.yaml")
def example(kind: Annotated[str, typer.Argument(help="Kind of pack.")]) -> None:
    """Print an example of a pack that users write, to copy and fill in."""
    from parvis.packs import example_text

    typer.echo(example_text(kind), nl=False)


@app.command(epilog="Example: parvis packs release frameworks/park-check.yaml")
def release(
    paths: Annotated[list[Path], typer.Argument(help="Files of frameworks, catalogues or themes.")],
) -> None:
    """Freeze frameworks and catalogues: what they say changes with a new version only."""
    from parvis.io.framework_files import release as release_framework
    from parvis.io.indicator_files import is_indicator_file, release_catalogue
    from parvis.io.theme_files import is_theme_file, release_themes

    for path in paths:
        if is_theme_file(path):
            made = release_themes(path)
        else:
            freeze = release_catalogue if is_indicator_file(path) else release_framework
            made = freeze(path)
        typer.echo(f"{made.id}, version {made.version}, is released: {made.sha256}")


@app.command("next-version", epilog="Example: parvis packs next-version frameworks/park-check.yaml")
def next_version(
    path: Annotated[Path, typer.Argument(help="File of a framework or catalogue.")],
) -> None:
    """Begin the next version of what is released; the former one is kept beside it."""
    from parvis.io.framework_files import next_version as begin
    from parvis.io.indicator_files import is_indicator_file, next_catalogue

    former = next_catalogue(path) if is_indicator_file(path) else begin(path)
    typer.echo(f"{path}: the next version is begun; the former one is kept as {former}")


@app.command("to-xlsx", epilog="Example: parvis packs to-xlsx park-check.yaml park-check.xlsx")
def to_xlsx(
    path: Annotated[Path, typer.Argument(help="File of a framework.")],
    workbook: Annotated[Path, typer.Argument(help="Workbook to write.", metavar="OUT.xlsx")],
) -> None:
    """Write a framework as a workbook, to go on in a spreadsheet."""
    from parvis.io.framework_files import read_framework_file
    from parvis.io.framework_workbook import write_framework_workbook

    write_framework_workbook(read_framework_file(path), workbook)
    typer.echo(f"{workbook} is written")


@app.command("from-xlsx", epilog="Example: parvis packs from-xlsx park-check.xlsx park-check.yaml")
def from_xlsx(
    workbook: Annotated[Path, typer.Argument(help="Workbook of a framework.")],
    path: Annotated[Path, typer.Argument(help="File to write.", metavar="OUT.yaml")],
) -> None:
    """Write the framework that a workbook holds; every mistake is named with sheet and row."""
    from parvis.io.framework_workbook_reading import read_framework_workbook
    from parvis.packs.framework_writing import framework_yaml

    text = framework_yaml(read_framework_workbook(workbook))
    path.write_text(text, encoding="utf-8")
    typer.echo(f"{path} is written")
