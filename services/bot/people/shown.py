"""The screen of a person's settings, and having them looked up anew."""

from datetime import UTC, datetime

from msgspec.structs import replace

from contracts.screens import Screen
from screens import own_settings
from screens import people as screens
from services.bot.conversation import Conversation


def settings(conversation: Conversation, word: str = "") -> Screen:
    """Return the person's settings, the bot's own among them, below a word."""
    screen = screens.settings(conversation.person, datetime.now(UTC), conversation.say)
    own = own_settings(conversation.app, conversation.say)
    screen = replace(screen, buttons=(*own, *screen.buttons))
    return replace(screen, text=f"{word}\n\n{screen.text}") if word else screen


async def ask_anew(conversation: Conversation) -> None:
    """Have the changed settings looked up at the next update, however soon that comes."""
    await conversation.memory.forget_person(conversation.person.person_id)
