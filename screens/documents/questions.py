"""What the documents bot asks, and how it reads answers back."""

from datetime import datetime

from screens.texts import Texts


def file_label(say: Texts) -> str:
    return say.plain("File")


def files_label(count: int, say: Texts) -> str:
    return say.plain("Files ({count})", count=count)


def type_label(say: Texts) -> str:
    return say.plain("Type")


def name_label(say: Texts) -> str:
    return say.plain("Name")


def ask_file(say: Texts) -> str:
    return say("Send me the file or photo.")


def note_label(say: Texts) -> str:
    return say.plain("Note")


def ask_note(say: Texts) -> str:
    return say("What shall I note about it? Send me up to 1000 characters, or “-” to have no note.")


def remove_note(say: Texts) -> str:
    return say.plain("Remove the note")


def ask_type(say: Texts) -> str:
    return say("What type of document is it?")


def ask_name(say: Texts) -> str:
    return say("What shall it be called? Send me a name.")


def ask_new_name(say: Texts) -> str:
    return say("What shall it be called from now on? Send me a name.")


def new_type(say: Texts) -> str:
    return say.plain("New type")


def ask_new_type(say: Texts) -> str:
    return say("What is the new type called? It may begin with an emoji.")


def type_name(emoji: str, name: str) -> str:
    """Return a type as buttons and reviews show it, plain."""
    return f"{emoji} {name}".strip()


def photo_name(taken_at: datetime, time_zone: str, say: Texts) -> str:
    """Return a name for a photo, which Telegram gives none; it becomes a file's name."""
    return say.plain("Photo {moment}", moment=_file_moment(taken_at, time_zone, say))


def file_name(sent_at: datetime, time_zone: str, say: Texts) -> str:
    """Return a name for a file that came without one."""
    return say.plain("File {moment}", moment=_file_moment(sent_at, time_zone, say))


def _file_moment(moment: datetime, time_zone: str, say: Texts) -> str:
    # No colon: not every file system takes one in a name.
    return say.moment(moment, time_zone, "d MMM y HH.mm")
