"""Presses on one bot, with all figures: what the harness compares, to look into.

    .venv/bin/python -m benchmarks.presses [--bot usual] [--quick] [--set OTEL_SDK_DISABLED=true]

It starts servers and services of its own, every one a process, and is the Telegram of the bot.
"""

import click
import msgspec

from benchmarks.harness.child import Given, run_fast
from benchmarks.harness.load import Clocks
from benchmarks.presses.measuring import LEVELS
from benchmarks.presses.roles import pressing_ours, pressing_usual


@click.command()
@click.option("--bot", type=click.Choice(["ours", "usual"]), default="ours", show_default=True)
@click.option("--quick", is_flag=True)
@click.option("--set", "settings", multiple=True, help="NAME=VALUE, for our services.")
def main(bot: str, quick: bool, settings: tuple[str, ...]) -> None:
    """Measure at rest, at fixed rates and at saturation."""
    options = dict(each.split("=", 1) for each in settings)
    run_fast(_run(bot, options, quick=quick))


async def _run(bot: str, options: dict[str, str], *, quick: bool) -> None:
    levels = [level.shorter() if quick else level for level in LEVELS]
    role = pressing_usual if bot == "usual" else pressing_ours
    async with role(Given({}, options)) as pressing:
        found = await pressing.measure(levels, Clocks({}))
    rounded = {name: round(value, 2) for name, value in found.items()}
    click.echo(msgspec.json.format(msgspec.json.encode(rounded)).decode())


if __name__ == "__main__":
    main()
