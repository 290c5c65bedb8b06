"""What mailings tell: recipients their message, authors how far it is and how it looks."""

from bus import Envelope, Router
from contracts.broadcasts import (
    Addressed,
    MailingFileWanted,
    MailingPreviewed,
    MailingProgressed,
    RecipientsAddressed,
)
from contracts.files import SendUpload
from contracts.notices import Notice
from contracts.screens import Screen
from screens.broadcasts import mailing_message, mailing_progressed
from screens.texts import texts

APP = "broadcasts"

router = Router()

# Recipients are told in their private chats, which have the ids of their persons.


@router.handle
async def send_on_recipients_addressed(event: RecipientsAddressed) -> tuple[Notice, ...]:
    """One message a recipient, whatever becomes of it later: edits are its next versions."""
    files = {file.app: file.file_id for file in event.files}
    return tuple(
        Notice(
            app=recipient.app,
            chat_id=recipient.chat_id,
            screen=_screen(event, recipient, files.get(recipient.app, "")),
            key=_name(event.mailing_id),
            version=event.number,
            urgency="bulk",
            not_after=event.not_after,
            message_id=recipient.message_id,
            receipt=_name(event.mailing_id),
        )
        for recipient in event.recipients
    )


@router.handle
async def upload_on_mailing_file_wanted(event: MailingFileWanted) -> SendUpload | None:
    """The author acts: the file is theirs."""
    media = event.content.media
    if media is None:
        return None
    recipient = event.recipient
    return SendUpload(
        app=recipient.app,
        chat_id=recipient.chat_id,
        upload_id=media.upload_id,
        kind=media.kind,
        name=media.name or media.kind,
        screen=mailing_message(event.content, event.category, texts(recipient.language)),
        kept_by=APP,
        receipt=_name(event.mailing_id),
    )


@router.handle
async def show_progress_on_mailing_progressed(event: MailingProgressed) -> Notice:
    """One message for each pass, edited while it lasts; answers to its author come first."""
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=mailing_progressed(event, texts(event.language)),
        key=f"{_name(event.mailing_id)}:progress:{event.number}",
        version=event.version,
        urgency="reminder",
    )


@router.handle
async def show_mailing_on_mailing_previewed(event: MailingPreviewed, cause: Envelope) -> Notice:
    """Each time they look, it is another message."""
    language = texts(event.language)
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=mailing_message(event.content, event.category, language, event.file_id),
        key=f"preview:{cause.message_id}"[:128],
    )


def _screen(event: RecipientsAddressed, recipient: Addressed, file_id: str) -> Screen | None:
    if event.work == "withdraw":
        return None
    return mailing_message(event.content, event.category, texts(recipient.language), file_id)


def _name(mailing_id: int) -> str:
    return f"mailing:{mailing_id}"
