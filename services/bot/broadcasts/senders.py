"""Who may send mailings: administrators let others, and take it back."""

from aiogram.types import CallbackQuery, Message

from bus import QueryUnavailable
from contracts.people import GrantRole, ListRoleHolders, RevokeRole, RoleGranted, RoleHolders
from screens import broadcasts as screens
from screens.broadcasts import RevokeButton, SendersButton
from services.bot import forms
from services.bot.broadcasts import cards
from services.bot.broadcasts.fields import SomePerson
from services.bot.broadcasts.front_door import FRONT_DOOR
from services.bot.conversation import Conversation
from services.bot.executing import execute_and_show
from services.bot.forms import Form


def grant(person_id: int) -> GrantRole:
    return GrantRole(person_id=person_id, role="broadcaster")


GRANT = Form(
    name="broadcasts.grant",
    command=GrantRole,
    fields=(SomePerson(name="person_id", label=screens.sender_label, question=screens.ask_sender),),
    home=FRONT_DOOR.home,
    done=RoleGranted,
    review=False,
    build=grant,
)


async def show(_: CallbackQuery | Message, conversation: Conversation) -> None:
    try:
        found = await conversation.ask(ListRoleHolders(role="broadcaster"))
    except QueryUnavailable:
        await cards.cannot_look_up(SendersButton(), conversation)
        return
    if isinstance(found, RoleHolders):
        zone = conversation.person.time_zone
        await conversation.show(screens.senders(found, zone, conversation.say))
    else:
        await conversation.show(screens.administrators_only(conversation.say))


async def ask(_: CallbackQuery, conversation: Conversation) -> None:
    await forms.start(GRANT, conversation)


async def revoke(_: CallbackQuery, callback_data: RevokeButton, conversation: Conversation) -> None:
    """Ask first, then do it."""
    person_id = callback_data.person_id
    if callback_data.sure:
        command = RevokeRole(person_id=person_id, role="broadcaster")
        await execute_and_show(command, conversation)
    else:
        await conversation.show(screens.confirm_revocation(person_id, conversation.say))
