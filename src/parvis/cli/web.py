"""``parvis web``: commands of the web application, such as backup or the audit's check."""

import subprocess
import sys

import typer

app = typer.Typer()


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: parvis web audit verify",
)
def web(context: typer.Context) -> None:
    """Run a command of the web application; without one, list them."""
    arguments = context.args
    if not arguments or arguments == ["--help"]:
        arguments = ["overview"]
    command = (sys.executable, "-P", "-m", "parvis_web", *arguments)
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own module
