"""A form being filled in: from the first question to the outcome, for the time of one update."""

from typing import Any

import msgspec
from aiogram.types import Message

from bus import NotInTime, QueryUnavailable
from contracts.base import Page, Query
from contracts.screens import Screen
from screens import errors, menu, screen_of
from screens import forms as screens
from screens.buttons import PAGE_SIZE
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.forms.drawing import draw
from services.bot.forms.fields import Choice, Field
from services.bot.forms.form import Form
from services.bot.forms.limits import Unfit, fit
from services.bot.forms.state import Answer, FormState
from services.bot.forms.uploads import Uploads

REMARKS_SHOWN = 5


class Filling:
    """The form in a chat's dialog slot; every step is stored there and shown."""

    def __init__(self, form: Form, state: FormState, conversation: Conversation) -> None:
        self.form = form
        self.state = state
        self.conversation = conversation
        self.in_place = False
        """Whether the message that shows the form is changed instead of a new one being sent."""

    @property
    def field(self) -> Field:
        """The field that is asked for."""
        return self.form.field(self.state.field)

    @property
    def wants_file(self) -> bool:
        """Whether a file is an answer now."""
        return self.state.stage == "asking" and isinstance(self.field, Uploads)

    def collects(self, message: Message) -> bool:
        """Tell whether a message is one more file of those that were sent before."""
        uploads, file = self.form.uploads, message.document or message.photo
        return bool(file and uploads and uploads.name in self.state.answers and not self.wants_file)

    def begin_message(self, message: Message) -> bool:
        """Tell whether a message stands for itself or begins an album; the rest changes in place.

        The whole album is answered with one message.
        """
        album = message.media_group_id or ""
        self.in_place = bool(album) and album == self.state.album
        self._store(album=album)
        return not self.in_place

    async def go_on(self) -> None:
        """Ask for the first field without an answer, or have all of them reviewed."""
        missing = self.form.unanswered(self.state)
        if missing:
            await self.ask(missing)
        elif self.form.review:
            self._step(stage="reviewing")
            await self.show()
        else:
            await self.submit()

    async def ask(self, field: Field, *, propose: bool = True, offset: int = 0) -> None:
        """Ask for a field, from the page of its offer that begins at `offset`."""
        likely = self.state.answers.get(field.name) or field.propose(self.form.command, self.state)
        self._step(
            stage="asking",
            field=field.name,
            proposal=likely if propose else None,
            offered=(),
            offset=offset,
            total=0,
        )
        try:
            page = Page(offset=offset, limit=PAGE_SIZE)
            offer = await field.offer(self.conversation, page)
        except QueryUnavailable:
            retry = self.state.place.press("page", offset).pack()
            self._store(unknown_offer=True)
            await self._put(errors.cannot_look_up(self.conversation.say, retry))
            return
        self._store(offered=offer.answers, total=offer.total, unknown_offer=False)
        await self.show()

    async def show(self, remark: str = "") -> None:
        """Show where the form stands, with a remark on top; remarks on an album add up."""
        before = self.state.remarks if self.in_place else ()
        remarks = (*before, remark) if remark and remark not in before else before
        self._store(remarks=remarks[-REMARKS_SHOWN:])
        await self._put(draw(self.form, self.state, self.conversation.say))

    async def read(self, message: Message) -> None:
        """Take a message as the answer, or say why it is none."""
        try:
            match self.state.stage:
                case "creating":
                    await self._create(message)
                case "reviewing":
                    raise Unfit(screens.wants_button(self.conversation.say))
                case _:
                    await self._take(
                        await self.field.read(message, self.form.command, self.conversation)
                    )
        except Unfit as reason:
            await self.show(str(reason))

    async def collect(self, message: Message) -> None:
        """Add a file to those that were sent; the message that shows the form is changed."""
        uploads = self.form.uploads
        if uploads is None:
            return
        self.in_place = True
        so_far = self.state.answers[uploads.name]
        try:
            answer = await uploads.append(so_far, message, self.form.command, self.conversation)
        except Unfit as reason:
            await self.show(str(reason))
            return
        self._store(answers={**self.state.answers, uploads.name: answer})
        if self.state.unknown_offer:
            await self.turn_to(self.state.offset)
        else:
            await self.show()

    async def keep(self) -> None:
        if self.state.proposal:
            await self._take(self.state.proposal)

    async def choose(self, index: int) -> None:
        """Take an offered answer; a button made by hand may name one that is not."""
        if index < len(self.state.offered):
            await self._take(self.state.offered[index])

    async def turn_to(self, offset: int) -> None:
        """Show another page of what is offered."""
        await self.ask(self.field, propose=self.state.proposal is not None, offset=offset)

    async def begin_creation(self) -> None:
        if isinstance(self.field, Choice):
            self._step(stage="creating")
            await self.show()

    async def back(self) -> None:
        """Return to the question before; from a creation, to the choice."""
        match self.state.stage:
            case "asking":
                await self.ask(self.form.before(self.state.field) or self.field)
            case "creating":
                await self.ask(self.field)
            case _:
                await self.ask(self.form.fields[-1])

    async def again(self, field: Field) -> None:
        """Ask a refused field anew; all other answers stay."""
        answers = {name: kept for name, kept in self.state.answers.items() if name != field.name}
        if not self.state.unfinished:
            self._store(submission=self.state.submission + 1)
        self._store(answers=answers, settled={})
        await self.ask(field, propose=False)

    async def settle(self, name: str, value: int) -> None:
        """Send a refused form once more with one thing settled; the same twice is sent once."""
        settled = {**self.state.settled, name: value}
        if settled != self.state.settled:
            self._store(settled=settled, submission=self.state.submission + 1)
        await self.submit()

    async def cancel(self) -> None:
        self.conversation.dialog.clear()
        word = menu.cancelled(self.conversation.say)
        await self.conversation.show(self.form.home(self.conversation, word))

    async def save(self) -> None:
        """Send what was reviewed."""
        if self.state.stage == "reviewing":
            await self.submit()

    async def submit(self) -> None:
        """Send the command, and show what became of it; or have the query answered."""
        self._step(stage="submitted")
        values: dict[str, Any] = {name: answer.value for name, answer in self.state.answers.items()}
        values |= self.state.settled
        command_id = f"{self.state.form_id}-{self.state.submission}"
        command = (self.form.build or self.form.command)(**values)
        if isinstance(command, Query):
            if self.form.answer:
                await self.form.answer(command, self.conversation)
            return
        outcome = await execute_and_show(command, self.conversation, command_id)
        if self.form.done and isinstance(outcome, self.form.done):
            self.conversation.dialog.clear()
            if self.form.then:
                await self.form.then(self.conversation)

    async def _take(self, answer: Answer) -> None:
        self._store(answers={**self.state.answers, self.state.field: answer})
        await self.go_on()

    async def _create(self, message: Message) -> None:
        field, say = self.field, self.conversation.say
        if not isinstance(field, Choice) or message.text is None:
            raise Unfit(screens.wants_text(say))
        creation = field.creation
        command = creation.command(message.text)
        fit(getattr(command, creation.text), type(command), creation.text, say)
        try:
            outcome = await self.conversation.execute(command)
        except NotInTime:
            await self.conversation.send(errors.accepted(say))
            await self.ask(field)
            return
        added = creation.added(outcome)
        if added:
            await self._take(added)
            return
        refusal = screen_of(outcome, say)
        if refusal:
            await self.conversation.show(refusal)

    async def _put(self, screen: Screen) -> None:
        if self.in_place and self.state.message_id:
            shown = await self.conversation.put(self.state.message_id, screen)
        else:
            shown = await self.conversation.show(screen)
        self._store(message_id=shown)

    def _step(self, **changes: Any) -> None:
        """Change where the form stands: the buttons shown so far are outdated by it."""
        self._store(turn=self.state.turn + 1, **changes)

    def _store(self, **changes: Any) -> None:
        self.state = msgspec.structs.replace(self.state, **changes)
        self.conversation.dialog.write(self.state)
