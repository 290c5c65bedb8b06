"""How documents are searched for: a question for the words, and pages of what was found."""

from typing import Any

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from contracts.base import Query
from contracts.documents import SearchDocuments, SearchPage
from screens import documents as screens
from screens import errors
from screens.documents import FoundButton
from services.bot import forms
from services.bot.conversation import Conversation
from services.bot.documents.adding import FRONT_DOOR
from services.bot.forms import Form, FormState, Text, Unfit, fit
from services.bot.lists import PagedList

WORDS = "words"


async def show_found(query: Query[Any], conversation: Conversation) -> None:
    """Show the first page; the words stay in the dialog, from where later pages have them."""
    state = conversation.dialog.read(FormState)
    if state:
        await _list(state).show(FoundButton(form_id=state.form_id), conversation)


SEARCH = Form(
    name="documents.search",
    command=SearchDocuments,
    fields=(Text(name=WORDS, label=screens.words_label, question=screens.ask_words),),
    home=FRONT_DOOR.home,
    review=False,
    answer=show_found,
)


async def ask_words(_: CallbackQuery, conversation: Conversation) -> None:
    await _begin(conversation)


async def search(message: Message, command: CommandObject, conversation: Conversation) -> None:
    """Search for the words behind the command, or ask for some."""
    await _begin(conversation, command.args or "")


async def turn_page(
    press: CallbackQuery, callback_data: FoundButton, conversation: Conversation
) -> None:
    """Turn to another page, unless something else has begun since and the words are forgotten."""
    state = conversation.dialog.read(FormState)
    if state and state.form_id == callback_data.form_id and WORDS in state.answers:
        await _list(state).show(callback_data, conversation)
        return
    await conversation.toast(errors.button_outdated(conversation.say))
    if not forms.unfinished_form(conversation):
        await _begin(conversation)


async def _begin(conversation: Conversation, words: str = "") -> None:
    unfinished = forms.unfinished_form(conversation)
    if unfinished and unfinished.form == SEARCH.name:
        conversation.dialog.clear()
    try:
        known = {WORDS: fit(words, SearchDocuments, WORDS, conversation.say)} if words else {}
    except Unfit as reason:
        filling = await forms.open_form(SEARCH, conversation)
        if filling:
            await filling.show(str(reason))
        return
    await forms.start(SEARCH, conversation, **known)


def _list(state: FormState) -> PagedList[FoundButton, SearchPage]:
    words = str(state.answers[WORDS].value)
    return PagedList(
        button=FoundButton,
        page=SearchPage,
        query=lambda at, page: SearchDocuments(words=words, page=page),
        screen=screens.found,
    )
