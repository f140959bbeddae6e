"""``parvis assess``: answer a framework's questions about a subject, and see what follows."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from parvis.cli import assess_exchange as exchange
from parvis.cli.approach import keys, progress_line
from parvis.cli.assess_exchange import File, Json, print_document
from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

app = typer.Typer(
    no_args_is_help=True,
    help="Answer a framework's questions about a place, plan or team, and see what follows.",
    add_completion=False,
)


@app.command("list", epilog="Example: parvis assess list")
def list_(as_json: Json = False) -> None:
    """List the frameworks: yours and those of Parvis."""
    from dataclasses import asdict

    from parvis.io.home import home_directory
    from parvis.packs.frameworks import frameworks

    found = frameworks(home_directory())
    if as_json:
        print_document({"frameworks": [asdict(each) for each in found]})
        return
    for each in found:
        own = ", your own" if each.is_own else ""
        typer.echo(f"{each.short_id:<26} {each.n_questions:>4} questions  {each.name}{own}")


@app.command(
    epilog='Example: parvis assess new site-vulnerability --subject "Market Square" '
    "--attribute capacity=1200"
)
def new(
    framework: Annotated[str, typer.Argument(help="Short name of a framework.")],
    subject: Annotated[str, typer.Option(help="What is assessed, by name.")],
    attribute: Annotated[
        list[str] | None,
        typer.Option(help="Fact of the subject, as KEY=VALUE; may be repeated."),
    ] = None,
    ref: Annotated[str, typer.Option(help="What the subject is known by elsewhere.")] = "",
    output: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    as_json: Json = False,
) -> None:
    """Begin an assessment: write its file, without answers."""
    from parvis.assessment import Assessment, Subject
    from parvis.io.assessment_file import SUFFIX, AssessmentFile, write_assessment
    from parvis.io.assessment_options import attributes_from
    from parvis.io.home import home_directory
    from parvis.io.submission_reading import entry_key
    from parvis.packs.frameworks import load_framework
    from parvis.report.assessment_text import unchecked_said

    found = load_framework(framework, home=home_directory())
    facts = attributes_from(attribute or [], found)
    about = Subject(found.subject, subject, facts, ref)
    path = output or Path(f"{entry_key(subject)}-{found.short_id}{SUFFIX}")
    write_assessment(path, AssessmentFile(Assessment(found, about), found.marking), new=True)
    missing = [each for each in found.attributes if each.key not in facts]
    if as_json:
        print_document({"file": str(path), "missing_attributes": [each.key for each in missing]})
        return
    typer.echo(f"Wrote {path}  TLP:{found.marking}")
    if not found.is_verified:
        typer.echo(f"  {unchecked_said()}")
    for each in missing:
        typer.echo(f"  Not known yet: --attribute {each.key}=…  {each.name}")


@app.command(epilog="Example: parvis assess answer square.assessment.json ns1@night/women partly")
def answer(
    file: File,
    question: Annotated[str, typer.Argument(help="Question, with @ and its block or row.")],
    value: Annotated[
        str | None,
        typer.Argument(help="Key, number, LOW..HIGH, date, text, or keys with spaces between."),
    ] = None,
    assessor: Annotated[str, typer.Option(help="Who answers.")] = "assessor",
    settle: Annotated[
        bool, typer.Option("--settle", help="Record what several assessors settled on.")
    ] = False,
    note: Annotated[str, typer.Option(help="Reason or remark.")] = "",
    unknown: Annotated[
        str | None, typer.Option(metavar="BECAUSE", help="It cannot be said, because …")
    ] = None,
    not_applicable: Annotated[
        bool, typer.Option("--not-applicable", help="The question does not apply.")
    ] = False,
    evidence: Annotated[
        list[Path] | None, typer.Option(help="Photo or document to keep with it; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer a question; an earlier answer of the same assessor is replaced."""
    from parvis.io.assessment_file import answer_document, read_assessment, write_assessment
    from parvis.io.assessment_options import answered, given_answer
    from parvis.io.evidence_files import keep_evidence
    from parvis.io.home import home_directory

    kept = read_assessment(file, home=home_directory())
    said = given_answer(
        kept.assessment,
        question,
        value,
        assessor="" if settle else assessor,
        note=note,
        unknown=unknown,
        not_applicable=not_applicable,
        has_evidence=bool(evidence),
        when=dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
    files, photos = keep_evidence(file, evidence or [])
    done = answered(kept, said, files, photos)
    write_assessment(file, done)
    if as_json:
        print_document(answer_document(done.assessment.answers[-1]))
        return
    typer.echo(f"{said.item}: {value or said.state}")


@app.command(epilog='Example: parvis assess fill square.assessment.json oldtown "Market Square"')
def fill(
    file: File,
    name: CityName,
    space: Space = None,
    area: Area = None,
    vehicles: Vehicles = None,
    threat: Threat = None,
    design: Design = "cautious",
    people_line: PeopleLine = None,
    assessor: Annotated[str, typer.Option(help="Who answers.")] = "assessor",
    replace: Annotated[
        bool, typer.Option("--replace", help="Answers that say something else are replaced.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer what an approach analysis knows; it is made now, and the answers name it."""
    from parvis.io.analyses import analyse_space
    from parvis.io.assessment_file import read_assessment, write_assessment
    from parvis.io.home import home_directory
    from parvis.report.computed import filled

    kept = read_assessment(file, home=home_directory())
    _city, result = analyse_space(
        name,
        space,
        area_file=area,
        vehicles=keys(vehicles),
        threat=threat,
        design=design,
        people_line=people_line,
        progress=progress_line(),
    )
    when = dt.datetime.now(dt.UTC).replace(microsecond=0)
    done = filled(kept.assessment, result, assessor=assessor, when=when, replaces=replace)
    write_assessment(file, kept.with_assessment(done.assessment))
    if as_json:
        print_document(
            {
                "run": result.provenance["run_id"],
                "taken": dict(done.taken),
                "same": list(done.same),
                "differs": {item: list(pair) for item, pair in done.differs.items()},
            }
        )
        return
    for item, value in done.taken.items():
        typer.echo(f"{item}: {value}")
    for item, (there, found) in done.differs.items():
        typer.echo(f"{item}: there {there!r}, the analysis says {found!r}; left as it is")
    if not (done.taken or done.same or done.differs):
        typer.echo("This assessment asks nothing that an analysis answers.")


@app.command(epilog='Example: parvis assess entry square.assessment.json zones "Tram stop"')
def entry(
    file: File,
    list_key: Annotated[str, typer.Argument(metavar="LIST", help="Open list of the framework.")],
    name: Annotated[str, typer.Argument(help="What the new entry is called.")],
    as_json: Json = False,
) -> None:
    """Add an entry to an open list, such as a zone of your own."""
    from parvis.io.assessment_file import read_assessment, write_assessment
    from parvis.io.assessment_options import with_entry
    from parvis.io.home import home_directory

    done, key = with_entry(read_assessment(file, home=home_directory()), list_key, name)
    write_assessment(file, done)
    if as_json:
        print_document({"list": list_key, "key": key, "name": name})
        return
    typer.echo(f"{list_key}: {name} is known as {key}")


@app.command(epilog="Example: parvis assess status square.assessment.json")
def status(file: File, as_json: Json = False) -> None:
    """Tell how far an assessment is, and what is asked next."""
    from dataclasses import asdict

    from parvis.assessment import progress, shown
    from parvis.io.assessment_file import read_assessment
    from parvis.io.home import home_directory
    from parvis.report.assessment_text import status_lines

    assessment = read_assessment(file, home=home_directory()).assessment
    found, asked = progress(assessment), shown(assessment)
    if as_json:
        there = {each.item for each in assessment.answers}
        following = [item.key for item in asked if item.key not in there]
        print_document(
            asdict(found) | {"is_complete": found.is_complete, "not_answered": following}
        )
        return
    for line in status_lines(assessment, found, asked):
        typer.echo(line)


@app.command(epilog="Example: parvis assess result square.assessment.json --as-of 2027-12-02")
def result(
    file: File,
    as_of: Annotated[
        str | None, typer.Option(help="Day for duties, as 2027-12-02; today by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell what follows: scores with their bounds, findings, duties, gaps, differences."""
    from parvis.assessment import evaluate
    from parvis.io.assessment_file import read_assessment
    from parvis.io.home import home_directory
    from parvis.report.assessment_text import result_document, result_lines

    kept = read_assessment(file, home=home_directory())
    found = evaluate(kept.assessment, on=_day(as_of))
    if as_json:
        print_document(result_document(kept.assessment, found) | {"marking": kept.marking})
        return
    for line in result_lines(kept.assessment, found):
        typer.echo(line)
    typer.echo(f"TLP:{kept.marking}")


app.command(epilog="Example: parvis assess move square.assessment.json")(exchange.move)
app.command(epilog="Example: parvis assess export square.assessment.json --to xlsform")(
    exchange.export
)
app.command("import", epilog="Example: parvis assess import square.assessment.json walk.csv.zip")(
    exchange.import_
)
app.command(
    "from-xlsform", epilog="Example: parvis assess from-xlsform walk.xlsx --output my-walk.yaml"
)(exchange.from_xlsform)


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        said = f"{text} is no day as 2027-12-02"
        raise typer.BadParameter(said, param_hint="--as-of") from None
