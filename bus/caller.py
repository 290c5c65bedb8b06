"""The bus as a handler of updates sees it: execute, send, ask."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, TypeVar, Union
from urllib.parse import unquote

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from bus.encoding import decoder, encode, read
from bus.envelope import NOBODY_WAITS, Envelope
from bus.errors import CommandFailed, MalformedMessage, NotInTime, QueryFailed, QueryUnavailable
from bus.outcomes import Outcomes
from bus.publisher import Publisher
from bus.spans import requesting
from bus.trace_context import inject
from contracts.base import (
    Command,
    Event,
    Query,
    Reply,
    app_of,
    outcomes_of,
    reply_of,
    subject_of,
)
from observability.lean_spans import keep_current

OutcomeT = TypeVar("OutcomeT", bound=Event)
ReplyT = TypeVar("ReplyT", bound=Reply)

PUBLISH_DEADLINE = 5.0
QUERY_TIMEOUT = 3.0
AT_LEAST = 0.25
"""Seconds for a round trip to a healthy bus, also for a caller whose time is over."""
ERROR_HEADER = "Nats-Service-Error"
ERROR_CODE_HEADER = "Nats-Service-Error-Code"
UNAVAILABLE_CODES = frozenset({"503", "504"})
"""Somebody is there, but cannot answer now: to who asks that is the same as nobody."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What all callers of a service share."""

    publisher: Publisher
    outcomes: Outcomes


class Bus:
    """Bound to one cause (an update): ids and headers of all it says are derived from that.

    `until`, of the monotonic clock, is when the caller's time is over: no wait goes on longer.
    """

    def __init__(self, wire: Wire, cause: Envelope, until: float | None = None) -> None:
        self._wire = wire
        self._cause = cause
        self._until = until
        self._places: Iterator[int] = count(1)

    def new_id(self) -> str:
        """Return an id for the next thing this cause brings about; the same when repeated."""
        return f"{self._cause.message_id}-{next(self._places)}"

    async def execute(
        self,
        command: Command[OutcomeT],
        command_id: str | None = None,
        *,
        patience: float | None = None,
    ) -> OutcomeT:
        """Publish a command and wait for its outcome, at most `patience` seconds if given.

        Whatever becomes of the command and of us has an ending: an outcome that is not returned
        here is told to the chat later, and so is that the command could not be done.

        Raises:
            NotInTime: the command is accepted, its outcome will be told later.
            CommandFailed: nobody could do the command, now or later.
            Overloaded: the bus is full and did not accept it: nothing will come of it.
            NotPublished: the bus is away. It may have been accepted: then its ending is told.
            MalformedMessage: the command breaks a limit of its contract.
        """
        command_id = command_id or self.new_id()
        outcomes = self._wire.outcomes
        meters = self._wire.publisher.link.meters
        with (
            meters.waiting(type(command).__name__),
            outcomes.expecting(command_id, app_of(type(command))) as expected,
        ):
            await self._publish(command, command_id, asker=outcomes.asker)
            try:
                payload = await outcomes.take(expected, self._least(patience, self._left()))
            except TimeoutError:
                raise NotInTime(command_id) from None
            except CommandFailed:
                keep_current("error")  # the person is told the code of this trace
                raise
        outcome: OutcomeT = read(_outcome_decoder(type(command)), payload)
        return outcome

    async def send(
        self,
        command: Command[Any],
        command_id: str | None = None,
        *,
        tell: bool = False,
        tell_of_death: bool = False,
    ) -> None:
        """Publish a command and do not wait; with `tell` the chat is told its ending late.

        With `tell_of_death` it is told only that the command could not be done, for one whose
        handler does the rest of the telling. Without both it is work that nobody asked for in
        words: neither its outcome nor its death is told to anybody, the latter stands in DEAD for
        the operator. Raises as execute does, but NotInTime and CommandFailed.
        """
        # An outcome offered to us while nobody waits goes the late way.
        asker = self._wire.outcomes.asker if tell else NOBODY_WAITS if tell_of_death else ""
        await self._publish(command, command_id or self.new_id(), asker=asker)

    async def ask(self, query: Query[ReplyT]) -> ReplyT:
        """Ask a query.

        Raises:
            QueryUnavailable: nobody answered in time.
            QueryFailed: the answer is an error, in words.
        """
        timeout = self._within(QUERY_TIMEOUT)
        return await ask(query, self._wire.publisher, self._cause, timeout)

    def _left(self) -> float | None:
        return None if self._until is None else self._until - time.monotonic()

    def _within(self, seconds: float) -> float:
        left = self._left()
        return seconds if left is None else max(min(seconds, left), AT_LEAST)

    @staticmethod
    def _least(*seconds: float | None) -> float | None:
        return min((given for given in seconds if given is not None), default=None)

    async def _publish(self, command: Command[Any], command_id: str, *, asker: str) -> None:
        cause = self._cause
        envelope = Envelope(
            message_id=command_id,
            causation_id=cause.message_id,
            actor=cause.actor,
            chat=cause.chat,
            locale=cause.locale,
            asker=asker,
        )
        await self._wire.publisher.publish(
            subject_of(type(command)),
            encode(command),
            envelope.headers(),
            deadline=self._within(PUBLISH_DEADLINE),
        )


async def ask(
    query: Query[ReplyT], publisher: Publisher, cause: Envelope, timeout: float = QUERY_TIMEOUT
) -> ReplyT:
    """Ask a query because of `cause`, for `timeout` seconds; raises as Bus.ask does."""
    subject, answers = _prepared(type(query))
    headers = cause.question()
    link = publisher.link
    with requesting(publisher.tracer, subject, headers, link.server):
        inject(headers)
        link.meters.sent(subject)
        try:
            with link.meters.asking(subject):
                reply = await link.client.request(
                    subject, encode(query), timeout=timeout, headers=headers
                )
        except (NatsError, TimeoutError) as error:
            raise QueryUnavailable(f"{subject}: {type(error).__name__}") from None
        answer: ReplyT = _read_reply(answers, reply)
        return answer


def _read_reply(answers: "msgspec.json.Decoder[Any]", reply: Msg) -> Any:
    headers = reply.headers or {}
    if ERROR_HEADER in headers:
        code = headers.get(ERROR_CODE_HEADER, "")
        text = unquote(headers[ERROR_HEADER])
        if code in UNAVAILABLE_CODES:
            raise QueryUnavailable(text)
        raise QueryFailed(int(code) if code.isdigit() else 500, text)
    try:
        return read(answers, reply.data)
    except MalformedMessage as error:
        raise QueryFailed(500, "the answer could not be read") from error


@cache
def _prepared(query_type: type[Query[Any]]) -> "tuple[str, msgspec.json.Decoder[Any]]":
    answers: Any = reply_of(query_type)
    return subject_of(query_type), decoder(answers)


@cache
def _outcome_decoder(command_type: type[Command[Any]]) -> "msgspec.json.Decoder[Any]":
    return decoder(Union[outcomes_of(command_type)])  # noqa: UP007 # `|` takes no tuple
