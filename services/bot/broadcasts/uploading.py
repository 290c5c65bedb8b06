"""Lists of people that are pasted or uploaded: read, kept by storage, and reported on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiogram.types import Document, Message

from contracts.broadcasts import RECIPIENTS_AT_ONCE, AddRecipients, MailingRefused, RecipientsAdded
from screens import broadcasts as screens
from screens import screen_of
from services.bot.broadcasts.people_list import decoded, read_people
from services.bot.conversation import Conversation
from services.bot.forms import Answer, FormState, Unfit
from services.bot.forms.fields import AnyMessage, Field
from telegram_api.download import download
from telegram_api.errors import FileTooBig, TelegramAway, WrongFileId

PEOPLE_LIMIT = 20_000
"""At once: as many as are read and kept while the person waits. More can be added."""
SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, kw_only=True)
class PeopleToAdd(Field):
    """People by their ids; the answer is the list under which they are kept, and a report.

    They are added to the list `list_id` of the form's answers, if it was begun with one.
    """

    takes_files: ClassVar[bool] = True

    async def read(
        self, message: Message, command: AnyMessage, conversation: Conversation
    ) -> Answer:
        say = conversation.say
        text = await _text_of(message, conversation)
        found = read_people(text)
        flaws = [(row.number, row.written, row.flaw) for row in found.bad]
        if len(found.ids) > PEOPLE_LIMIT:
            raise Unfit(screens.list_too_large(PEOPLE_LIMIT, say))
        if not found.ids:
            raise Unfit(screens.nobody_named(flaws, say))
        new_id = conversation.new_id()
        list_id = _list_to_extend(conversation) or new_id
        total, unknown = await _keep(list_id, new_id, found.ids, conversation)
        report = screens.list_read(total, unknown, flaws, say)
        if not total:
            raise Unfit(screens.nobody_known(report, say))
        return Answer((list_id, report), str(total))


def _list_to_extend(conversation: Conversation) -> str:
    state = conversation.dialog.read(FormState)
    given = state.answers.get("list_id") if state else None
    return str(given.value) if given else ""


async def _keep(
    list_id: str, new_id: str, ids: Sequence[int], conversation: Conversation
) -> tuple[int, list[int]]:
    """Have storage keep people; returns how many the list has, and who is not in it.

    Those never wrote to a bot.
    """
    outcomes = await asyncio.gather(
        *(
            conversation.execute(
                AddRecipients(
                    list_id=list_id, people=tuple(ids[start : start + RECIPIENTS_AT_ONCE])
                ),
                f"{new_id}-{start}",
            )
            for start in range(0, len(ids), RECIPIENTS_AT_ONCE)
        )
    )
    total, unknown = 0, list[int]()
    for outcome in outcomes:
        match outcome:
            case RecipientsAdded():
                total = max(total, outcome.total)
                unknown += outcome.unknown
            case MailingRefused():
                refusal = screen_of(outcome, conversation.say)
                raise Unfit(refusal.text if refusal else "")
    return total, unknown


async def _text_of(message: Message, conversation: Conversation) -> str:
    if message.text:
        return message.text
    if message.document is None:
        raise Unfit(screens.wants_list(conversation.say))
    return decoded(await _bytes_of(message.document, conversation))


async def _bytes_of(document: Document, conversation: Conversation) -> bytes:
    say, data = conversation.say, bytearray()
    if (document.file_size or 0) > SIZE_LIMIT:
        raise Unfit(screens.list_too_large(PEOPLE_LIMIT, say))
    try:
        async for chunk in download(conversation.answering.bot, document.file_id):
            data += chunk
            if len(data) > SIZE_LIMIT:
                raise Unfit(screens.list_too_large(PEOPLE_LIMIT, say))
    except (TelegramAway, WrongFileId, FileTooBig):
        raise Unfit(screens.file_not_read(say)) from None
    return bytes(data)
