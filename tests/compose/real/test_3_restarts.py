"""Every container is started anew, and killed, while somebody saves: nothing is lost or doubled."""

import asyncio

import aiohttp
import pytest

from tests.chat import Chat
from tests.compose.installation import Installation
from tests.flows.test_documents import add

VICTIMS = (
    *("gateway", "bot", "storage", "query", "notifier", "files"),
    *("nats", "postgres", "redis", "s3"),
)
ROWS = (
    "PGPASSWORD=$(cat /run/secrets/POSTGRES_PASSWORD) psql -h 127.0.0.1 -U postgres -Atc"
    ' "SELECT name, count(*) FROM documents GROUP BY name" switchboard'
)


async def _fill_in(person: Chat, name: str) -> None:
    """Answer everything up to the review."""
    await person.sends(f"%PDF-1.4 {name}".encode(), f"{name}.pdf")
    while "Try again" in (labels := await _choices(person)):  # query was the victim
        await person.presses("Try again")
    await person.presses(next(label for label in labels if "Papers" in label))
    await person.sees_new("Keep")
    await person.says(name)
    await person.sees_new("Save")


async def _choices(person: Chat) -> list[str]:
    shown = await person.sees_new_one_of("New type", "Try again")
    return [button["text"] for row in shown["buttons"] for button in row]


async def _saved(person: Chat, name: str) -> None:
    await person.sees_new(f"Saved: {name}")


async def test_nothing_is_lost_when_containers_are_started_anew_or_killed(
    installation: Installation, person: Chat
) -> None:
    await add(person, b"%PDF-1.4 first", "first.pdf", "Papers")
    for victim in VICTIMS:
        await _fill_in(person, f"{victim} started anew")
        restarting = asyncio.create_task(installation.compose("restart", victim))
        await person.presses("Save")
        await restarting
        await _saved(person, f"{victim} started anew")
        await _fill_in(person, f"{victim} killed")
        killing = asyncio.create_task(installation.kill(victim))
        await person.presses("Save")
        await killing
        await _saved(person, f"{victim} killed")
    names = [f"{victim} {how}" for victim in VICTIMS for how in ("started anew", "killed")]
    rows = (await installation.execute("postgres", "sh", "-c", ROWS)).split("\n")
    assert {f"{name}|1" for name in names} <= set(rows)
    await _nothing_is_wrong(installation)


async def test_a_form_that_is_open_outlives_redis(installation: Installation, person: Chat) -> None:
    await add(person, b"%PDF-1.4 first", "first.pdf", "Papers")
    await _fill_in(person, "Still open")
    await installation.compose("restart", "redis")
    await installation.healthy("redis")
    await person.presses("Save")
    await _saved(person, "Still open")


async def _nothing_is_wrong(installation: Installation) -> None:
    """Have the operator's tools look: the doctor ends with 0, and there is no dead letter."""
    await asyncio.gather(*(installation.healthy(victim) for victim in VICTIMS))
    said = await installation.compose("run", "--rm", "-T", "--no-deps", "operator")
    assert "0 problems" in said
    assert "dead letters: there are none" in said


@pytest.mark.parametrize("victim", ["playground", "nginx"])
async def test_those_in_front_come_back_as_they_were(
    installation: Installation, person: Chat, victim: str
) -> None:
    await person.says("/start")
    await person.sees_new("Add document")
    await installation.compose("restart", victim)
    await installation.healthy(victim)
    await installation.kill(victim)
    await installation.healthy(victim)
    async with aiohttp.ClientSession() as http, http.get(f"{installation.nginx}/nginx") as answer:
        assert answer.status == 204
    await person.says("/help")
    await person.sees_new("/documents")
    assert "Add document" in await person.transcript()


async def test_the_second_up_keeps_the_data(installation: Installation, person: Chat) -> None:
    await add(person, b"%PDF-1.4 kept", "kept.pdf", "Papers")
    await installation.compose("down", "-t", "10")
    await installation.up()
    await person.says("/documents")
    await person.presses("Papers (1)")
    await person.presses("kept")
    assert await person.receives("kept.pdf") == b"%PDF-1.4 kept"
    # Nobody was handed anything new.
    assert "Handed out anew: nothing." in await installation.compose("logs", "secrets")
