"""
The command line: one module per noun, each command a few lines over the library.

Modules import the library inside their functions, so that ``parvis --help`` stays quick.
"""

import errno
import hashlib
import json
import logging
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from parvis.errors import ParvisError

COMMANDS = {
    "city": "parvis.cli.city",
    "spaces": "parvis.cli.spaces",
    "approach": "parvis.cli.approach",
    "closure": "parvis.cli.closure",
    "stock": "parvis.cli.stock",
    "what-if": "parvis.cli.what_if",
    "report": "parvis.cli.report",
    "screen": "parvis.cli.screen",
    "variant": "parvis.cli.variant",
    "survey-sheet": "parvis.cli.survey_sheet",
    "correct": "parvis.cli.correct",
    "layout": "parvis.cli.layout",
    "rating": "parvis.cli.rating",
    "assess": "parvis.cli.assess",
    "survey": "parvis.cli.survey",
    "indicators": "parvis.cli.indicators",
    "incidents": "parvis.cli.incidents",
    "packs": "parvis.cli.packs",
    "town": "parvis.cli.town",
    "serve": "parvis.cli.serve",
    "web": "parvis.cli.web",
}
EXIT_CODES = {"input": 3, "limits": 4, "internal": 70}


class LazyGroup(TyperGroup):
    """Loads a command's module when the command is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of work, not of the alphabet."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of `cmd_name`."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Plan and evaluate the security of public spaces, and keep them open.",
)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
    verbose: bool = typer.Option(False, "--verbose", help="Log what is being done to stderr."),
) -> None:
    """Plan and evaluate the security of public spaces, and keep them open."""
    if version:
        from parvis import __version__

        typer.echo(__version__)
        raise typer.Exit
    if verbose:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)


def keep_kernels() -> None:
    """
    Have compiled kernels kept under the data directory.

    Numba does not notice changes in what a kernel calls, so the folder is named after the state of
    all kernel sources. An environment that names a folder of its own is left alone.
    """
    from parvis.io.home import home_directory

    sources = sorted((Path(__file__).parents[1]).glob("*/*.py"))
    state = "".join(f"{path.name}{path.stat().st_mtime_ns}" for path in sources)
    digest = hashlib.sha256(state.encode()).hexdigest()[:12]
    folder = home_directory() / "kernels" / digest
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))


def main() -> None:
    """Run the command line; user errors are one sentence and an exit code by family.

    With ``--json`` they are an object on stderr, wrong options included.
    """
    from parvis.errors import ParvisError

    if not {"--help", "--version"} & set(sys.argv):
        keep_kernels()
    as_json = "--json" in sys.argv
    try:
        left = app(standalone_mode=not as_json)
        raise SystemExit(left if isinstance(left, int) else 0)
    except typer.Abort:
        raise SystemExit(1) from None
    except TyperException as problem:
        document = {"code": "usage", "family": "input", "detail": problem.format_message()}
        typer.echo(json.dumps(document), err=True)
        raise SystemExit(problem.exit_code) from None
    except ParvisError as error:
        refuse(error, as_json=as_json)
    except OSError as problem:
        # Compiled kernels are written by Numba, which lets a full disk through.
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        from parvis.io.home import home_directory
        from parvis.io.store import DiskFullError

        refuse(DiskFullError(file=problem.filename or str(home_directory())), as_json=as_json)


def refuse(error: "ParvisError", *, as_json: bool) -> NoReturn:
    """Say on stderr what is wrong and leave with the exit code of the error's family."""
    from parvis.errors import Family
    from parvis.report.messages import describe

    sentence = describe(error)
    if as_json:
        document = {"code": error.code, "family": error.family.value, "detail": sentence}
        typer.echo(json.dumps(document), err=True)
    else:
        typer.echo(f"parvis: {sentence}", err=True)
    if error.family is Family.INTERNAL:
        traceback.print_exc()
    raise SystemExit(EXIT_CODES[error.family.value]) from None
