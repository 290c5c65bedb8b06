"""Secrets are cut out of any text that leaves the process: bot tokens, NATS seeds, passwords."""

import re

MASK = "***"

_SECRETS = (
    # A bot token; its numeric half is the bot's public id and says whose token it was.
    (re.compile(r"(\d+(?::|%3A))[A-Za-z0-9_-]{30,}", re.IGNORECASE), rf"\1{MASK}"),
    # An nkey seed: S, the kind of its owner, base32.
    (re.compile(r"\bS[UACONX][A-Z2-7]{50,}"), MASK),
    # The password in scheme://user:password@host, up to the last @ before the path.
    (re.compile(r"(://[^\s:/@\"'<>]*):[^\s/\"'<>]+@"), rf"\1:{MASK}@"),
    # The password in ?password=...
    (re.compile(r"([?&]password=)[^\s&\"'<>]+", re.IGNORECASE), rf"\1{MASK}"),
)


def masked(text: str) -> str:
    """Return the text with every secret replaced by `***`."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text
