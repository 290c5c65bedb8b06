"""Whoever gave a notice a receipt hears how it ended, before the notice is acknowledged.

A mailing ends thousands of notices: their ends are said together, as many as end within a quarter
of a second. A notice waits for that beside those that are being told.
"""

import asyncio
from contextvars import Context
from dataclasses import dataclass, field
from hashlib import blake2s

from bus import Envelope
from bus.delivery import CallNext, Delivery, Middleware
from bus.encoding import encode
from bus.publisher import Publisher
from bus.spans import beginning
from contracts.base import subject_of
from contracts.notices import ENDS_AT_ONCE, Notice, NoticeEnd, NoticesEnded
from observability.masking import discreet
from services.notifier.telling import END_RESULTS, Ending

TOGETHER_SECONDS = 0.25
"""How long an end waits for others."""
REASON_LENGTH = 300


@dataclass(slots=True)
class Report:
    """How the notice in hand ended, said by its handler."""

    ending: Ending | None = None


@dataclass(slots=True)
class Ends:
    """Publishes ends together."""

    publisher: Publisher
    _waiting: list[tuple[NoticeEnd, str, "asyncio.Future[None]"]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None
    _publishing: set["asyncio.Task[None]"] = field(default_factory=set)

    async def say(self, end: NoticeEnd, cause: str) -> None:
        """Say how a notice ended, the message `cause`; returns when a stream has it.

        Raises NotPublished as publishing does.
        """
        loop = asyncio.get_running_loop()
        said = loop.create_future()
        self._waiting.append((end, cause, said))
        if len(self._waiting) >= ENDS_AT_ONCE:
            self._begin()
        elif self._timer is None:
            # In no trace: it is of many.
            self._timer = loop.call_later(TOGETHER_SECONDS, self._begin, context=Context())
        await said

    def _begin(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        together, self._waiting = self._waiting, []
        task = asyncio.create_task(self._publish(together), context=Context())
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def _publish(self, together: list[tuple[NoticeEnd, str, "asyncio.Future[None]"]]) -> None:
        try:
            event = NoticesEnded(ends=tuple(end for end, _, _ in together))
            causes = sorted(cause for _, cause, _ in together)
            # The same whenever the same are said again, together.
            message_id = f"ends-{blake2s(' '.join(causes).encode(), digest_size=16).hexdigest()}"
            envelope = Envelope(message_id=message_id, causation_id=causes[0])
            subject = subject_of(NoticesEnded)
            with beginning(self.publisher.tracer, "end", subject, None):
                await self.publisher.publish(
                    subject, encode(event), envelope.headers(), deduplicate=message_id
                )
        except BaseException as error:
            for _, _, said in together:
                if not said.done():
                    said.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for _, _, said in together:
                if not said.done():
                    said.set_result(None)


def reporting(ends: Ends) -> Middleware:
    """Have the end of each notice with a receipt said, after it was told."""

    async def report(delivery: Delivery, call_next: CallNext) -> None:
        notice, said = delivery.message, Report()
        delivery.scope[Report] = said
        await call_next(delivery)
        if isinstance(notice, Notice) and notice.receipt and said.ending:
            # Others are told meanwhile.
            async with delivery.hand.aside():
                await ends.say(end_of(notice, said.ending), delivery.envelope.message_id)

    return report


async def say_buried(ends: Ends, delivery: Delivery, error: BaseException) -> None:
    """Say of a notice that cannot be told that it is buried: whoever counts on its end has one."""
    notice = delivery.message
    if isinstance(notice, Notice) and notice.receipt:
        ending = Ending("refused", reason=f"{type(error).__name__}: {error}")
        await ends.say(end_of(notice, ending), delivery.envelope.message_id)


def end_of(notice: Notice, ending: Ending) -> NoticeEnd:
    """Return what is said of a notice that ended so."""
    return NoticeEnd(
        app=notice.app,
        chat_id=notice.chat_id,
        key=notice.key,
        version=notice.version,
        receipt=notice.receipt,
        result=END_RESULTS[ending.result],
        message_id=ending.message_id,
        reason=discreet(ending.reason)[:REASON_LENGTH],
    )
