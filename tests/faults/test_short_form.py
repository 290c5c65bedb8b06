"""The fault matrix in short: three seeds, a part of all faults each; in full: `make faults`."""

import shutil
import tempfile
from pathlib import Path

import click
import pytest

from tests.faults import report
from tests.faults.run import Order, run
from tests.faults.schedule import SHORT

SECONDS = 45.0
PEOPLE = 10
SEEDS = (12, 15, 50)
"""Together they kill every service and every server, and have a fault of almost each kind."""


@pytest.mark.timeout(600)  # starting and stopping included, on two crowded processors
@pytest.mark.parametrize("seed", SEEDS)
async def test_promises_are_kept_under_faults(seed: int) -> None:
    order = Order(seed, SECONDS, PEOPLE, pause=(0.3, 1.2), pace=SHORT)
    # Not the fixture `scratch`: the logs of a run that broke a promise have to stay.
    place = Path(tempfile.mkdtemp(prefix="switchboard-faults-"))
    click.echo("\n".join(["", f"seed {seed}, in {place}:", *map(str, order.faults)]))
    outcome = await run(order, place)
    report.write(outcome, place / "faults.json")
    click.echo(report.in_words(outcome))
    assert outcome.verdict.broken == [], f"seed {seed}; the logs: {place / 'logs'}"
    shutil.rmtree(place)
