"""Where a form stands in a chat: its state in the dialog slot, and the message that shows it."""

from typing import Any

import msgspec
from aiogram.types import Message

from contracts.screens import Screen
from services.bot.conversation import Conversation
from services.bot.forms.drawing import draw
from services.bot.forms.fields import Field
from services.bot.forms.form import Form
from services.bot.forms.state import Answer, FormState

REMARKS_SHOWN = 5


class Standing:
    """A form in a chat, for the time of one update."""

    def __init__(self, form: Form, state: FormState, conversation: Conversation) -> None:
        self.form = form
        self.state = state
        self.conversation = conversation
        self.in_place = False
        """Whether the message that shows the form is changed instead of a new one being sent."""
        self.below = False
        """Whether the message whose button was pressed stays as it is."""

    @property
    def field(self) -> Field:
        """The field that is asked for."""
        return self.form.field(self.state.field)

    @property
    def wants_file(self) -> bool:
        """Whether a file is an answer now."""
        return self.state.stage == "asking" and self.field.takes_files

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
        self.store(album=album)
        return not self.in_place

    def know(self, name: str, answer: Answer) -> None:
        """Note what is known of a field before it was asked for."""
        self.store(answers={**self.state.answers, name: answer})

    async def show(self, remark: str = "") -> None:
        """Show where the form stands, with a remark on top; remarks on an album add up."""
        before = self.state.remarks if self.in_place else ()
        remarks = (*before, remark) if remark and remark not in before else before
        self.store(remarks=remarks[-REMARKS_SHOWN:])
        await self.put(draw(self.form, self.state, self.conversation))

    async def put(self, screen: Screen) -> None:
        """Have a screen shown by the message that shows the form, or by a new one from now on."""
        if self.in_place and self.state.message_id:
            shown = await self.conversation.put(self.state.message_id, screen)
        elif self.below:
            shown = await self.conversation.send(screen)
        else:
            shown = await self.conversation.show(screen)
        self.store(message_id=shown)

    def step(self, **changes: Any) -> None:
        """Change where the form stands: the buttons shown so far are outdated by it."""
        self.store(turn=self.state.turn + 1, **changes)

    def store(self, **changes: Any) -> None:
        """Change the state, here and in the dialog slot."""
        self.state = msgspec.structs.replace(self.state, **changes)
        self.conversation.dialog.write(self.state)
