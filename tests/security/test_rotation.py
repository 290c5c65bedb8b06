"""A secret that is replaced opens nothing any more, and its successor everything it did."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from nats.errors import Error as NatsError
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from bus.connection import connect
from services.discovery import all_apps
from services.link_signing import ForgedLink, LinkSigner
from switchboard.local.servers import local_servers
from tests.switchboard.probes import plain_url

LET_IN_WITHIN = 60.0
REFUSED_FOR = 5.0
"""Seconds in which whoever is refused tries again and again."""


def take_out(file: Path, *names: str) -> None:
    """Take a secret out of a local run's file, by its keys."""
    kept = json.loads(file.read_text())
    within = kept
    for name in names[:-1]:
        within = within[name]
    del within[names[-1]]
    file.write_text(json.dumps(kept))


async def _arrives(url: str, seed: str, within: float) -> None:
    """Connect as the bot; raise when the server does not let it in."""
    async with asyncio.timeout(within), connect(url, "bot", SecretStr(seed)) as link:
        await link.client.flush()


async def test_what_is_taken_out_is_made_anew_and_the_old_opens_nothing(scratch: Path) -> None:
    async with local_servers(scratch, all_apps()) as servers:
        before = servers.environment
    for names in (
        ("databases", "storage"),
        ("redis_passwords", "bot"),
        ("nats", "bot"),
        ("links",),
        ("webhook",),
    ):
        take_out(scratch / "secrets.json", *names)

    async with local_servers(scratch, all_apps()) as servers:
        after = servers.environment
        changed = {name for name, value in after.items() if before[name] != value}
        assert changed == {
            *("DATABASE_URL", "BOT_REDIS_URL", "NATS_SEED_BOT", "LINK_SECRET", "WEBHOOK_SECRET")
        }
        database = await asyncpg.connect(plain_url(after["DATABASE_URL"]))
        await database.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(plain_url(before["DATABASE_URL"]))
        async with Redis.from_url(after["BOT_REDIS_URL"]) as redis:
            assert await redis.ping()
        async with Redis.from_url(before["BOT_REDIS_URL"]) as redis:
            with pytest.raises(AuthenticationError):
                await redis.ping()
        await _arrives(after["NATS_URL"], after["NATS_SEED_BOT"], LET_IN_WITHIN)
        with pytest.raises((TimeoutError, NatsError)):
            await _arrives(after["NATS_URL"], before["NATS_SEED_BOT"], REFUSED_FOR)


async def test_a_file_of_the_time_of_one_redis_password_goes_on(scratch: Path) -> None:
    async with local_servers(scratch, all_apps()) as servers:
        before = servers.environment
    kept = json.loads((scratch / "secrets.json").read_text())
    del kept["redis_passwords"]
    kept["redis"] = "the-one-password-that-all-have-shared-until-now"
    (scratch / "secrets.json").write_text(json.dumps(kept))
    async with local_servers(scratch, all_apps()) as servers:
        now = servers.environment
        async with Redis.from_url(now["BOT_REDIS_URL"]) as redis:
            assert await redis.ping()
        address = f"redis://:{kept['redis']}@{urlsplit(now['REDIS_URL']).netloc.rpartition('@')[2]}"
        async with Redis.from_url(address) as redis:
            with pytest.raises(AuthenticationError):
                await redis.ping()
    assert {name for name in now if now[name] != before[name]} == {
        *("REDIS_URL", "BOT_REDIS_URL", "NOTIFIER_REDIS_URL", "FILES_REDIS_URL")
    }


def test_links_of_the_secret_before_go_on_until_it_is_dropped() -> None:
    old, new = SecretStr("a" * 20 + "b" * 20), SecretStr("c" * 20 + "d" * 20)
    token = LinkSigner("https://x.example", (old,)).sign(7, None)
    assert LinkSigner("https://x.example", (new, old)).read(token).link_id == 7
    with pytest.raises(ForgedLink):
        LinkSigner("https://x.example", (new,)).read(token)
