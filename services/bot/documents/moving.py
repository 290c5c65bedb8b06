"""How a document goes to another type."""

from aiogram.types import CallbackQuery

from contracts.documents import DocumentMoved, MoveDocument
from screens import documents as screens
from screens.documents import MoveButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.adding import FRONT_DOOR, NEW_TYPE, own_types
from services.bot.forms import Choice, Form

MOVE = Form(
    name="documents.move",
    command=MoveDocument,
    fields=(
        Choice(
            name="type_id",
            label=screens.type_label,
            question=screens.ask_other_type,
            options=own_types,
            creation=NEW_TYPE,
        ),
    ),
    done=DocumentMoved,
    home=FRONT_DOOR.home,
    review=False,
)


async def begin_to_move(
    _: CallbackQuery, callback_data: MoveButton, conversation: Conversation
) -> None:
    document, version = callback_data.document_id, callback_data.version
    await forms.start(MOVE, conversation, document_id=document, version=version)
