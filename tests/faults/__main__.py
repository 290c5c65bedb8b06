"""`python -m tests.faults`: the long form, as `make faults` runs it."""

import asyncio
import sys
import tempfile
from pathlib import Path

import click

from tests.faults import report
from tests.faults.installation import SEVERAL
from tests.faults.run import run
from tests.faults.stage import Order


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="how long faults are injected")
@click.option("--seed", default=1, show_default=True, help="decides which faults, and when")
@click.option("--people", default=20, show_default=True, help="how many chat at once")
@click.option("--directory", type=click.Path(path_type=Path), help="where data and logs go")
def main(minutes: float, seed: int, people: int, directory: Path | None) -> None:
    """Hurt a whole installation for a while; exit status 1 when a promise is broken."""
    place = directory or Path(tempfile.mkdtemp(prefix="switchboard-faults-"))
    order = Order(seed=seed, seconds=minutes * 60, people=people, copies=SEVERAL)
    click.echo(f"seed {seed}, in {place}; the faults:")
    for fault in order.faults:
        click.echo(f"  {fault}")
    outcome = asyncio.run(run(order, place))
    record = place / "faults.json"
    report.write(outcome, record)
    click.echo(report.in_words(outcome))
    click.echo(f"the record: {record}; the logs: {place / 'logs'}")
    sys.exit(0 if outcome.is_good else 1)


if __name__ == "__main__":
    main()
