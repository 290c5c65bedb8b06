"""The search for secrets finds each that is planted, in every form and every place."""

import base64
from collections.abc import Callable
from urllib.parse import quote

import asyncpg
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bus.connection import connect
from switchboard.local.servers import LocalServers
from tests.security.leaks import find_leaks, secrets_of_installation, stored
from tests.switchboard.probes import plain_url

SECRET = "k3y/with+odd=chars-of_32-or-more-characters"


@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
        lambda secret: base64.b64encode(f"bot:{secret}".encode()).decode(),
        lambda secret: base64.b64encode(f"a{secret}bc".encode()).decode(),
        lambda secret: base64.b64encode(f"ab{secret}c".encode()).decode(),
    ],
)
def test_every_form_is_found(form: Callable[[str], str]) -> None:
    (leak,) = find_leaks({"LINK_SECRET": SECRET}, [("a log", f"said {form(SECRET)} aloud")])
    assert leak.secret == "LINK_SECRET"
    assert leak.place == "a log"
    assert SECRET not in leak.around
    assert find_leaks({"LINK_SECRET": SECRET}, [("a log", form(SECRET[:12]))]) == []


async def test_every_place_is_looked_at(servers: LocalServers, migrated: dict[str, str]) -> None:
    secrets = secrets_of_installation(servers.directory, migrated)
    assert len(secrets) >= 30
    planted = {name: secrets[name] for name in ("LINK_SECRET", "WEBHOOK_SECRET", "NATS_SEED_BOT")}
    link, webhook, seed = planted.values()
    operator = SecretStr(migrated["NATS_SEED_OPERATOR"])
    async with Redis.from_url(migrated["BOT_REDIS_URL"]) as redis:
        await redis.set("seen:planted", link, ex=60)
    database = await asyncpg.connect(plain_url(migrated["MIGRATION_DATABASE_URL"]))
    await database.execute(f"CREATE TABLE planted AS SELECT '{webhook}' AS word")
    async with connect(migrated["NATS_URL"], "operator", operator) as link_to_nats:
        jetstream = link_to_nats.jetstream
        await jetstream.add_stream(name="PLANTED", subjects=["planted.>"])
        await jetstream.publish("planted.a", b"a", headers={"Dead-Reason": seed})
        try:
            leaks = find_leaks(planted, await stored(servers.directory, migrated))
        finally:
            await jetstream.delete_stream("PLANTED")
            await database.execute("DROP TABLE planted")
            await database.close()
    places = {leak.place for leak in leaks}
    assert {"Redis seen:planted", "table planted", "stream PLANTED planted.a"} <= places
    async with Redis.from_url(migrated["BOT_REDIS_URL"]) as redis:
        await redis.delete("seen:planted")


async def test_servers_that_nobody_used_hold_none(
    servers: LocalServers, migrated: dict[str, str]
) -> None:
    secrets = secrets_of_installation(servers.directory, migrated)
    assert find_leaks(secrets, await stored(servers.directory, migrated)) == []
