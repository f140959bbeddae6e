"""How assessments come and go on the command line: forms, tables, registers, newer versions."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from parvis.io.submissions import Preview

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="File of the assessment.")]
N_SHOWN = 20
UNWRITTEN = "Nothing was written; repeat with --apply."


def print_document(document: dict[str, Any]) -> None:
    """Print a document as JSON."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def move(
    file: File,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write; otherwise only tell what would change.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Move on to the newest version of the framework: first what changes; then with --apply."""
    from dataclasses import asdict

    from parvis.io.assessment_file import SUFFIX, read_assessment, write_assessment
    from parvis.io.assessment_moving import moved_on
    from parvis.io.home import home_directory
    from parvis.report.assessment_moves import move_lines

    kept = read_assessment(file, home=home_directory())
    done, steps = moved_on(kept, home=home_directory())
    stem = file.name.removesuffix(SUFFIX)
    former = file.with_name(f"{stem}-version-{steps[0].before}{SUFFIX}")
    if apply:
        write_assessment(former, kept, new=True)
        write_assessment(file, done)
    if as_json:
        document = {"steps": [asdict(step) for step in steps], "applied": apply}
        print_document(document | ({"former": str(former)} if apply else {}))
        return
    for line in move_lines(steps):
        typer.echo(line)
    typer.echo(f"Moved; the former one is kept as {former}" if apply else UNWRITTEN)


def export(
    file: File,
    to: Annotated[
        str,
        typer.Option(
            help="xlsform; answers as csv, xlsx or json; of a technology a register's entry: "
            "transparency, dutch-register or annex-viii."
        ),
    ],
    output: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    own_server: Annotated[
        bool,
        typer.Option("--own-server", help="The form goes to a server of your authority's own."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the questions as a form for phones, the answers as a table, or a register's entry."""
    from parvis.io.algorithm_register import annex_viii_text, dutch_csv, transparency_json
    from parvis.io.answer_tables import answers_csv, answers_json, answers_xlsx
    from parvis.io.assessment_file import SUFFIX, read_assessment
    from parvis.io.home import home_directory
    from parvis.io.xlsform_out import export_xlsform, needs_own_server
    from parvis.report.files import write_bytes

    writers = {"csv": answers_csv, "xlsx": answers_xlsx, "json": answers_json}
    registers = {
        "transparency": (transparency_json, "json"),
        "dutch-register": (dutch_csv, "csv"),
        "annex-viii": (annex_viii_text, "txt"),
    }
    known = ("xlsform", *writers, *registers)
    if to not in known:
        raise typer.BadParameter(f"{to} is none of {', '.join(known)}", param_hint="--to")
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
    elif to in registers:
        entry, ending = registers[to]
        content = entry(kept.assessment).encode()
        path = output or file.with_name(f"{stem}-{to}.{ending}")
    else:
        content = writers[to](kept)
        path = output or file.with_name(f"{stem}-answers.{to}")
    write_bytes(path, content)
    if as_json:
        print_document({"file": str(path), "marking": kept.marking})
        return
    typer.echo(f"Wrote {path}  TLP:{kept.marking}")


def import_(
    file: File,
    submissions: Annotated[
        Path,
        typer.Argument(
            help="CSV, XLSX, JSON or ZIP of ODK Central or KoboToolbox; or exported answers."
        ),
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
        print_document(_preview_document(seen) | {"applied": apply})
        return
    for line in _preview_lines(seen):
        typer.echo(line)
    if not apply:
        typer.echo(UNWRITTEN)
    elif seen.conflicts and not take_conflicts:
        typer.echo("What contradicts was left as it was; --take-conflicts replaces it.")


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
        print_document(
            {"file": str(path), "id": found.framework.id, "questions": n, "notes": notes}
        )
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
        f"  New in {key}: {entry.name}, known as {entry.key}" for key, entry in found.new_entries
    ]
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
        "new_entries": [
            {"list": key, "key": entry.key, "name": entry.name} for key, entry in found.new_entries
        ],
        "lapsed": [[answer.item, answer.assessor] for answer in seen.lapsed],
        "other_forms": dict(found.other_forms),
    }
