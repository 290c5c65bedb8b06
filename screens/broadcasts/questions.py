"""What is asked about a mailing."""

from datetime import datetime

from screens.texts import Texts


def text_label(say: Texts) -> str:
    return say.plain("Text")


def ask_text(say: Texts) -> str:
    return say("Send me the text, formatted as it shall look. Links and emoji stay, too.")


def ask_beginning(say: Texts) -> str:
    return say(
        "Send me the text, formatted as it shall look; or a picture or a file with the text "
        "below it. Links and emoji stay, too."
    )


def ask_other_text(say: Texts) -> str:
    return say("Send me the new text; file and buttons stay.")


def category_label(say: Texts) -> str:
    return say.plain("Kind")


def ask_category(say: Texts) -> str:
    return say("What kind of mailing is it? Who does not want that kind will not get it.")


def file_label(say: Texts) -> str:
    return say.plain("Picture or file")


def ask_file(say: Texts) -> str:
    return say("Send me the picture or the file. The text will stand below it.")


def photo_name(sent: datetime, time_zone: str, say: Texts) -> str:
    return say.plain("Photo {moment}", moment=say.moment(sent, time_zone, "d MMM y HH.mm.ss"))


def file_name(sent: datetime, time_zone: str, say: Texts) -> str:
    return say.plain("File {moment}", moment=say.moment(sent, time_zone, "d MMM y HH.mm.ss"))


def no_file(say: Texts) -> str:
    return say.plain("No picture or file")


def links_label(say: Texts) -> str:
    return say.plain("Buttons")


def ask_links(say: Texts) -> str:
    return say(
        "Send me the buttons, a line each: <code>Our site - https://example.org</code>. "
        "Two in a row are parted by <code>|</code> between spaces."
    )


def no_links(say: Texts) -> str:
    return say.plain("No buttons")


def days_label(say: Texts) -> str:
    return say.plain("Active within")


def ask_days(say: Texts) -> str:
    return say("Within how many days shall they have used the bot? Send me a number.")


def whenever(say: Texts) -> str:
    return say.plain("Whenever")


def list_label(say: Texts) -> str:
    return say.plain("List")


def ask_list(say: Texts) -> str:
    return say(
        "Send me Telegram ids, or a CSV file with them: in the first column, or in one called "
        "<code>id</code>. The mailing then goes to nobody else."
    )


def moment_label(say: Texts) -> str:
    return say.plain("When")


def ask_moment(say: Texts) -> str:
    return say("When shall it go out?")


def ask_local(say: Texts) -> str:
    return say("At what time shall everybody get it, by their own clock?")


def sender_label(say: Texts) -> str:
    return say.plain("Person")


def ask_sender(say: Texts) -> str:
    return say(
        "Who shall be allowed to send mailings? Send me their Telegram id or their contact, or "
        "forward me a message of theirs."
    )
