"""``parvis indicators example|remove``: a fictional town's figures, and deliveries taken back."""

import json
from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.indicator_data import Json


def example(
    directory: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="Where files to try are written.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same number gives the same figures.")] = 1,
    size: Annotated[str, typer.Option(help="Of the town: small, medium or large.")] = "small",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the figures as deliveries besides.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a fictional town's districts, statistics, incidents and surveys, with mappings."""
    from parvis.io.example_data import save_example, write_example

    files = write_example(directory, seed=seed, size=size)
    kept = save_example(seed=seed, size=size) if keep else ()
    if as_json:
        document = {"files": [str(each) for each in files], "deliveries": [e.id for e in kept]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for each in files:
        typer.echo(str(each))
    for delivery in kept:
        typer.echo(f"Kept as delivery {delivery.id}: {delivery.n} observations, {delivery.note}")


def remove(
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="As 2026-03-01-1.")],
    undo: Annotated[bool, typer.Option("--undo", help="Put a removed delivery back.")] = False,
) -> None:
    """Take a delivery out of use; its files stay, and --undo puts it back."""
    from parvis.io.observation_removal import bring_delivery_back, set_delivery_aside

    if undo:
        bring_delivery_back(delivery)
        typer.echo(f"Delivery {delivery} is in use again.")
        return
    set_delivery_aside(delivery)
    typer.echo(f"Delivery {delivery} is out of use; --undo puts it back.")
