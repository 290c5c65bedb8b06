"""What people are told about their uploads: nothing, unless one is lost."""

from contracts.files import UploadLost
from contracts.screens import Screen
from screens.texts import Texts


def upload_lost(event: UploadLost, say: Texts) -> Screen:
    match event.reason:
        case "too_large":
            text = say("The file is larger than Telegram hands out to bots, so it was not kept.")
        case "gone":
            text = say("The file is gone: neither Telegram nor I have it. Please send it again.")
    return Screen(text=text)
