"""Redis, each of whose commands is timed, wherever it is used."""

from typing import Any

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

from observability.calls import Calls

TARGET = "redis"
SCRIPTS = frozenset({"eval", "evalsha"})


def redis_client(url: SecretStr, name: str, seconds: float, calls: Calls) -> Redis:
    """Return a client that connects when it is first used; `seconds` are for any answer."""
    client = _Timed.from_url(
        url.get_secret_value(),
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        client_name=name,
    )
    assert isinstance(client, _Timed)  # declared as its base
    client.calls = calls
    return client


class _Timed(Redis):
    calls: Calls

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        # The command alone: behind it stand keys and values.
        name = str(args[0]).lower()
        # Spans are for what is done in one go: one for each command would cost more than it tells.
        watch = self.calls.traced if name in SCRIPTS else self.calls.timed
        with watch(TARGET, name):
            execute: Any = super().execute_command  # published without types
            try:
                return await execute(*args, **options)
            except NoScriptError as unheard_of:
                # No failure: whoever asks sends the script then, once after each start of Redis.
                answer = unheard_of
        raise answer

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        commands = _TimedPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        commands.calls = self.calls
        return commands


class _TimedPipeline(Pipeline):
    """What is said in one go is timed as one."""

    calls: Calls

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        with self.calls.traced(TARGET, "pipeline"):
            return await super().execute(raise_on_error)
