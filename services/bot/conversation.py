"""One update being handled: who wrote, what to answer with, and the way to the bus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from aiogram.types import Update

from bus.caller import Bus
from contracts.base import Command, Event, Query, Reply
from contracts.people import Person
from contracts.screens import Media, Screen
from observability.traces import current_trace_id
from screens.texts import Texts, texts
from services.bot.answering import Answering
from services.bot.dialog import Dialog
from services.bot.memory import Memory

log = structlog.get_logger()

OutcomeT = TypeVar("OutcomeT", bound=Event)
ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(slots=True)
class Conversation:
    """Given to every handler of updates as `conversation`."""

    app: str
    chat_id: int
    update: Update
    person: Person
    bus: Bus
    dialog: Dialog
    memory: Memory
    answering: Answering
    arrived_at: float
    """When the bus had the update, in seconds since 1970."""
    told: list[str] = field(default_factory=list, init=False)
    """Ids of the commands whose outcomes this handling shows."""
    told_elsewhere: bool = field(default=False, init=False)
    """Whether the notifier has shown, or is showing, the last command's outcome."""
    answered: bool = field(default=False, init=False)

    @property
    def now(self) -> datetime:
        """When the person said this, as clocks in their zone show it; what they mean is from then.

        That is the same when the update is handled again, or late.
        """
        zone, message = ZoneInfo(self.person.time_zone), self.update.message
        said = message.date if message else datetime.fromtimestamp(self.arrived_at, zone)
        return said.astimezone(zone)

    @property
    def say(self) -> Texts:
        """Texts in the person's language."""
        return texts(self.person.language)

    @property
    def code(self) -> str:
        """The trace id of this handling, which people are told with every error."""
        return current_trace_id()

    def new_id(self) -> str:
        """Return an id that is the same when the update is handled again."""
        return self.bus.new_id()

    async def show(self, screen: Screen, *, instead: Screen | None = None) -> int:
        """Put a screen in the place of the message whose button was pressed, else send it.

        What Telegram does not take in time waits in a stream. One that holds a secret says what
        waits there `instead`. Returns the id of the message that shows it.
        """
        press = self.update.callback_query
        if press is None or press.message is None:
            return await self.send(screen, instead=instead)
        return await self.answering.put(press.message.message_id, screen, instead=instead)

    async def tell(
        self, screen: Screen, *, below: bool = False, instead: Screen | None = None
    ) -> None:
        """Show the outcome of the last command, unless the notifier shows it.

        `below` sends it, and leaves the message whose button was pressed as it is.
        """
        if self.told_elsewhere:
            log.info("outcome.told_elsewhere", app=self.app)
            self.answering.skip()
        else:
            await (self.send if below else self.show)(screen, instead=instead)

    async def put(self, message_id: int, screen: Screen) -> int:
        """Put a screen in the place of a message, and return the id of the one that shows it."""
        return await self.answering.put(message_id, screen)

    async def send_album(self, files: Sequence[Media]) -> None:
        """Send 2 to 10 files of one kind as an album; raises WrongFileId as `send` does."""
        await self.answering.send_album(files)

    async def send(self, screen: Screen, *, instead: Screen | None = None) -> int:
        """Send a screen as a new message; returns its id, 0 while that is not known."""
        return await self.answering.send(screen, instead=instead)

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the pressed button; nothing happens if it was answered or none was pressed."""
        press = self.update.callback_query
        if press is None or self.answered:
            return
        self.answered = True
        await self.answering.answer(press.id, text, alert=alert)

    async def execute(self, command: Command[OutcomeT], command_id: str | None = None) -> OutcomeT:
        """Publish a command and return its outcome, to be shown by `tell`.

        Raises NotInTime, CommandFailed and Overloaded as the bus does.
        """
        command_id = command_id or self.new_id()
        outcome = await self.bus.execute(command, command_id)
        cause = self.answering.cause.message_id
        self.told_elsewhere = not await self.memory.may_tell(command_id, cause)
        if not self.told_elsewhere:
            self.told.append(command_id)
        return outcome

    async def ask(self, query: Query[ReplyT]) -> ReplyT:
        """Ask a query; raises QueryUnavailable or QueryFailed as the bus does."""
        return await self.bus.ask(query)
