"""What the broadcasts bot says at its front door: by what its visitor may do."""

from aiogram.types import Message

from bus import NotInTime, QueryUnavailable
from contracts.people import GetPerson, RememberPerson
from contracts.screens import Screen
from screens import broadcasts as screens
from services.bot.conversation import Conversation
from services.bot.menu import FrontDoor

ADMIN, SENDERS = "admin", frozenset({"admin", "broadcaster"})


class SendersDoor(FrontDoor):
    """The front door whose menu goes by the roles of a person."""

    def home(self, conversation: Conversation, text: str) -> Screen:
        if is_admin(conversation):
            return screens.admin_menu(conversation.say, text)
        menu = screens.menu if may_send(conversation) else screens.menu_of_others
        return menu(conversation.say, text)

    async def _start(self, message: Message, conversation: Conversation) -> None:
        if not may_send(conversation):
            await _learn_roles(conversation)
        await super()._start(message, conversation)


FRONT_DOOR = SendersDoor(greeting=screens.greeting, help_text=screens.help_text, menu=screens.menu)


def may_send(conversation: Conversation) -> bool:
    """Tell whether somebody sees the buttons of mailings; what they may do is for others to say."""
    return not SENDERS.isdisjoint(conversation.person.roles)


def is_admin(conversation: Conversation) -> bool:
    """Tell whether somebody sees who may send mailings."""
    return ADMIN in conversation.person.roles


async def _learn_roles(conversation: Conversation) -> None:
    """Wait until it is known who writes: whoever was just made an administrator is one."""
    person = conversation.person
    try:
        await conversation.execute(
            RememberPerson(language=person.language, time_zone=person.time_zone)
        )
        found = await conversation.ask(GetPerson())
    except (NotInTime, QueryUnavailable):
        return  # the next update knows it
    if found.known:
        conversation.person = found
        await conversation.memory.forget_person(found.person_id)
