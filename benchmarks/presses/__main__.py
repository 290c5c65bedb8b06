"""Presses on our documents bot, beside the usual bot.

    .venv/bin/python -m benchmarks.presses [--bot ours|usual] [--quick] [--json FILE]

It starts servers and services of its own, every one a process, and is the Telegram of both bots.
"""

import asyncio
import json
import os
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import click

from benchmarks.presses.measuring import Plan, measure
from benchmarks.presses.ours import ours
from benchmarks.presses.stack import Stack
from benchmarks.presses.telegram import telegram
from benchmarks.presses.usual import usual

FULL = Plan()
QUICK = Plan(rest=60, rates={50: 4.0}, saturation=4.0)


@click.command()
@click.option("--bot", "bots", multiple=True, type=click.Choice(["ours", "usual"]))
@click.option("--copies", default=2, show_default=True, help="Of the bot.")
@click.option("--quick", is_flag=True)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Where to write all figures.")
def main(bots: tuple[str, ...], copies: int, quick: bool, file: Path | None) -> None:
    """Measure at rest, at fixed rates and at saturation."""
    found = asyncio.run(_run(bots or ("ours", "usual"), copies, QUICK if quick else FULL))
    text = json.dumps(found, indent=2)
    click.echo(text)
    if file:
        file.write_text(text + "\n")


async def _run(bots: tuple[str, ...], copies: int, plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {"load": os.getloadavg()[0]}
    for name in bots:
        with tempfile.TemporaryDirectory(prefix="switchboard-presses-") as directory:
            async with (
                telegram() as api,
                _stack(name, Path(directory), api.url, copies) as stack,
            ):
                found[name] = await measure(stack, api, plan)
    return found


def _stack(name: str, directory: Path, url: str, copies: int) -> AbstractAsyncContextManager[Stack]:
    if name == "usual":
        return usual(directory, url, copies)
    return ours(directory, url, {"bot": copies})


if __name__ == "__main__":
    main()
