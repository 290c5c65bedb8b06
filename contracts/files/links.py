"""Links: whoever has one gets the files behind it, without Telegram, until it ends or is revoked.

No message holds what opens a link but the answer to ListLinks, which no stream keeps.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.base import Command, Event, PersonId, Query, Reply
from contracts.files.uploads import UploadId

LinkId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
LinkTarget = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
"""What a link leads to, in the words of its app: the id of a document, say."""
LinkTitle = Annotated[str, Meta(min_length=1, max_length=128)]
Days = Annotated[int, Meta(ge=1, le=365)]
Moment = Annotated[datetime, Meta(tz=True)]
LinkRefusal = Literal["no_such_file", "too_many_links", "no_such_link"]

LINKS_LIMIT = 10
"""Links to one target that work at the same time."""
LINKED_FILES_LIMIT = 100
"""Files behind one link."""


class LinkCreated(Event, frozen=True, kw_only=True):
    """There is a link; without `expires_at` it works until it is revoked."""

    person_id: PersonId
    app: str
    target: LinkTarget
    link_id: LinkId
    expires_at: Moment | None


class LinkRevoked(Event, frozen=True, kw_only=True):
    """A link works no more, because its person wanted so."""

    person_id: PersonId
    app: str
    target: LinkTarget
    link_id: LinkId


class LinkRefused(Event, frozen=True, kw_only=True):
    """A link was not created, or not revoked; `target` is empty where nothing is known of it."""

    person_id: PersonId
    app: str
    reason: LinkRefusal
    target: str = ""


class CreateLink(Command[LinkCreated | LinkRefused], frozen=True, kw_only=True):
    """Link to own uploads of the acting app; `days` None is until revoked."""

    target: LinkTarget
    title: LinkTitle
    upload_ids: Annotated[tuple[UploadId, ...], Meta(min_length=1, max_length=LINKED_FILES_LIMIT)]
    days: Days | None = 1


class RevokeLink(Command[LinkRevoked | LinkRefused], frozen=True, kw_only=True):
    """Have a link work no more."""

    link_id: LinkId


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that works, with the address that opens it: whoever reads that has the files."""

    link_id: LinkId
    url: str
    created_at: Moment
    expires_at: Moment | None


class LinkList(Reply, frozen=True, kw_only=True):
    """The links that work, the newest first."""

    links: tuple[Link, ...]


class NoLinks(Reply, frozen=True, kw_only=True):
    """This installation has no address under which links would work."""


class LinkedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file behind a link; `size` in bytes, the rest as Telegram described it."""

    upload_id: UploadId
    name: str
    mime_type: str
    size: int
    sha256: str


class LinkedFiles(Reply, frozen=True, kw_only=True):
    """What a link opens."""

    person_id: PersonId
    app: str
    title: LinkTitle
    files: tuple[LinkedFile, ...]


class DeadLink(Reply, frozen=True, kw_only=True):
    """A link opens nothing: not any more, or its files are in the trash or gone."""

    reason: Literal["revoked", "expired", "gone"]


class ListLinks(Query[LinkList | NoLinks], frozen=True, kw_only=True):
    """Which links of the acting person to a target of the acting app work?"""

    target: LinkTarget


class GetLink(Query[LinkedFiles | DeadLink], frozen=True, kw_only=True):
    """What does a link open? Asked by the service that has checked its signature, for nobody."""

    link_id: LinkId
