"""The alert rules: they fire when they should, and name only metrics that there are."""

import asyncio
import os
import re
import shutil
import subprocess

import pytest
from pydantic import SecretStr

from bus.provision import provision
from bus.topology import STREAMS
from services.discovery import consumers
from services.life import Life
from services.metrics import ProcessMetrics
from services.settings import StorageSettings, read_settings
from services.storage.service import storage
from tests.bus.waiting import eventually
from tests.sources import ROOT

RULES = ROOT / "observability" / "prometheus" / "rules"
OF_PROMETHEUS = {"up"}
OF_THE_NATS_EXPORTER = {
    "jetstream_consumer_num_ack_pending",
    "jetstream_consumer_num_pending",
    "jetstream_consumer_num_waiting",
    "jetstream_stream_total_bytes",
}
"""Read in the source of prometheus-nats-exporter, collector/jsz.go."""
_NO_METRIC = {"absent", "and", "app", "by", "increase", "kind", "max", "or", "sum"}


def promtool(*arguments: str) -> str:
    """Run promtool on the rules; skipped where it is missing, except in CI, which skips nothing."""
    program = shutil.which("promtool")
    if program is None:
        missing = pytest.fail if os.environ.get("SWITCHBOARD_CI") else pytest.skip
        missing("needs promtool of the Debian package prometheus")
    done = subprocess.run(
        [program, *arguments], cwd=RULES, check=False, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rules() -> dict[str, str]:
    """Return the expression of each alert by its name."""
    text = (RULES / "switchboard.yml").read_text("utf-8")
    found = re.findall(
        r"- alert: (\w+)\n(?:\s+#.*\n)*\s+expr: (?:>-\n)?(.*?)\n\s+(?:for|labels):", text, re.DOTALL
    )
    assert len(found) == text.count("- alert: ")
    return dict(found)


def metrics_of(expression: str) -> set[str]:
    """Return the names of metrics in an expression."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]', " ", expression)
    return set(re.findall(r"\b[a-z_][a-z_0-9]*\b", bare)) - _NO_METRIC


def test_the_rules_are_valid() -> None:
    promtool("check", "rules", "switchboard.yml")


def test_alerts_fire_when_they_should_and_not_before() -> None:
    promtool("test", "rules", "switchboard_test.yml")


def test_every_alert_is_tried() -> None:
    text = (RULES / "switchboard_test.yml").read_text("utf-8")
    fired = re.findall(r"alertname: (\w+)\n\s+exp_alerts:(?! \[\])", text)
    assert set(fired) == set(rules())


def test_a_stream_is_nearly_full_by_its_own_limit() -> None:
    limits = re.findall(
        r'stream_name=~?"([A-Z|]+)"\}\s*> 0.8 \* (\d+)', rules()["StreamNearlyFull"]
    )
    said = {stream: int(limit) for streams, limit in limits for stream in streams.split("|")}
    assert said == {name: stream.max_bytes for name, stream in STREAMS.items()}


async def test_every_metric_named_is_in_a_real_scrape(
    migrated: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    await provision(migrated["NATS_URL"], SecretStr(migrated["NATS_SEED_OPERATOR"]), consumers())
    life = Life.begin("storage")
    running = asyncio.create_task(storage(read_settings(StorageSettings), life))
    scraped = ProcessMetrics([life])

    async def lines() -> str:
        text = scraped.text("")[0].decode()
        return text if re.search(r"^messaging_dead_letters{.*} \d", text, re.MULTILINE) else ""

    try:
        text = await eventually(lines)
    finally:
        life.stopping.set()
        await running
    ours = set(re.findall(r"^([a-z_]+)[{ ]", text, re.MULTILINE))
    named = set().union(*map(metrics_of, rules().values()))
    assert "messaging_dead_letters_buried_total" in named & ours
    assert named - ours == OF_THE_NATS_EXPORTER | OF_PROMETHEUS
