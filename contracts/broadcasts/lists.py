"""Lists of people, pasted or uploaded, for mailings to nobody else."""

from typing import Annotated

from msgspec import Meta

from contracts.base import Command, Event, PersonId
from contracts.broadcasts.composing import MailingRefused
from contracts.broadcasts.fields import App, Count, ListId

RECIPIENTS_AT_ONCE = 5000
"""People of one command; longer lists come in several."""


class RecipientsAdded(Event, frozen=True, kw_only=True):
    """A list is longer by `added` people and has `total` now.

    `doubles` were in it, or in the command, already; `unknown` never wrote to the chosen bots, and
    are not in it.
    """

    person_id: PersonId
    list_id: ListId
    added: Count
    doubles: Count
    unknown: tuple[PersonId, ...]
    total: Count


class AddRecipients(Command[RecipientsAdded | MailingRefused], frozen=True, kw_only=True):
    """Add people to a list of the acting person; the first people make it.

    A list that no mailing uses is forgotten after a day. `apps` are the chosen bots, empty for all.
    """

    list_id: ListId
    people: Annotated[tuple[PersonId, ...], Meta(min_length=1, max_length=RECIPIENTS_AT_ONCE)]
    apps: Annotated[tuple[App, ...], Meta(max_length=64)] = ()


class ListDiscarded(Event, frozen=True, kw_only=True):
    """A list was looked at a day after it was begun; `discarded` unless a mailing uses it."""

    person_id: PersonId
    list_id: ListId
    discarded: bool


class DiscardList(Command[ListDiscarded], frozen=True, kw_only=True):
    """Forget a list that no mailing uses; sent by the clock."""

    list_id: ListId
