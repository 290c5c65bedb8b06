"""Feeds: a secret address under which calendar programs read a person's tasks, until revoked.

No message holds what opens a feed but the answer to GetFeedAddress, which no stream keeps.
"""

from typing import Annotated

from msgspec import Meta

from contracts.base import Command, Event, Language, PersonId, Query, Reply
from contracts.calendar.exporting import After, ExportedTask
from contracts.calendar.fields import Moment
from contracts.people import TimeZoneName

FeedId = Annotated[int, Meta(gt=0, le=2**63 - 1)]


class FeedCreated(Event, frozen=True, kw_only=True):
    """A person's tasks can be subscribed to; `new` is false where they could before."""

    person_id: PersonId
    feed_id: FeedId
    new: bool


class FeedRevoked(Event, frozen=True, kw_only=True):
    """A person's address opens nothing any more; another feed has another address."""

    person_id: PersonId


class CreateFeed(Command[FeedCreated], frozen=True, kw_only=True):
    """Let the acting person subscribe to their tasks."""


class RevokeFeed(Command[FeedRevoked], frozen=True, kw_only=True):
    """Have the acting person's address open nothing any more."""


class FeedAddress(Reply, frozen=True, kw_only=True):
    """The address of a feed: whoever has it reads the tasks."""

    url: str
    created_at: Moment


class NoFeed(Reply, frozen=True, kw_only=True):
    """There is no feed; without `possible` this installation has no address to put one under."""

    possible: bool


class GetFeedAddress(Query[FeedAddress | NoFeed], frozen=True, kw_only=True):
    """Under which address are the acting person's tasks?"""


class Feed(Reply, frozen=True, kw_only=True):
    """What a feed holds, in pages by the tasks' ids; with `more` there are others."""

    person_id: PersonId
    language: Language
    time_zone: TimeZoneName
    tasks: tuple[ExportedTask, ...]
    more: bool


class DeadFeed(Reply, frozen=True, kw_only=True):
    """A feed was revoked, or its person is forgotten."""


class GetFeed(Query[Feed | DeadFeed], frozen=True, kw_only=True):
    """What does a feed hold? Asked by the service that has checked its signature, for nobody."""

    feed_id: FeedId
    after: After = 0
