"""The fault matrix in short: three seeds, a part of all faults each; in full: `make faults`."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.faults import report
from tests.faults.installation import FEW
from tests.faults.run import run
from tests.faults.schedule import SHORT
from tests.faults.shown import PROPERTY
from tests.faults.stage import Order

SECONDS = 45.0
PEOPLE = 10
SEEDS = (3000, 5791, 460)
"""Together they kill every server and every service that changes or tells anything, and have almost
each fault; the first pause, which is long, is that of a bot, of Redis and of PostgreSQL. Notifier,
storage and Telegram are killed in the middle of a mailing and of due reminders."""
CROWD = (150, 45)
COPIES = {**FEW, "bot": 2}
"""What one copy leaves while it stands still, another one takes up."""


@pytest.mark.timeout(600)  # starting and stopping included, on two crowded processors
@pytest.mark.parametrize("seed", SEEDS)
async def test_promises_are_kept_under_faults(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    order = Order(seed, SECONDS, PEOPLE, (0.3, 1.2), SHORT, COPIES, CROWD)
    # Not the fixture `scratch`: the logs of a run that broke a promise have to stay.
    place = Path(tempfile.mkdtemp(prefix="switchboard-faults-"))
    planned = "\n".join([f"seed {seed}, in {place}:", *map(str, order.faults)])
    click.echo(planned)
    try:
        outcome = await run(order, place)
    except BaseException:
        record_property(PROPERTY, planned)
        raise
    report.write(outcome, place / "faults.json")
    record_property(PROPERTY, f"{planned}\n\n{report.in_words(outcome)}")
    assert outcome.verdict.broken == [], f"seed {seed}; the logs: {place / 'logs'}"
    shutil.rmtree(place)
