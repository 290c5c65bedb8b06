"""The one place that decides what happens to a message whose handling failed.

- A dependency is away: the message stays in hand, as long as it takes. Of all that its consumer
  has in hand one at a time looks whether it is back, and nothing more is fetched until it is.
- The message has to wait, alone: it stays in hand, and others go on.
- Anything else is taken for a bug or bad data: a few attempts, then DEAD.

Nothing is nak'ed here, so delivery counts count crashes, stops, and nothing else.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bus.delivery import CallNext, Delivery, Middleware
from bus.errors import Forfeited, NotPublished, NotYet, in_short
from bus.hand import AWAY_DELAYS, AwayMeanwhile, Hand
from bus.middleware.dead_letter import DeadLetters
from bus.spans import attempt_failed
from bus.trouble import AWAY, Judge, Kind, Trouble, held_up

log = structlog.get_logger()

ATTEMPT_DELAYS = (0.2, 0.6, 1.2)
"""Seconds between the attempts at a message that meets a bug: four attempts within 2 s."""
HELD_UP_DELAYS = (0.1, 0.2, 0.5, 1.0, 2.0)
NOT_YET_DELAYS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
WAIT_AT_MOST = 300.0
"""Seconds until the next attempt, whatever wait was asked for."""
ALONE_AT_MOST = 24 * 60 * 60.0
"""Seconds in trouble while others are handled; what has not happened in a day is not going to.

Time in which a dependency was away is none of them.
"""
DELIVERIES_AT_MOST = 25
"""After so many a message is taken for one that kills its process.

Stops and kills of the whole process count for all that it has in hand, hence not fewer. Others of
the consumer are handled meanwhile: only what is in hand at the kill, 32 or 64 messages, comes with
the killer again, and it takes ACK_WAIT to come; the process that was started in between has done
the others long before.
"""
IN_ORDER_DELIVERIES_AT_MOST = 10
"""The same where messages wait for each other: there one is in hand, and others wait for it."""

OnDead = Callable[[Delivery, BaseException], Awaitable[None]]


class NeverSettled(Exception):
    """A message was delivered again and again, and no process lived to settle it."""


def retry(dead_letters: DeadLetters, judge: Judge, on_dead: OnDead | None = None) -> Middleware:
    """Try again as the failure deserves; `judge` tells trouble of a dependency from a bug.

    `on_dead` tells whoever waits that a message was buried.
    """
    give_up = _giving_up(dead_letters, judge, on_dead)
    evidence, meters = _Evidence(), dead_letters.publisher.link.meters

    async def attempt(delivery: Delivery, call_next: CallNext) -> None:
        hand, trials = delivery.hand, None  # most are through at once
        if delivery.attempt > deliveries_at_most(hand):
            return await give_up(delivery, NeverSettled(f"delivered {delivery.attempt} times"))
        while True:
            async with hand.turn() as delivery.looks:
                delivery.trials += 1
                try:
                    await call_next(delivery)
                except AwayMeanwhile:
                    delivery.trials -= 1
                    continue
                except Forfeited:
                    raise  # another copy decides
                except Exception as error:  # noqa: BLE001 # whatever is raised has an ending here
                    failure, trials = error, trials or _Trials(hand, judge, evidence)
                    trouble = trials.judged(error)
                else:
                    return evidence.answered(hand)
            if trouble is None:
                return await give_up(delivery, failure)
            meters.retried(delivery.consumer, trouble.kind)
            if trouble.kind is Kind.BUG:
                await asyncio.sleep(trouble.seconds or 0)
            elif trouble.kind is Kind.HELD_UP:
                async with hand.aside():
                    await asyncio.sleep(trouble.seconds or 0)

    return attempt


def deliveries_at_most(hand: Hand) -> int:
    """Return after how many deliveries a message of this consumer is given up."""
    return DELIVERIES_AT_MOST if hand.at_once > 1 else IN_ORDER_DELIVERIES_AT_MOST


@dataclass(slots=True)
class _Evidence:
    """How many attempts found the dependencies there, of all consumers that share a policy."""

    answers: int = 0

    def answered(self, hand: Hand) -> None:
        """Note that an attempt of this consumer did."""
        self.answers += 1
        hand.answered()


class _Trials:
    """The attempts at one message in this process, from the first that failed."""

    def __init__(self, hand: Hand, judge: Judge, evidence: _Evidence) -> None:
        self._hand = hand
        self._judge = judge
        self._evidence = evidence
        self._counted = time.monotonic()
        self._alone = 0.0
        self._bugs = self._not_yets = self._waits = 0
        self._answers_at_miss: int | None = None

    def judged(self, error: Exception) -> Trouble | None:
        """Return what to wait for, with the seconds; None when there is to be no more attempt."""
        if isinstance(error, NotYet):
            # Its handler had answers enough to know that.
            self._evidence.answered(self._hand)
            self._not_yets += 1
            log.debug("message.not_yet", reason=str(error))
            return self._aside(_delay(NOT_YET_DELAYS, self._not_yets))
        trouble = _judged(self._judge, error)
        if trouble.kind is Kind.BUG:
            self._bugs += 1
            log.exception("handler.failed", trial=self._bugs)
            if self._bugs > len(ATTEMPT_DELAYS):
                return None
            attempt_failed(error, self._bugs)
            return Trouble(Kind.BUG, _delay(ATTEMPT_DELAYS, self._bugs))
        if trouble.kind is Kind.AWAY and not self._is_alone():
            log.warning("dependency.away", error=in_short(error))
            self._hand.missed()
            return AWAY
        # Said once: who waits behind others of its chat asks many times.
        say = log.debug if self._waits else log.info
        say("message.held_up", error=in_short(error))
        self._waits += 1
        seconds = trouble.seconds or _delay(HELD_UP_DELAYS, self._waits)
        return held_up(min(seconds, WAIT_AT_MOST)) if trouble.lasts else self._aside(seconds)

    def _is_alone(self) -> bool:
        """Whether others found the dependency there since this one last found it away.

        Then it is this message that cannot be done, and it must not hold up others.
        """
        # Where order matters nothing else of its consumer is tried: others have to bear witness.
        mine = self._hand.at_once > 1
        answers = self._hand.answers if mine else self._evidence.answers
        before, self._answers_at_miss = self._answers_at_miss, answers
        return before is not None and before != answers

    def _aside(self, seconds: float) -> Trouble | None:
        # Since the last such wait a dependency may have been away for long: that is not counted.
        now = time.monotonic()
        self._alone += min(now - self._counted, WAIT_AT_MOST)
        self._counted = now
        return None if self._alone > ALONE_AT_MOST else held_up(min(seconds, WAIT_AT_MOST))


def _giving_up(dead_letters: DeadLetters, judge: Judge, on_dead: OnDead | None) -> OnDead:
    link = dead_letters.publisher.link

    async def tell(delivery: Delivery, error: BaseException, tell_dead: OnDead) -> None:
        began, times = time.monotonic(), 0
        while True:
            try:
                return await tell_dead(delivery, error)
            except Exception as failure:
                lost = isinstance(failure, NotPublished) and link.client.is_closed
                if lost or isinstance(failure, Forfeited):
                    raise  # the next delivery buries it again, and tells
                trouble, times = _judged(judge, failure), times + 1
                if trouble.kind is Kind.BUG or time.monotonic() - began > ALONE_AT_MOST:
                    # The message is buried: its ending must not end the service.
                    log.exception("death.not_told")
                    return None
                log.warning("death.held_up", error=in_short(failure))
            seconds = trouble.seconds or _delay(AWAY_DELAYS, times)
            async with delivery.hand.aside():
                await asyncio.sleep(min(seconds, WAIT_AT_MOST))

    async def give_up(delivery: Delivery, error: BaseException) -> None:
        await dead_letters.bury(delivery, error)
        if on_dead:
            await tell(delivery, error, on_dead)

    return give_up


def _judged(judge: Judge, error: Exception) -> Trouble:
    return AWAY if isinstance(error, NotPublished) else judge(error)


def _delay(delays: tuple[float, ...], times: int) -> float:
    return delays[min(times, len(delays)) - 1]
