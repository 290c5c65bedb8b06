"""How a mailing is made: its text and kind first, then whatever else it shall have."""

from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage
from msgspec.structs import replace

from contracts.broadcasts import (
    Audience,
    ChangeMailing,
    Content,
    CreateMailing,
    MailingCreated,
    MailingMedia,
)
from contracts.files import FileKind
from contracts.screens import CAPTION_LIMIT, TEXT_LIMIT, visible_length
from screens import broadcasts as screens
from screens import screen_of
from screens.broadcasts import CategoryButton
from services.bot import forms
from services.bot.broadcasts import cards
from services.bot.broadcasts.fields import (
    Attachment,
    Beginning,
    FormattedText,
    Kind,
    LinkButtons,
    buttons_of,
)
from services.bot.broadcasts.front_door import FRONT_DOOR
from services.bot.conversation import Conversation
from services.bot.forms import Form
from services.bot.forms.form import Answers
from services.discovery import bot_apps


async def create(answers: Answers, conversation: Conversation) -> None:
    """Keep what was answered as a draft for all who use the other bots."""
    others = tuple(app for app in bot_apps() if app != conversation.app)
    outcome = await conversation.execute(
        CreateMailing(
            content=_begun(answers["text"]),
            audience=Audience(apps=others, category=answers["category"]),
        )
    )
    if isinstance(outcome, MailingCreated):
        await cards.show_card(outcome.mailing_id, conversation)
        return
    refusal = screen_of(outcome, conversation.say)
    if refusal:
        await conversation.tell(refusal)


def _begun(answer: str | tuple[str, FileKind, str, str]) -> Content:
    if isinstance(answer, str):
        return Content(text=answer)
    return Content(text=answer[3], media=_media(*answer[:3]))


def _media(upload_id: str, kind: FileKind, name: str) -> MailingMedia:
    return MailingMedia(upload_id=upload_id, kind=kind, name=name[-255:])


async def change_content(answers: Answers, conversation: Conversation) -> None:
    """Put what was answered into the draft, the rest of it stays."""
    mailing = await cards.find(answers["mailing_id"], conversation)
    if mailing is None:
        return
    content = _changed(mailing.content, answers)
    if await cards.change(mailing, conversation, content=content):
        await cards.show_card(mailing.mailing_id, conversation)


def _changed(content: Content, answers: Answers) -> Content:
    if "text" in answers:
        return replace(content, text=answers["text"])
    if "links" in answers:
        return replace(content, buttons=buttons_of(answers["links"]) or ())
    if answers["file"] is None:
        return replace(content, media=None)
    return replace(content, media=_media(*answers["file"]))


async def back_to_card(answers: Answers, conversation: Conversation, word: str) -> None:
    """Show the mailing again whose question was left."""
    await cards.show_card(answers["mailing_id"], conversation, word)


NEW = Form(
    name="broadcasts.new",
    command=CreateMailing,
    fields=(
        Beginning(
            name="text",
            label=screens.text_label,
            question=screens.ask_beginning,
            photo_name=screens.photo_name,
            file_name=screens.file_name,
        ),
        Kind(name="category", label=screens.category_label, question=screens.ask_category),
    ),
    home=FRONT_DOOR.home,
    review=False,
    finish=create,
)


def _text_form(name: str, limit: int) -> Form:
    return Form(
        name=name,
        command=ChangeMailing,
        fields=(
            FormattedText(
                name="text", label=screens.text_label, question=screens.ask_text, limit=limit
            ),
        ),
        home=FRONT_DOOR.home,
        review=False,
        finish=change_content,
        left=back_to_card,
    )


TEXT = _text_form("broadcasts.text", TEXT_LIMIT)
CAPTION = _text_form("broadcasts.caption", CAPTION_LIMIT)

FILE = Form(
    name="broadcasts.file",
    command=ChangeMailing,
    fields=(
        Attachment(
            name="file",
            label=screens.file_label,
            question=screens.ask_file,
            photo_name=screens.photo_name,
            file_name=screens.file_name,
        ),
    ),
    home=FRONT_DOOR.home,
    review=False,
    finish=change_content,
    left=back_to_card,
)

LINKS = Form(
    name="broadcasts.links",
    command=ChangeMailing,
    fields=(LinkButtons(name="links", label=screens.links_label, question=screens.ask_links),),
    home=FRONT_DOOR.home,
    review=False,
    finish=change_content,
    left=back_to_card,
)


async def begin(_: CallbackQuery | TelegramMessage, conversation: Conversation) -> None:
    await forms.start(NEW, conversation)


async def begin_with_file(message: TelegramMessage, conversation: Conversation) -> None:
    """Take a picture or file that was sent unasked as the first answer."""
    filling = await forms.open_form(NEW, conversation)
    if filling:
        filling.begin_message(message)
        await filling.read(message)


async def ask_text(mailing_id: int, conversation: Conversation) -> None:
    """Ask for another text of a draft; raises QueryUnavailable."""
    mailing = await cards.find(mailing_id, conversation)
    if mailing:
        form = CAPTION if mailing.content.media else TEXT
        await forms.start(form, conversation, mailing_id=mailing_id)


async def ask_file(mailing_id: int, conversation: Conversation) -> None:
    """Ask for a picture or file, unless the text is too long for one; raises QueryUnavailable."""
    mailing = await cards.find(mailing_id, conversation)
    if mailing is None:
        return
    length = visible_length(mailing.content.text)
    if length > CAPTION_LIMIT:
        word = screens.shorten_first(length, CAPTION_LIMIT, conversation.say)
        await conversation.toast(word, alert=True)
        return
    await forms.start(FILE, conversation, mailing_id=mailing_id)


async def ask_links(mailing_id: int, conversation: Conversation) -> None:
    """Ask for the buttons."""
    await forms.start(LINKS, conversation, mailing_id=mailing_id)


async def choose_category(
    _: CallbackQuery, callback_data: CategoryButton, conversation: Conversation
) -> None:
    """Ask what the mailing is about, or take the answer."""
    at = callback_data
    mailing = await cards.as_shown(at, conversation)
    if mailing is None:
        return
    if not at.category:
        await conversation.show(screens.choose_category(mailing, conversation.say))
        return
    audience = replace(mailing.audience, category=at.category)
    if await cards.change(mailing, conversation, audience=audience):
        await cards.show_card(at.mailing_id, conversation)
