"""Secrets are cut out of any text that leaves the process, by their form and by their value."""

import base64
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST_HIDDEN = 6
"""Characters: anything shorter stands in words of every log."""

TEXTS_REMEMBERED = 4096

# What stands in every match and is found faster, the form itself, and what takes its place.
_SECRETS = (
    # A bot token; its numeric half is the bot's public id and says whose token it was.
    # Looked for from its colon on, which stands in few places: digits do in many.
    (":", re.compile(r":(?<=\d:)[A-Za-z0-9_-]{30,}"), f":{MASK}"),
    ("%3", re.compile(r"(%3[Aa])(?<=\d%3[Aa])[A-Za-z0-9_-]{30,}"), rf"\1{MASK}"),
    # An nkey seed: S, the kind of its owner, base32.
    ("S", re.compile(r"S(?<!\wS)[UACONX][A-Z2-7]{50,}"), MASK),
    # The password in scheme://user:password@host, up to the last @ before the path.
    ("://", re.compile(r"(://[^\s:/@\"'<>]*):[^\s/\"'<>]+@"), rf"\1:{MASK}@"),
    # What opens a link, or the feed of a calendar.
    ("/files/", re.compile(r"(/files/)[A-Za-z0-9_-]{40}(?![A-Za-z0-9_-])"), rf"\1{MASK}"),
    ("/calendar/", re.compile(r"(/calendar/)[A-Za-z0-9_-]{40}(?=\.ics)"), rf"\1{MASK}"),
    # The password in ?password=...
    ("=", re.compile(r"([?&]password=)[^\s&\"'<>]+", re.IGNORECASE), rf"\1{MASK}"),
)

# What follows PostgreSQL's DETAIL, which quotes values of rows, over as many lines as those have;
# once it is cut, the rest stays, also where its lines have become one.
_DETAIL = re.compile(
    r"DETAIL:(?! \*\*\*).*?"
    r"(?=\n[\s|+-]*(?:HINT:|CONTEXT:|\[SQL:|\[parameters:|\(Background on|Traceback \("
    r"|The above exception|During handling)|\Z)",
    re.DOTALL,
)

_hidden: dict[str, None] = {}


def hide(secret: str) -> None:
    """Cut this value, in whatever form it may stand, from all that is masked from now on."""
    if len(secret) < SHORTEST_HIDDEN:
        return
    forms = {**_hidden, **dict.fromkeys(_forms(secret))}
    _hidden.clear()
    # A secret may be a part of another: the longest goes first.
    _hidden.update(dict.fromkeys(sorted(forms, key=len, reverse=True)))
    remembered.cache_clear()


def masked(text: str) -> str:
    """Return the text with every secret replaced by `***`."""
    for value in _hidden:
        if value in text:
            text = text.replace(value, MASK)
    for sign, pattern, replacement in _SECRETS:
        if sign in text:
            text = pattern.sub(replacement, text)
    return text


def discreet(text: str) -> str:
    """Return the text without secrets, and without the values of rows that PostgreSQL quotes."""
    return masked(_DETAIL.sub(f"DETAIL: {MASK}", text) if "DETAIL:" in text else text)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def remembered(text: str) -> str:
    """Return what `discreet` does, faster for texts that come again and again."""
    return discreet(text)


def _forms(secret: str) -> Iterator[str]:
    """Every way in which a library may write the value."""
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    data = secret.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            yield _middle_of_base64(encode(b"\0" * before + data).decode(), before, len(data))


def _middle_of_base64(encoded: str, before: int, length: int) -> str:
    """The characters that stay the same whatever precedes and follows the secret."""
    first = -(-before * 8 // 6)
    last = (before + length) * 8 // 6
    return encoded[first:last]
