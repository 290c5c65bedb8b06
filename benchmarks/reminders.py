"""How late reminders are at the bus when very many are due in one minute, and that none is lost.

Run it anywhere, it starts its own servers:

    .venv/bin/python -m benchmarks.reminders --tasks 10000 --seconds 60
    .venv/bin/python -m benchmarks.reminders --tasks 10000 --seconds 0

`--seconds 0` has all of them due at one moment, as whole minutes do. Each is measured by the clock
of storage as it is, and by one that publishes a command only when the one before is acknowledged.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import click
from nats.aio.msg import Msg
from pydantic import SecretStr

from benchmarks.installation import SILENT, prepared, running
from bus.connection import connect
from bus.envelope import MESSAGE_ID
from tests.switchboard.probes import plain_url

COMMAND, TOLD = "command.calendar.remind_of_task", "event.calendar.task_due"
FIRST = 10_001
"""Telegram's id of the first person; each has one task."""
LEAD = 15.0
"""Seconds until the first is due, enough to start storage."""
SLOWEST = 50
"""Reminders a second below which it is given up."""
VARIANTS = {"as it is": "services", "one after another": "benchmarks.one_after_another"}

_TASKS = """
INSERT INTO calendar_tasks (person_id, title, time_zone, anchor, occurrence, deadline, due_at,
    remind_before)
SELECT person_id, 'Call', 'UTC', minute, minute, minute, due_at, ARRAY[60]
FROM (
    SELECT $1::bigint + n AS person_id, due_at,
        date_trunc('minute', due_at AT TIME ZONE 'UTC') AS minute
    FROM generate_series(0, $2::int - 1) AS n,
        LATERAL (SELECT $3::timestamptz + interval '1 hour' + $4::interval * n / $2 AS due_at) AS at
) AS each
"""
_REMINDERS = """
INSERT INTO scheduled (key, due_at, command_subject, command, actor)
SELECT 'task:' || id || ':60', due_at - interval '1 hour', $1,
    jsonb_build_object('type', 'RemindOfTask', 'task_id', id, 'minutes_before', 60,
        'occurrence', to_char(occurrence, 'YYYY-MM-DD"T"HH24:MI'),
        'planned_at', to_char(due_at - interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
    person_id || '@calendar'
FROM calendar_tasks
"""


@dataclass
class Heard:
    """What came by of `tasks`: the lateness of each reminder in seconds, and when each was told."""

    tasks: int
    late: dict[str, float] = field(default_factory=dict)
    told: list[float] = field(default_factory=list)
    began: float = 0.0
    all_told: asyncio.Event = field(default_factory=asyncio.Event)

    async def due(self, message: Msg) -> None:
        """Hear of a reminder that the clock has published."""
        key = (message.headers or {})[MESSAGE_ID]
        at = int(key.rpartition("@")[2]) / 1_000_000
        self.late.setdefault(key, time.time() - at)

    async def was_told(self, _: Msg) -> None:
        """Hear that a person is to be told."""
        self.told.append(time.time())
        if len(self.told) == self.tasks:
            self.all_told.set()


@click.command()
@click.option("--tasks", default=10_000, show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="Within which they are due.")
def main(tasks: int, seconds: float) -> None:
    """Have many reminders due, and say how late they are."""
    for name, module in VARIANTS.items():
        with tempfile.TemporaryDirectory(prefix="switchboard-benchmark-") as directory:
            heard = asyncio.run(_measure(Path(directory), tasks, seconds, module))
        _report(name, heard, tasks)


async def _measure(directory: Path, tasks: int, seconds: float, module: str) -> Heard:
    heard = Heard(tasks)
    async with prepared(directory) as common:
        settings = {**common, **SILENT}
        seed = SecretStr(settings["NATS_SEED_OPERATOR"])
        async with connect(settings["NATS_URL"], "operator", seed) as link:
            begins = datetime.now(UTC) + timedelta(seconds=LEAD)
            # Heard by callbacks: whoever asks for one message after another is late by itself.
            await link.client.subscribe(COMMAND, cb=heard.due)
            await link.client.subscribe(TOLD, cb=heard.was_told)
            await _seed(settings, tasks, begins, timedelta(seconds=seconds))
            async with running(["storage"], settings, directory, module):
                async with asyncio.timeout(LEAD + seconds + tasks / SLOWEST):
                    await heard.all_told.wait()
    heard.began = begins.timestamp()
    return heard


async def _seed(
    settings: Mapping[str, str], tasks: int, begins: datetime, within: timedelta
) -> None:
    db = await asyncpg.connect(plain_url(settings["MIGRATION_DATABASE_URL"]))
    try:
        await db.execute(
            "INSERT INTO calendar_owners (person_id, language, time_zone)"
            " SELECT $1::bigint + n, 'en', 'UTC' FROM generate_series(0, $2::int - 1) AS n",
            FIRST,
            tasks,
        )
        await db.execute(_TASKS, FIRST, tasks, begins, within)
        await db.execute(_REMINDERS, COMMAND)
        await db.execute("ANALYZE")
    finally:
        await db.close()


def _report(name: str, heard: Heard, tasks: int) -> None:
    late = sorted(heard.late.values())
    median, percentile = late[len(late) // 2], late[int(len(late) * 0.99)]
    click.echo(
        f"{name}: {len(late)} of {tasks} at the bus, median {median:.3f} s late,"
        f" 99 % within {percentile:.2f} s, worst {late[-1]:.2f} s;"
        f" the last one handled {max(heard.told) - heard.began:.1f} s after the first was due"
    )


if __name__ == "__main__":
    main()
