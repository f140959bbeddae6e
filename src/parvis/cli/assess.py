"""``parvis assess``: answer a framework's questions about a subject, and see what follows."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.approach import keys, progress_line
from parvis.cli.options import Area, CityName, Design, PeopleLine, Space, Threat, Vehicles

if TYPE_CHECKING:
    from parvis.io.submissions import Preview

app = typer.Typer(
    no_args_is_help=True,
    help="Answer a framework's questions about a place, plan or team, and see what follows.",
    add_completion=False,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="File of the assessment.")]
N_SHOWN = 20


@app.command("list", epilog="Example: parvis assess list")
def list_(as_json: Json = False) -> None:
    """List the frameworks: yours and those of Parvis."""
    from dataclasses import asdict

    from parvis.io.home import home_directory
    from parvis.packs.frameworks import frameworks

    found = frameworks(home_directory())
    if as_json:
        _print({"frameworks": [asdict(each) for each in found]})
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
    from parvis.io.submissions import entry_key
    from parvis.packs.frameworks import load_framework

    found = load_framework(framework, home=home_directory())
    facts = attributes_from(attribute or [], found)
    about = Subject(found.subject, subject, facts, ref)
    path = output or Path(f"{entry_key(subject)}-{found.short_id}{SUFFIX}")
    write_assessment(path, AssessmentFile(Assessment(found, about), found.marking), new=True)
    missing = [each for each in found.attributes if each.key not in facts]
    if as_json:
        _print({"file": str(path), "missing_attributes": [each.key for each in missing]})
        return
    typer.echo(f"Wrote {path}  TLP:{found.marking}")
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
        _print(answer_document(done.assessment.answers[-1]))
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
        _print(
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
        _print({"list": list_key, "key": key, "name": name})
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
        _print(asdict(found) | {"is_complete": found.is_complete, "not_answered": following})
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
        _print(result_document(kept.assessment, found) | {"marking": kept.marking})
        return
    for line in result_lines(kept.assessment, found):
        typer.echo(line)
    typer.echo(f"TLP:{kept.marking}")


@app.command(epilog="Example: parvis assess export square.assessment.json --to xlsform")
def export(
    file: File,
    to: Annotated[str, typer.Option(help="xlsform, csv, xlsx or json.")],
    output: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    own_server: Annotated[
        bool,
        typer.Option("--own-server", help="The form goes to a server of your authority's own."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the questions as a form for phones, or the answers as a table."""
    from parvis.io.answer_tables import answers_csv, answers_json, answers_xlsx
    from parvis.io.assessment_file import SUFFIX, read_assessment
    from parvis.io.home import home_directory
    from parvis.io.xlsform_out import export_xlsform, needs_own_server
    from parvis.report.files import write_bytes

    writers = {"csv": answers_csv, "xlsx": answers_xlsx, "json": answers_json}
    if to not in ("xlsform", *writers):
        raise typer.BadParameter(f"{to} is none of xlsform, csv, xlsx, json", param_hint="--to")
    kept = read_assessment(file, home=home_directory())
    stem = file.name.removesuffix(SUFFIX)
    if to == "xlsform":
        asks = needs_own_server(kept.marking) and kept.marking != "RED"
        if asks and not own_server and not as_json and sys.stdin.isatty():
            own_server = typer.confirm(
                f"The form is TLP:{kept.marking}. Does it go to a server of your authority's own?"
            )
        content = export_xlsform(kept.assessment, marking=kept.marking, own_server=own_server)
        path = output or file.with_name(f"{stem}-form.xlsx")
    else:
        content = writers[to](kept)
        path = output or file.with_name(f"{stem}-answers.{to}")
    write_bytes(path, content)
    if as_json:
        _print({"file": str(path), "marking": kept.marking})
        return
    typer.echo(f"Wrote {path}  TLP:{kept.marking}")


@app.command("import", epilog="Example: parvis assess import square.assessment.json walk.csv.zip")
def import_(
    file: File,
    submissions: Annotated[
        Path,
        typer.Argument(help="CSV, JSON or ZIP of ODK Central or KoboToolbox; or exported answers."),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Write; otherwise only tell what would change.")
    ] = False,
    take_conflicts: Annotated[
        bool,
        typer.Option("--take-conflicts", help="Contradicting answers replace what is there."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take answers over: first what is new, there already, or contradicts; then with --apply."""
    from parvis.io.answer_tables import read_answers
    from parvis.io.assessment_file import read_assessment, write_assessment
    from parvis.io.evidence_files import write_photos
    from parvis.io.home import home_directory
    from parvis.io.submissions import preview, take_over

    home = home_directory()
    kept = read_assessment(file, home=home)
    found = read_answers(submissions, kept, home=home)
    seen = preview(kept, found)
    if apply:
        done = take_over(kept, seen, take_conflicts=take_conflicts)
        write_photos(file, found.photos.values())
        write_assessment(file, done)
    if as_json:
        _print(_preview_document(seen) | {"applied": apply})
        return
    for line in _preview_lines(seen):
        typer.echo(line)
    if not apply:
        typer.echo("Nothing was written; repeat with --apply.")
    elif seen.conflicts and not take_conflicts:
        typer.echo("What contradicts was left as it was; --take-conflicts replaces it.")


@app.command(
    "from-xlsform", epilog="Example: parvis assess from-xlsform walk.xlsx --output my-walk.yaml"
)
def from_xlsform(
    form: Annotated[Path, typer.Argument(help="XLSForm: XLSX, XLS or CSV.")],
    output: Annotated[Path | None, typer.Option(help="File of the framework to write.")] = None,
    subject: Annotated[str, typer.Option(help="What is assessed: site, event, team, …")] = "site",
    language: Annotated[str, typer.Option(help="Language of labels that name none.")] = "en",
    publisher: Annotated[str, typer.Option(help="Who wrote the form.")] = "",
    as_json: Json = False,
) -> None:
    """Make a draft of a framework from a form; what has no counterpart is named."""
    from parvis.io.xlsform_in import read_xlsform
    from parvis.packs.framework_models import SUBJECTS
    from parvis.report.files import write_bytes
    from parvis.report.messages import fill

    if subject not in SUBJECTS:
        raise typer.BadParameter(f"accepted are {', '.join(SUBJECTS)}", param_hint="--subject")
    found = read_xlsform(form, subject=subject, language=language, publisher=publisher)
    path = output or Path(f"{found.framework.short_id}.yaml")
    write_bytes(path, found.text.encode())
    notes = [fill(note.code, dict(note.details) | {"n": note.count}) for note in found.notices]
    if as_json:
        n = len(found.framework.questions)
        _print({"file": str(path), "id": found.framework.id, "questions": n, "notes": notes})
        return
    typer.echo(f"Wrote {path}: {len(found.framework.questions)} questions, a draft to read through")
    for note in notes:
        typer.echo(f"  {note}")


def _preview_lines(seen: "Preview") -> list[str]:
    from parvis.io.submissions import answers_said
    from parvis.report.messages import fill

    found = seen.found
    lines = [
        f"{found.file}: {seen.count('new')} new answers, {seen.count('same')} there already, "
        f"{seen.count('conflict')} that contradict; {len(seen.duplicates)} submissions known before"
    ]
    for item, assessor, before, after in answers_said(seen.conflicts)[:N_SHOWN]:
        lines.append(f"  {item}, {assessor or 'settled'}: there {before!r}, brought {after!r}")
    lines += [
        f"  {answer.item}, {answer.assessor or 'settled'}: does not count until it is answered "
        "anew, since other answers do not offer what was chosen"
        for answer in seen.lapsed[:N_SHOWN]
    ]
    for problem in found.not_taken[:N_SHOWN]:
        details = {"value": problem.value, "question": problem.item} | dict(problem.details)
        lines.append(f"  Not taken: {fill(problem.code, details)}")
    for form, n in found.other_forms.items():
        lines.append(f"  {n} submissions to another form or version: {form or 'none named'}")
    return lines


def _preview_document(seen: "Preview") -> dict[str, Any]:
    from parvis.io.submissions import answers_said

    found = seen.found
    names = ("item", "assessor", "before", "after")
    return {
        "file": found.file,
        "new": seen.count("new"),
        "same": seen.count("same"),
        "duplicates": list(seen.duplicates),
        "conflicts": [dict(zip(names, row, strict=True)) for row in answers_said(seen.conflicts)],
        "not_taken": [
            {"instance": each.instance, "item": each.item, "value": each.value, "code": each.code}
            for each in found.not_taken
        ],
        "lapsed": [[answer.item, answer.assessor] for answer in seen.lapsed],
        "other_forms": dict(found.other_forms),
    }


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        said = f"{text} is no day as 2027-12-02"
        raise typer.BadParameter(said, param_hint="--as-of") from None


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
