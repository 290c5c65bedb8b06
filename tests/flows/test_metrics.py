"""What a running installation shows of itself, after people and strangers have used it."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bus.connection import Link, connect
from services.discovery import consumers
from services.health_address import addresses_in
from services.run import SERVICES
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.hostile import (
    MARK,
    act_strangely,
    ask_strangely,
    clear,
    meet_strange_answers,
    publish_strangely,
)
from tests.flows.known_labels import known_values
from tests.flows.scrape import Families, labels_of, scrape, value
from tests.observability.promql import named
from tests.sources import ROOT

CATALOGUE = ROOT / "docs" / "metrics.md"
DEAD_AT_LEAST, UPDATES_AT_LEAST = 5, 10


class Described(NamedTuple):
    """A row of the catalogue."""

    type: str
    labels: set[str]
    unit: str
    example: str


@pytest.fixture(scope="module")
def other_settings() -> Iterable[dict[str, str]]:
    """Let what is looked at now and then be looked at all the time."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("bus.lag.LOOKED_EVERY", "bus.burials.COUNTED_EVERY"):
            patch.setattr(name, 0.2)
        patch.setattr("services.bot.open_dialogs.COUNTED_EVERY", 0.2)
        yield {}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strangers(running: str) -> AsyncIterator[Link]:
    """The way in of somebody who may publish anything, none of which is left to others."""
    seed = SecretStr(os.environ["NATS_SEED_OPERATOR"])
    async with connect(os.environ["NATS_URL"], "operator", seed) as operator:
        yield operator
        await clear(operator)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scraped(
    running: str, strangers: Link, report: bytes
) -> AsyncIterator[tuple[Families, Chat]]:
    """What is shown after a person and a stranger were there, and the person."""
    async with aiohttp.ClientSession(running) as http:
        person = await _newcomer(http)
        await _use(person, report)
        await act_strangely(person)
        await publish_strangely(strangers, person)
        (health,) = addresses_in(Path(os.environ["HEALTH_DIR"]))
        await ask_strangely(health, os.environ["PUBLIC_URL"])
        before = await eventually(partial(_settled, UPDATES_AT_LEAST))
        await meet_strange_answers(person)
        yield await eventually(partial(_settled, presses(before))), person


async def _settled(presses_before: float) -> Families:
    """Return what is shown once all there is, and more than before, is settled; or nothing."""
    await asyncio.sleep(0.2)  # reading it takes the services' own time
    shown = await scrape()
    done = value(shown, "messaging_dead_letters") >= DEAD_AT_LEAST
    for name in ("lag", "oldest_seconds"):
        samples = shown[f"messaging_consumer_{name}"].samples
        # One that could not be looked at in time is not among them.
        done &= {sample.labels["consumer"] for sample in samples} == _all_consumers()
    done &= value(shown, "messaging_consumer_lag") == 0
    done &= presses(shown) == received(shown) > presses_before
    return shown if done else {}


def _all_consumers() -> set[str]:
    return {consumer.name for consumer in consumers()}


async def _use(person: Chat, report: bytes) -> None:
    """Keep a document while Telegram is in trouble, and find it again."""
    async with person.http.post(
        "/sim/faults", json={"method": "download", "code": 503}
    ) as response:
        assert response.status == 201
    await person.says("/start")
    await person.presses("Add document")
    await person.sends(report, f"{MARK}.pdf")
    await person.presses("New type")
    await person.says(f"Invoices {MARK}")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")
    await person.says("/documents")
    await person.presses(f"Invoices {MARK} (1)")
    await person.presses(MARK)
    await person.receives(f"{MARK}.pdf")
    await person.presses("Rename")


async def _newcomer(http: aiohttp.ClientSession) -> Chat:
    somebody = {"first_name": MARK, "language_code": "en"}
    async with http.post("/sim/people", json=somebody) as response:
        assert response.status == 201, await response.text()
        return Chat(http, "documents", (await response.json())["id"])


def received(shown: Families) -> float:
    """Return how many updates came from Telegram."""
    return value(shown, "requests_total", service="gateway", kind="update", app="documents")


def presses(shown: Families) -> float:
    """Return how many of them were handled."""
    name = "press_duration_seconds_count"
    return sum(value(shown, name, kind=kind) for kind in ("message", "callback_query"))


def test_labels_say_what_is_known_and_nothing_that_somebody_wrote(
    scraped: tuple[Families, Chat],
) -> None:
    shown, person = scraped
    known = known_values()
    strange = {
        (name, label, said)
        for name, family in shown.items()
        for sample in family.samples
        for label, said in sample.labels.items()
        if label != "le" and said not in known[label]
    }
    assert strange == set()
    samples = [sample for family in shown.values() for sample in family.samples]
    # The playground is a Telegram, no part of what is watched.
    of_services = {sample.labels.get("service", "playground") for sample in samples}
    assert of_services == set(SERVICES)
    token = json.loads(os.environ["BOT_TOKENS"])["documents"].partition(":")[2]
    written = repr(
        [(f.name, f.documentation, [s.labels for s in f.samples]) for f in shown.values()]
    )
    for secret in (MARK, MARK.lower(), str(person.person_id), token):
        assert secret not in written


def test_exemplars_say_a_trace_and_nothing_else(scraped: tuple[Families, Chat]) -> None:
    shown, _ = scraped
    exemplars = [
        (name, sample.exemplar.labels)
        for name, family in shown.items()
        for sample in family.samples
        if sample.exemplar
    ]
    assert {name for name, _ in exemplars} >= {
        "integration_call_duration_seconds",
        "messaging_process_duration_seconds",
        "press_duration_seconds",
        "outcome_wait_seconds",
        "messaging_dead_letters_buried",
        "messaging_retries",
        "telegram_errors",
        "telegram_holds",
        "telegram_limit_wait_seconds",
    }
    assert all(labels.keys() == {"trace_id"} for _, labels in exemplars)
    assert all(re.fullmatch("[0-9a-f]{32}", labels["trace_id"]) for _, labels in exemplars)


def test_each_counter_counts_what_was_done(scraped: tuple[Families, Chat]) -> None:
    shown, _ = scraped
    call = "integration_call_duration_seconds_count"
    for target, service in (
        ("nats", "bot"),
        ("postgresql", "storage"),
        ("postgresql", "query"),
        ("redis", "bot"),
        ("telegram", "gateway"),
        ("object_storage", "files"),
    ):
        assert value(shown, call, target=target, service=service, result="ok") > 0, target
    assert value(shown, "business_events_total", event="document_added", app="documents") == 1
    assert value(shown, "press_duration_seconds_count", app="documents", kind="other") == 1
    assert value(shown, "requests_total", service="query", kind="query") > 0
    assert value(shown, "requests_total", service="files", kind="link") == 1
    assert value(shown, "dialogs_open", app="documents") >= 1
    assert value(shown, "telegram_holds_total") == 1
    assert value(shown, "telegram_errors_total", code="429", method="sendMessage") == 1
    assert value(shown, "messaging_retries_total", consumer="files-files", reason="away") >= 1
    dead = value(shown, "messaging_process_duration_seconds_count", result="dead")
    assert dead == value(shown, "messaging_dead_letters_buried_total")
    assert value(shown, "outcome_wait_seconds_count", command="AddDocument", result="in_time") == 1
    for name in ("lag", "oldest_seconds"):
        samples = shown[f"messaging_consumer_{name}"].samples
        assert {sample.labels["consumer"] for sample in samples} == _all_consumers()


def catalogue() -> dict[str, Described]:
    """Return what docs/metrics.md says, by name."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", CATALOGUE.read_text("utf-8"), re.MULTILINE)
    found = {}
    for name, rest in rows:
        kind, labels, unit, _, example = (cell.strip() for cell in rest.split(" |"))
        found[name] = Described(kind, set(re.findall(r"`(\w+)`", labels)), unit, example.strip("`"))
    assert len(found) == len(rows), "a metric stands there twice"
    return found


def test_the_catalogue_has_every_metric_and_no_other(scraped: tuple[Families, Chat]) -> None:
    shown, _ = scraped
    written = catalogue()
    names = {f"{name}_total" if f.type == "counter" else name: f for name, f in shown.items()}
    assert written.keys() == names.keys()
    for name, family in names.items():
        assert written[name].type == family.type, name
        if not name.startswith("process_"):  # made by prometheus-client, which says no unit
            assert written[name].unit == family.unit, name
        assert family.samples, f"{name}: nothing here made it count"
        assert written[name].labels == labels_of(family) - {"service"}, name


def test_examples_of_the_catalogue_ask_for_what_is_there() -> None:
    written = catalogue()
    for name, described in written.items():
        asked = named(described.example)
        bases = {re.sub("_(bucket|count|sum)$", "", each): labels for each, labels in asked.items()}
        assert name in bases, described.example
        for each, labels in bases.items():
            assert labels <= written[each].labels | {"service", "instance", "le"}, described.example
