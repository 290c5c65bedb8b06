"""The password of a role is replaced while storage runs: commands wait, none is dead."""

import io
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bus import Actor, Envelope
from bus.caller import Bus
from bus.connection import connect
from bus.middleware.retry import ATTEMPT_DELAYS
from contracts.documents import AddType
from services.settings import OperatorSettings, read_settings
from tests.bus.waiting import eventually
from tests.observability.fixtures import written
from tests.services.bot.backstage import APP, Backstage
from tests.services.bot.talking import Talker

__all__ = ["written"]

OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = current_user AND pid <> pg_backend_pid()"
)


async def test_commands_wait_for_the_new_password(
    anna: Talker, behind: Backstage, migrated: dict[str, str], written: io.StringIO
) -> None:
    settings = read_settings(OperatorSettings)
    operator = connect(settings.nats_url, "operator", settings.nats_seed_operator)
    person = anna.person.id
    cause = Envelope(message_id=f"password-{person}", actor=Actor(person, APP), chat=person)
    bus = Bus(behind.handling.wire, cause)
    url = migrated["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")
    role = urlsplit(url)
    admin = create_async_engine(url, isolation_level="AUTOCOMMIT")

    async def is_tried_on() -> bool:
        # More often than what meets a bug is.
        return written.getvalue().count("dependency.away") > len(ATTEMPT_DELAYS) + 1

    async with operator as link, admin.connect() as connected:

        async def count(stream: str) -> int:
            return int((await link.jetstream.stream_info(stream)).state.messages)

        async def is_done() -> bool:
            return await count("COMMANDS") == 0

        dead, events = await count("DEAD"), await count("EVENTS")
        await connected.execute(text(f"ALTER ROLE {role.username} PASSWORD 'the next one'"))
        try:
            await connected.execute(text(OTHERS))
            await bus.send(AddType(name="Medical"))
            await eventually(is_tried_on, within=120)
            assert "password" in written.getvalue(), written.getvalue()
        finally:
            await connected.execute(text(f"ALTER ROLE {role.username} PASSWORD '{role.password}'"))
        await eventually(is_done, within=120)
        assert (await count("DEAD"), await count("EVENTS")) == (dead, events + 1)
    await admin.dispose()
