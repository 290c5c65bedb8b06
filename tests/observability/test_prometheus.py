"""A real Prometheus and a real Alertmanager watch a running installation."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import connect
from bus.envelope import Actor, Envelope
from services.discovery import all_apps
from services.run import SERVICES
from switchboard.local.servers import local_servers
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.observability.collector import Collector, listening, texts
from tests.observability.promql import Named, expressions, named, rules
from tests.observability.watched import Watcher, watched
from tests.processes.conftest import prepare
from tests.processes.processes import Services
from tests.processes.test_run import add_invoice

pytestmark = pytest.mark.timeout(240)

OF_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate"}}
OF_THE_NATS_EXPORTER = {
    "gnatsd_varz_connections": {"server_id"},
    "gnatsd_varz_mem": {"server_id"},
    "gnatsd_varz_slow_consumers": {"server_id"},
    **{
        f"jetstream_stream_{name}": {"account", "stream_name"}
        for name in ("last_seq", "limit_bytes", "total_bytes", "total_messages")
    },
    **{
        f"jetstream_consumer_{name}": {"account", "stream_name", "consumer_name"}
        for name in ("num_ack_pending", "num_pending", "num_redelivered", "num_waiting")
    },
}
"""Read in the source of prometheus-nats-exporter: collector/jsz.go and collector/collector.go."""


@dataclass
class Installation:
    """Who watches it, where its spans arrive, and somebody who uses it."""

    watcher: Watcher
    collector: Collector
    services: Services
    person: Chat

    async def spans(self) -> list[tuple[str, str]]:
        """Return service and trace of each span of the next export."""
        return [
            (texts(resource.resource.attributes)["service.name"], span.trace_id.hex())
            for resource in (await self.collector.spans.get()).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    async def goes_wrong(self, **fault: Any) -> None:
        """Have Telegram do something to the next message that is sent."""
        order = {"method": "sendMessage", **fault}
        async with self.person.http.post("/sim/faults", json=order) as response:
            assert response.status == 201, await response.text()

    async def says_rubbish(self) -> None:
        """Publish a command that nobody can read, in the name of the person."""
        environment = self.services.environment
        who = Actor(self.person.person_id, "documents")
        cause = Envelope(message_id="documents-8-1", actor=who, chat=who.person, locale="en")
        seed = SecretStr(environment["NATS_SEED_OPERATOR"])
        async with connect(environment["NATS_URL"], "operator", seed) as operator:
            await operator.jetstream.publish(
                "command.documents.add_type", b"of a later version", headers=cause.headers()
            )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def installation() -> AsyncIterator[Installation]:
    """All services in one process, watched."""
    together = " ".join(SERVICES)
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as name:
        async with local_servers(Path(name), all_apps()) as servers, listening() as collector:
            await prepare(servers.environment)
            to_us = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
            services = Services({**servers.environment, **to_us})
            try:
                await services.start(together)
                address = urlsplit(await services.health(together)).netloc
                async with (
                    aiohttp.ClientSession(services.environment["TELEGRAM_API_URL"]) as http,
                    watched(Path(name), {"switchboard": address}) as watcher,
                ):
                    person = Chat(http, "documents", 1001)
                    yield Installation(watcher, collector, services, person)
            finally:
                await services.stop_all()


async def test_a_point_of_a_graph_leads_to_the_trace_of_the_press(
    installation: Installation,
) -> None:
    await add_invoice(installation.person)

    async def leads() -> set[str]:
        return {
            exemplar["labels"]["trace_id"]
            for series in await installation.watcher.exemplars("press_duration_seconds_bucket")
            for exemplar in series["exemplars"]
        }

    traces = await eventually(leads)
    passed: dict[str, set[str]] = {}
    async with asyncio.timeout(60):
        while not all({"gateway", "bot"} <= passed.get(trace, set()) for trace in traces):
            for service, trace in await installation.spans():
                passed.setdefault(trace, set()).add(service)


async def test_a_dead_letter_is_delivered_as_an_alert_of_its_app(
    installation: Installation,
) -> None:
    watcher = installation.watcher
    await eventually(lambda: watcher.labels("messaging_dead_letters_buried_total"))
    # The bot hands its answer to the notifier, which has to try again.
    await installation.goes_wrong(retry_after=1)
    await installation.goes_wrong(code=502, times=4)
    await installation.person.says("/documents")
    await installation.person.sees_new("Invoices (1)")
    await installation.says_rubbish()
    async with asyncio.timeout(90):
        group = await watcher.delivered.get()
        while group["groupLabels"] != {"app": "documents"}:
            group = await watcher.delivered.get()
    assert group["status"] == "firing"
    (alert,) = group["alerts"]
    assert alert["labels"]["alertname"] == "DeadLetters"
    assert alert["labels"]["kind"] == "command"
    assert alert["annotations"]["runbook"] == "docs/operating.md#deadletters"
    assert "switchboard dead list --app documents --kind command" in str(alert["annotations"])


async def test_every_metric_and_label_named_is_there(installation: Installation) -> None:
    asked: Named = {}
    for _, expression in expressions():
        for metric, labels in named(expression).items():
            asked.setdefault(metric, set()).update(labels)
    elsewhere = OF_PROMETHEUS | OF_THE_NATS_EXPORTER
    assert set(elsewhere) <= set(asked)
    for metric, labels in asked.items():
        there = elsewhere.get(metric)
        if there is None:
            there = await eventually(partial(installation.watcher.labels, metric))
        assert labels - {"job", "instance", "le"} <= there, metric


async def test_every_expression_is_understood_by_prometheus(installation: Installation) -> None:
    for _, expression in expressions():
        await installation.watcher.ask("query", query=expression)
    groups = (await installation.watcher.ask("rules"))["groups"]
    health = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}
    assert health == dict.fromkeys(rules(), "ok")


async def test_nothing_but_the_dead_letter_fires(installation: Installation) -> None:
    alerts = (await installation.watcher.ask("alerts"))["alerts"]
    firing = {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}
    assert firing == {"DeadLetters"}
