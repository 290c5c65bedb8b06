"""Redis, each of whose commands is timed and has a deadline, wherever it is used."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError
from redis.exceptions import TimeoutError as NoAnswerError

from bus.within import Within
from observability.calls import Calls

TARGET = "redis"
SCRIPTS = frozenset({"eval", "evalsha"})

T = TypeVar("T")


def redis_client(url: SecretStr, name: str, seconds: float, calls: Calls) -> Redis:
    """Return a client that connects when it is first used; `seconds` are for any answer.

    That is with all that is tried again for it; then it raises redis-py's TimeoutError.
    """
    client = _Timed.from_url(
        url.get_secret_value(),
        # redis-py's own, two for each command and one of them a task, take a third of its time.
        socket_timeout=None,
        socket_connect_timeout=seconds,
        client_name=name,
    )
    assert isinstance(client, _Timed)  # declared as its base
    client.calls, client.seconds = calls, seconds
    return client


async def _within(seconds: float, answer: Awaitable[T]) -> T:
    try:
        with Within(seconds):
            return await answer
    except TimeoutError as late:
        raise NoAnswerError(f"no answer in {seconds:g} s") from late


class _Timed(Redis):
    calls: Calls
    seconds: float

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        # The command alone: behind it stand keys and values.
        name = str(args[0]).lower()
        # Spans are for what is done in one go: one for each command would cost more than it tells.
        watch = self.calls.traced if name in SCRIPTS else self.calls.timed
        with watch(TARGET, name):
            execute: Any = super().execute_command  # published without types
            try:
                return await _within(self.seconds, execute(*args, **options))
            except NoScriptError as unheard_of:
                # No failure: whoever asks sends the script then, once after each start of Redis.
                answer = unheard_of
        raise answer

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        commands = _TimedPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        commands.calls, commands.seconds = self.calls, self.seconds
        return commands


class _TimedPipeline(Pipeline):
    """What is said in one go is timed as one."""

    calls: Calls
    seconds: float

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        with self.calls.traced(TARGET, "pipeline"):
            return await _within(self.seconds, super().execute(raise_on_error))
