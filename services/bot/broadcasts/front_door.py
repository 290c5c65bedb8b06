"""What the broadcasts bot says at its front door: by what its visitor may do."""

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


FRONT_DOOR = SendersDoor(greeting=screens.greeting, help_text=screens.help_text, menu=screens.menu)


def may_send(conversation: Conversation) -> bool:
    """Tell whether somebody sees the buttons of mailings; what they may do is for others to say."""
    return not SENDERS.isdisjoint(conversation.person.roles)


def is_admin(conversation: Conversation) -> bool:
    """Tell whether somebody sees who may send mailings."""
    return ADMIN in conversation.person.roles
