"""What the fields of the mailings' messages may hold."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

MailingId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
MailingVersion = Annotated[int, Meta(gt=0, le=2**31 - 1)]
"""Counts the changes of a draft: a change that was made on an older version is refused."""
App = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9_]*$")]
"""A bot, by the name of its app."""
ListId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""A list of people, under an id that whoever uploads it makes up."""
Moment = Annotated[datetime, Meta(tz=True)]
LocalMoment = Annotated[str, Meta(pattern=r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d$")]
"""A day and a time by everybody's own clock, e.g. `2026-12-24T10:00`."""
Count = Annotated[int, Meta(ge=0)]

MailingState = Literal[
    "draft", "scheduled", "running", "paused", "cancelled", "finished", "withdrawn"
]
"""`finished` and `cancelled` ones may have been sent to some; those can be edited or withdrawn, and
are `running` meanwhile."""

Work = Literal["send", "edit", "withdraw"]
"""What a mailing does, or did last: its messages are sent, edited, or deleted again."""

RecipientResult = Literal[
    "",
    "told",
    "blocked",
    "deactivated",
    "refused",
    "too_late",
    "fate_unknown",
    "opted_out",
    "unreachable",
    "no_file",
]
"""How it ended for a recipient; empty while it has not.

`told`: done. Tried in vain: `blocked` the bot, account `deactivated`, `refused` by Telegram,
`too_late` (its time had passed), `fate_unknown` (it may be in the chat or not), `no_file` (Telegram
did not take the file). Never tried, because since the mailing was started they `opted_out` of its
category, or became `unreachable` (they blocked the bot, or asked to be forgotten).
"""
