"""Broadcasts: who can be written to, mailings, and what became of each recipient."""

from database.broadcasts.audience import chosen, tried
from database.broadcasts.counting import ends_of, progress_of
from database.broadcasts.mailings import (
    Mailing,
    MailingFile,
    MailingRecipient,
    MailingTally,
    MailingUpload,
    RecipientState,
)
from database.broadcasts.people import (
    Contact,
    ListedPerson,
    PeopleList,
    Reader,
    Sender,
    Unreachable,
)

__all__ = [
    "Contact",
    "ListedPerson",
    "Mailing",
    "MailingFile",
    "MailingRecipient",
    "MailingTally",
    "MailingUpload",
    "PeopleList",
    "Reader",
    "RecipientState",
    "Sender",
    "Unreachable",
    "chosen",
    "ends_of",
    "progress_of",
    "tried",
]
