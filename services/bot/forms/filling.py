"""A form being filled in: from the first question to the outcome, for the time of one update."""

from aiogram.types import Message

from bus import NotInTime, QueryUnavailable
from contracts.base import Page
from screens import errors, screen_of
from screens import forms as screens
from screens.buttons import PAGE_SIZE
from services.bot.forms.fields import Choice, Field
from services.bot.forms.limits import Unclear, Unfit, fit
from services.bot.forms.picking import Picker
from services.bot.forms.state import Answer
from services.bot.forms.submitting import Submitting


class Filling(Submitting):
    """The form in a chat's dialog slot; every step is stored there and shown."""

    async def go_on(self) -> None:
        """Ask for the first field without an answer, or have all of them reviewed."""
        missing = self.form.unanswered(self.state)
        if missing:
            await self.ask(missing)
        elif self.form.review:
            self.step(stage="reviewing")
            await self.show()
        else:
            await self.submit()

    async def ask(self, field: Field, *, propose: bool = True, offset: int = 0) -> None:
        """Ask for a field, from the page of its offer that begins at `offset`."""
        likely = self.state.answers.get(field.name) or field.propose(self.form.command, self.state)
        self.step(
            stage="asking",
            field=field.name,
            proposal=likely if propose else None,
            offered=(),
            offset=offset,
            total=0,
            view=self._first_view(field),
        )
        try:
            page = Page(offset=offset, limit=PAGE_SIZE)
            offer = await field.offer(self.conversation, page)
        except QueryUnavailable:
            retry = self.state.place.press("page", offset).pack()
            self.store(unknown_offer=True)
            await self.put(
                errors.cannot_look_up(self.conversation.say, retry, self.conversation.code)
            )
            return
        self.store(offered=offer.answers, total=offer.total, unknown_offer=False)
        await self.show()

    async def read(self, message: Message) -> None:
        """Take a message as the answer, or say why it is none."""
        try:
            match self.state.stage:
                case "creating":
                    await self._create(message)
                case "reviewing":
                    raise Unfit(screens.wants_button(self.conversation.say))
                case _:
                    await self._take(await self._read(message))
        except Unclear as reason:
            several, view = reason.answers, reason.view
            self.step(offered=several, offset=0, total=len(several), proposal=None, view=view)
            await self.show(str(reason))
        except Unfit as reason:
            await self.show(str(reason))

    async def read_as(self, name: str, message: Message) -> None:
        """Take a message as the answer to another field than was asked for, and go on."""
        self.step(stage="asking", field=name, view=self._first_view(self.form.field(name)))
        await self.read(message)

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
        self.store(answers={**self.state.answers, uploads.name: answer})
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

    async def pick(self, number: int) -> None:
        """Take what a button of the field's own stands for, or show others of them."""
        if self.state.stage != "asking" or not isinstance(self.field, Picker):
            return
        try:
            picked = self.field.pick(number, self.state.view, self.conversation)
        except Unclear as reason:
            self.step(offered=reason.answers, total=len(reason.answers), view=reason.view)
            await self.show(str(reason))
        except Unfit as reason:
            await self.show(str(reason))
        else:
            if isinstance(picked, Answer):
                await self._take(picked)
            else:
                self.step(view=picked)
                await self.show()

    async def change(self, index: int) -> None:
        """Ask for an optional field from the review; a button made by hand may name none."""
        if self.state.stage == "reviewing" and index < len(self.form.optional):
            await self.ask(self.form.optional[index])

    async def leave_out(self) -> None:
        """Return to the review without an answer to the optional field that was asked for."""
        if self.state.stage == "asking" and self.field.optional:
            answers = {n: kept for n, kept in self.state.answers.items() if n != self.field.name}
            self.store(answers=answers)
            await self.go_on()

    async def turn_to(self, offset: int) -> None:
        """Show another page of what is offered."""
        await self.ask(self.field, propose=self.state.proposal is not None, offset=offset)

    async def begin_creation(self) -> None:
        if isinstance(self.field, Choice):
            self.step(stage="creating")
            await self.show()

    async def back(self) -> None:
        """Return to the question before; from a creation, to the choice."""
        match self.state.stage:
            case "asking" if self.field.optional:
                await self.go_on()
            case "asking":
                await self.ask(self.form.before(self.state.field) or self.field)
            case "creating":
                await self.ask(self.field)
            case _:
                await self.ask(self.form.asked[-1])

    async def again(self, field: Field) -> None:
        """Ask a refused field anew; all other answers stay."""
        self._reopen(field)
        await self.ask(field, propose=False)

    async def read_another(self, message: Message) -> None:
        """Take a message as another answer to the field that was refused, without asking first."""
        field = self.form.field(self.state.refused)
        self._reopen(field)
        self.step(stage="asking", field=field.name, proposal=None, offered=(), offset=0, total=0)
        await self.read(message)

    def _first_view(self, field: Field) -> int:
        if isinstance(field, Picker):
            return field.first_view(self.state, self.conversation)
        return 0

    def _reopen(self, field: Field) -> None:
        answers = {name: kept for name, kept in self.state.answers.items() if name != field.name}
        if not self.state.unfinished:
            self.store(submission=self.state.submission + 1)
        self.store(answers=answers, settled={}, refused="")

    async def _read(self, message: Message) -> Answer:
        field, command = self.field, self.form.command
        if isinstance(field, Picker):
            return await field.read_at(self.state.view, message, command, self.conversation)
        return await field.read(message, command, self.conversation)

    async def _take(self, answer: Answer) -> None:
        self.store(answers={**self.state.answers, self.state.field: answer})
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
            await self.conversation.tell(refusal)
