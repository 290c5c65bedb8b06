"""How a person gets on in a chat: waits for answers, tries again, finds back when astray."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.hands import Gone, Hands
from tests.faults.ledger import CANNOT_LOOK_UP, Deed, Ledger, Press, Sight

SLOW_DOWN = "slow down"
STILL_FILLING = "You are still filling something in."
LOOK_AGAIN_AT_MOST = 6
CALM = 12.0
"""Seconds without anything new after which what was expected is not going to come."""
SILENCE = 90.0
"""Seconds after which a press is given up: an edit may change nothing, and its toast be lost.

Longer than a copy that is killed over an update, and what then has to start, hold that up.
"""
PATIENCE = 600.0


class Astray(Exception):
    """The conversation took another way than expected."""


class Unchanged(Astray):
    """A press was answered, and what is shown stays as it was."""


class Closed(Exception):
    """The run is over: nothing new is begun."""


@dataclass(eq=False)
class Person:
    """Somebody with a plan; `pause` are seconds between acts."""

    hands: Hands
    ledger: Ledger
    chance: random.Random
    closing: asyncio.Event
    pause: tuple[float, float]
    number: int = field(init=False)
    waiting: tuple[str, int] | None = field(default=None, init=False)
    """The act that was not answered yet, and how many answers there were before."""
    _made: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.number = self.hands.person

    async def live(self, choose: Callable[[], Callable[[], Awaitable[None]]]) -> None:
        """Act until the run is over; whoever went astray finds back and does something else."""
        astray: list[str] = []
        while True:
            act = choose()
            try:
                if astray:
                    await self.find_back()
                    astray.clear()
                await act()
            except Closed:
                return
            except Astray as reason:
                astray.append(str(reason))
                self.ledger.astray.append(f"person {self.number}: {reason}")

    def new_name(self, what: str) -> str:
        """Return a name that nothing else has."""
        self._made += 1
        return f"{what}{self.number}n{self._made:04}"

    async def breathe(self) -> None:
        """Wait a little, as people do; raises Closed."""
        try:
            async with asyncio.timeout(self.chance.uniform(*self.pause)):
                await self.closing.wait()
        except TimeoutError:
            return
        raise Closed

    async def say(self, text: str, *expected: str) -> Sight:
        """Say something and return the answer; raises Astray when it is another one."""
        await self.breathe()
        since = self.hands.place
        await self.hands.says(text)
        return await self.answer(f"said {text[:40]!r}", since, *expected)

    async def send(self, name: str, data: bytes, *expected: str) -> Sight:
        """Send a file and return the answer."""
        await self.breathe()
        since = self.hands.place
        await self.hands.sends(name, data)
        return await self.answer(f"sent {name}", since, *expected)

    async def press(self, label: str, sight: Sight, *expected: str) -> Sight:
        """Press a button and return the answer."""
        await self.breathe()
        since = self.hands.place
        try:
            press = await self.hands.presses(label, sight.message_id)
        except Gone as gone:
            raise Astray(f"{label}: {gone}") from None
        return await self.answer(f"pressed {label!r}", since, *expected, press=press)

    async def touch(self, label: str, sight: Sight) -> None:
        """Press a button at once, and do not wait; raises Astray where it is gone."""
        try:
            await self.hands.presses(label, sight.message_id)
        except Gone as gone:
            raise Astray(f"{label}: {gone}") from None

    async def answer(
        self, act: str, since: int, *expected: str, press: Press | None = None
    ) -> Sight:
        """Wait for an answer with one of these texts or buttons; look-ups are tried again."""
        sight = await self._answer(act, since, *expected, press=press)
        for _ in range(LOOK_AGAIN_AT_MOST):
            if CANNOT_LOOK_UP not in sight.text:
                return sight
            await self.breathe()
            since = self.hands.place
            try:
                press = await self.hands.presses("Try again", sight.message_id)
                again = f"pressed 'Try again', {act}"
                sight = await self._answer(again, since, *expected, press=press)
            except Gone as gone:
                raise Astray(f"{act}: {gone}") from None
            except Unchanged:
                continue
        raise Astray(f"{act}: nothing can be looked up")

    async def _answer(
        self, act: str, since: int, *expected: str, press: Press | None = None
    ) -> Sight:
        def is_answer(sight: Sight) -> bool:
            return (
                any(text in sight.text or text in sight.buttons for text in expected)
                or CANNOT_LOOK_UP in sight.text
            )

        began, answers = time.time(), self.hands.answers
        self.waiting = (act, answers)
        while True:
            try:
                found = await self.hands.until(is_answer, since, CALM)
                self.waiting = None
                return found
            except TimeoutError:
                seen = self.hands.sights[since:]
                if seen and time.time() - seen[-1].at > CALM:
                    self.waiting = None
                    last = seen[-1].text.replace("\n", " ")[:120]
                    raise Astray(f"{act}: expected {expected}, saw {last!r}") from None
                if self.hands.answers > answers:
                    self.waiting = None
                    raise Unchanged(f"{act}: nothing new is shown") from None
                if press and time.time() - began > SILENCE:
                    self.waiting = None
                    self.ledger.silences.append((f"person {self.number} {act}", press))
                    raise Unchanged(f"{act}: silence") from None
                if time.time() - began > PATIENCE:
                    raise Astray(f"{act}: no answer at all") from None

    async def submit(self, deed: Deed, act: Callable[[], Awaitable[None]]) -> Deed:
        """Do what issues a command, and wait for its ending, however late."""
        await self.breathe()
        deed.since, deed.at = self.hands.place, time.time()
        self.ledger.begin(deed)
        try:
            await act()
        except Astray:
            self.ledger.withdraw(deed)
            raise
        began, noted = time.time(), deed.since
        while not deed.endings and time.time() - began < PATIENCE:
            try:
                await self.hands.until(lambda _: True, noted, 1.0)
            except TimeoutError:
                continue
            for sight in self.hands.sights[noted:]:
                deed.see_nameless(sight)
            noted = self.hands.place
        return deed

    async def find_back(self) -> None:
        """Leave whatever is being done."""
        await self.breathe()
        since = self.hands.place
        await self.hands.says("/cancel")
        await self._answer("said /cancel", since, "Cancelled", "nothing to cancel")
