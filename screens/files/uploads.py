"""What people are told about their uploads: nothing, unless one is lost."""

from contracts.files import UploadLost, UploadNotSent
from contracts.screens import Screen
from screens.texts import Texts


def upload_lost(event: UploadLost, say: Texts) -> Screen:
    match event.reason:
        case "too_large":
            text = say("The file is larger than Telegram hands out to bots, so it was not kept.")
        case "gone":
            text = _gone(say)
    return Screen(text=text)


def upload_not_sent(event: UploadNotSent, say: Texts) -> Screen | None:
    """Return None for somebody who blocked the bot: they cannot be told."""
    return Screen(text=_gone(say)) if event.reason == "gone" else None


def _gone(say: Texts) -> str:
    return say("The file is gone: neither Telegram nor I have it. Please send it again.")
