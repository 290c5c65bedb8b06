"""What becomes of a form that is filled in: it is sent, and its outcome ends it or reopens it."""

from typing import Any

from bus import QueryUnavailable
from contracts.base import Event, Query
from screens import errors, menu, screen_of
from screens import forms as screens
from services.bot.executing import execute_and_show
from services.bot.forms.fields import Text
from services.bot.forms.form import Finish
from services.bot.forms.picking import Picker
from services.bot.forms.standing import Standing
from services.bot.forms.state import Ended


class Submitting(Standing):
    """A form that is sent or left."""

    async def settle(self, name: str, value: int) -> None:
        """Send a refused form once more with one thing settled; the same twice is sent once."""
        settled = {**self.state.settled, name: value}
        if settled != self.state.settled:
            self.store(settled=settled, submission=self.state.submission + 1)
        await self.submit()

    async def cancel(self) -> None:
        self._end()
        word = menu.cancelled(self.conversation.say)
        if self.form.left:
            await self.form.left(self._values(), self.conversation, word)
        else:
            await self.conversation.show(self.form.home(self.conversation, word))

    async def save(self) -> None:
        """Send what was reviewed."""
        if self.state.stage == "reviewing":
            await self.submit()

    async def submit(self) -> None:
        """Send the command, and show what became of it; or have the query answered."""
        self.step(stage="submitted")
        values = self._values()
        if self.form.finish:
            await self._finish(self.form.finish)
            return
        command_id = f"{self.state.form_id}-{self.state.submission}"
        command = (self.form.build or self.form.command)(**values)
        if isinstance(command, Query):
            if self.form.answer:
                await self.form.answer(command, self.conversation)
            return
        outcome = await execute_and_show(command, self.conversation, command_id)
        if self.form.done and isinstance(outcome, self.form.done):
            self._end()
            if self.form.then:
                await self.form.then(self.conversation)
        elif outcome:
            self._await_another(outcome)

    async def _finish(self, finish: Finish) -> None:
        """Leave it to the form; while it cannot look up what it needs, the answers are kept."""
        self._end()
        try:
            await finish(self._values(), self.conversation)
        except QueryUnavailable:
            self.step(stage="reviewing")
            retry, say = self.state.place.press("save").pack(), self.conversation.say
            await self.conversation.show(errors.cannot_look_up(say, retry, self.conversation.code))

    def _values(self) -> dict[str, Any]:
        """Return what was answered and settled so far, by field."""
        answers = {name: answer.value for name, answer in self.state.answers.items()}
        return answers | self.state.settled

    def _end(self) -> None:
        self.conversation.dialog.write(Ended(self.state.form_id))

    def _await_another(self, refusal: Event) -> None:
        """Have what is typed next answer the refused field, if that takes a text."""
        screen = screen_of(refusal, self.conversation.say)
        name = screens.field_to_answer_again(screen) if screen else ""
        if name and isinstance(self.form.field(name), Text | Picker):
            cause = self.conversation.answering.cause.message_id
            self.store(refused=name, refused_in=cause)
