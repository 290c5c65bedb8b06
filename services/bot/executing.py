"""Commands whose outcome is all there is to say."""

from typing import TypeVar

from bus import NotInTime
from contracts.base import Command, Event
from screens import errors, screen_of
from services.bot.conversation import Conversation

OutcomeT = TypeVar("OutcomeT", bound=Event)


async def execute_and_show(
    command: Command[OutcomeT],
    conversation: Conversation,
    command_id: str | None = None,
    *,
    below: bool = False,
) -> OutcomeT | None:
    """Execute a command and show its outcome; `below` leaves the message with the button alone.

    Where that does not come in time, say that it will be told, and return None.
    """
    try:
        outcome = await conversation.execute(command, command_id)
    except NotInTime:
        accepted = errors.accepted(conversation.say)
        await (conversation.send(accepted) if below else conversation.show(accepted))
        return None
    screen = screen_of(outcome, conversation.say)
    if screen:
        await conversation.tell(screen, below=below)
    return outcome
