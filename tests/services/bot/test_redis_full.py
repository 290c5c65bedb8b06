"""The bot service over a Redis that takes nothing: what people do waits, and is answered once."""

import msgspec
import pytest
from redis.asyncio import Redis

from bus import Envelope
from bus.connection import connect
from bus.middleware.retry import ATTEMPT_DELAYS
from services.settings import OperatorSettings, read_settings
from tests.bus.waiting import eventually
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import MENU, Talker
from tests.services.own_redis import own_redis


async def test_an_update_waits_until_there_is_room(
    anna: Talker, behind: Backstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anna.person.says("/start")
    (update,) = await behind.updates()
    settings = read_settings(OperatorSettings)
    operator = connect(settings.nats_url, "operator", settings.nats_seed_operator)
    async with own_redis() as url, Redis.from_url(url) as redis, operator as link:

        async def is_tried_on() -> bool:
            asked = (await redis.info("commandstats")).get("cmdstat_evalsha", {})
            return int(asked.get("calls", 0)) > len(ATTEMPT_DELAYS) + 1

        async def is_handled() -> bool:
            return (await link.jetstream.stream_info("UPDATES")).state.messages == 0

        dead = (await link.jetstream.stream_info("DEAD")).state.messages
        monkeypatch.setenv("BOT_REDIS_URL", url)
        await behind.services.start("bot")
        try:
            await redis.config_set("maxmemory", 1)
            envelope = Envelope(message_id=f"{APP}-{update.update_id}")
            subject = f"update.{APP}.{anna.person.id}"
            body = msgspec.json.encode(update.body)
            await link.jetstream.publish(subject, body, headers=envelope.headers())
            await eventually(is_tried_on, within=120)
            await redis.config_set("maxmemory", 0)
            await eventually(is_handled, within=120)
        finally:
            await behind.services.stop("bot")
        assert (await link.jetstream.stream_info("DEAD")).state.messages == dead
    (greeting,) = await anna.shown()
    assert greeting.rows == MENU
