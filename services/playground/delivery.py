"""Delivering updates to webhooks: in order in each chat, again and again until taken or too old."""

import asyncio
import time
from dataclasses import dataclass, field, replace

import aiohttp
import structlog
from aiohttp import hdrs

from services.playground.bot_api import call
from services.playground.bots import Bot
from services.playground.errors import ApiError
from services.playground.parameters import Parameters, read_parameters
from services.playground.state import State
from services.playground.updates import PendingUpdate
from services.playground.webhooks import Webhook

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
TIMEOUT = aiohttp.ClientTimeout(total=60)
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
LONGEST_RETRY_AFTER = 3600.0
GONE_FOR = 23 * 3600.0
LOOK_AHEAD = 1000
IDLE = 60.0


@dataclass
class Backoff:
    """When a chat's next attempt is due, on the monotonic clock."""

    due: float = 0.0
    delay: float = FIRST_DELAY

    def postpone(self, told: float | None) -> None:
        """Wait as long as the server told, or twice as long as the last time."""
        self.due = time.monotonic() + (self.delay if told is None else told)
        self.delay = min(self.delay * 2, LONGEST_DELAY)


@dataclass
class Delivery:
    """Serves the webhook of one bot for as long as `run` runs."""

    state: State
    bot: Bot
    session: aiohttp.ClientSession
    _in_flight: set[int] = field(default_factory=set)
    _backoffs: dict[int, Backoff] = field(default_factory=dict)

    async def run(self) -> None:
        """Deliver until the playground closes."""
        arrived = self.state.updates.arrived[self.bot.id]
        served: Webhook | None = None
        async with asyncio.TaskGroup() as attempts:
            while not arrived.closed:
                webhook = self.state.webhooks.get(self.bot.id)
                if webhook is None or served is None or _target(webhook) != _target(served):
                    self._backoffs.clear()  # a new address deserves a first try at once
                served = webhook
                if webhook:
                    for update in self._due(webhook.max_connections):
                        self._in_flight.add(update.person_id)
                        attempts.create_task(self._attempt(webhook, update))
                await arrived.wait(self._until_next())

    def _due(self, connections: int) -> list[PendingUpdate]:
        """The oldest update of every chat that is not being served and not backing off."""
        now = time.monotonic()
        oldest: dict[int, PendingUpdate] = {}
        for update in self.state.updates.pending(self.bot.id, LOOK_AHEAD):
            oldest.setdefault(update.person_id, update)
        free = connections - len(self._in_flight)
        due = [
            update
            for person_id, update in oldest.items()
            if person_id not in self._in_flight
            and self._backoffs.get(person_id, Backoff()).due <= now
        ]
        return due[: max(free, 0)]

    def _until_next(self) -> float:
        """Seconds to sleep. What is due already is in flight, or waits for a free connection."""
        now = time.monotonic()
        coming = [backoff.due - now for backoff in self._backoffs.values() if backoff.due > now]
        return min([*coming, IDLE])

    async def _attempt(self, webhook: Webhook, update: PendingUpdate) -> None:
        problem: str | None = "Internal error of the playground"
        told = None
        try:
            problem, told = await self._post(webhook, update)
        except Exception:
            log.exception("webhook.delivery_crashed", bot=self.bot.app)
        self._settle(webhook, update, problem, told)

    def _settle(
        self, webhook: Webhook, update: PendingUpdate, problem: str | None, told: float | None
    ) -> None:
        self._in_flight.discard(update.person_id)
        if problem is None:
            self.state.updates.confirm(self.bot.id, update.id)
            self._backoffs.pop(update.person_id, None)
        else:
            self._backoffs.setdefault(update.person_id, Backoff()).postpone(told)
            self._note(webhook, problem)
        self.state.updates.arrived[self.bot.id].fire()

    async def _post(
        self, webhook: Webhook, update: PendingUpdate
    ) -> tuple[str | None, float | None]:
        """What went wrong, if anything, and the delay the server asked for."""
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with self.session.post(
                webhook.url, json=update.content, headers=headers, timeout=TIMEOUT
            ) as response:
                if 200 <= response.status < 300:
                    await self._carry_out(response)
                    return None, None
                problem = f"Wrong response from the webhook: {response.status} {response.reason}"
                return problem, _told_delay(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}", None

    async def _carry_out(self, response: aiohttp.ClientResponse) -> None:
        """The answer to a delivery may itself be a method call."""
        try:
            parameters = await read_parameters(response.headers, response.content, {})
        except ApiError:
            return  # some servers answer with a page; nobody asked for one
        method = parameters.fields.pop("method", None)
        if isinstance(method, str):
            await call(
                self.state, self.bot, method, Parameters(parameters.fields, parameters.files)
            )

    def _note(self, webhook: Webhook, problem: str) -> None:
        log.warning("webhook.delivery_failed", bot=self.bot.app, problem=problem)
        current = self.state.webhooks.get(self.bot.id)
        if current and _target(current) == _target(webhook):
            failed = replace(current, last_error_date=int(time.time()), last_error_message=problem)
            self.state.webhooks.set(self.bot.id, failed)


def _target(webhook: Webhook) -> tuple[str, str | None]:
    return webhook.url, webhook.secret_token


def _told_delay(response: aiohttp.ClientResponse) -> float | None:
    if response.status == 410:
        return GONE_FOR
    told = response.headers.get(hdrs.RETRY_AFTER, "")
    return min(float(told), LONGEST_RETRY_AFTER) if told.isdecimal() else None
