"""A leading emoji is told apart from the name that follows it."""

import re

_PICTOGRAPH = (
    "(?:"
    "[\U0001f000-\U0001faff\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?"
    "|[0-9#*]\ufe0f?\u20e3"  # keycaps
    r"|\S"
    "\ufe0f"  # other symbols, where they ask to be shown as an emoji
    ")"
    "[\U0001f3fb-\U0001f3ff]?"  # the colour of a skin
    "[\U000e0020-\U000e007f]*"  # the region of a flag
)
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_EMOJI = re.compile(f"(?:{_FLAG}|{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*)")


def split_emoji(text: str, limit: int) -> tuple[str, str]:
    """Return a leading emoji of at most `limit` code points, empty if there is none, and the rest.

    An emoji with nothing behind it is a name.
    """
    found = _EMOJI.match(text)
    rest = text[found.end() :].strip() if found else ""
    if not found or not rest or len(found.group()) > limit:
        return "", text
    return found.group(), rest
