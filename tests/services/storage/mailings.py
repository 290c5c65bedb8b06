"""Mailings in tests of storage: their audience, how they are moved on, what they said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import insert, select, update

from contracts.base import Event
from contracts.broadcasts import (
    AddRecipients,
    Addressed,
    Audience,
    Content,
    ContinueMailing,
    CreateMailing,
    GetMailing,
    ListRecipients,
    Mailing,
    MailingCreated,
    MailingStarted,
    Recipient,
    RecipientPage,
    RecipientsAdded,
    RecipientsAddressed,
    StartMailing,
    Timing,
)
from contracts.notices import ENDS_AT_ONCE, EndResult, NoticeEnd, NoticesEnded
from contracts.people import PersonRemembered, QuietHours
from database import broadcasts as tables
from database.scheduled import Scheduled
from tests.services.acting import Acting

EventT = TypeVar("EventT", bound=Event)
TEXT = Content(text="<b>News</b> of the week")

_ids = count(7_000_000_001)
_lists = count(1)


def newcomers(count: int) -> list[int]:
    """Return the ids of people nobody has heard of, in their order."""
    return [next(_ids) for _ in range(count)]


def audience(list_id: str | None, *apps: str, **narrowed: Any) -> Audience:
    """Return an audience of news, of the documents bot unless others are named."""
    given: dict[str, Any] = {"apps": apps or ("documents",), "category": "news"}
    return Audience(list_id=list_id, **given | narrowed)


@dataclass(slots=True)
class Mailer:
    """A sender of mailings in the broadcasts bot, and what storage said since it was asked last."""

    acting: Acting
    mailing_id: int = 0
    heard: list[Event] = field(default_factory=list)

    @property
    def person(self) -> int:
        return self.acting.person

    async def meet(
        self,
        *people: int,
        app: str = "documents",
        language: str = "en",
        zone: str = "UTC",
        quiet: QuietHours | None = None,
    ) -> None:
        """Have people write to a bot."""
        for person in people:
            await self.acting.hear(
                PersonRemembered(
                    person_id=person,
                    app=app,
                    new=True,
                    language="ru" if language == "ru" else "en",
                    time_zone=zone,
                    quiet_hours=quiet,
                )
            )

    async def know(self, people: list[int]) -> None:
        """Have many people written to the documents bot, at once."""
        readers = [{"person_id": each, "language": "en", "time_zone": "UTC"} for each in people]
        contacts = [{"person_id": each, "app": "documents"} for each in people]
        async with self.acting.databases.storage.begin() as db:
            await db.execute(insert(tables.Reader), readers)
            await db.execute(insert(tables.Contact), contacts)

    async def last_active(self, person: int, at: datetime) -> None:
        """Pretend that somebody wrote to any bot at a moment last."""
        async with self.acting.databases.storage.begin() as db:
            this = tables.Contact.person_id == person
            await db.execute(update(tables.Contact).where(this).values(last_active=at))

    async def upload(self, *people: int) -> str:
        """Return the id of a list of people."""
        list_id = f"list-{self.person}-{next(_lists)}"
        added = await self.acting.do(AddRecipients(list_id=list_id, people=people))
        assert isinstance(added, RecipientsAdded)
        return list_id

    async def draft(
        self, audience: Audience, content: Content = TEXT, timing: Timing | None = None
    ) -> MailingCreated:
        """Create a mailing that may wake people up, unless a timing says otherwise."""
        await self.meet(self.person, app="broadcasts")
        timing = timing or Timing(respect_quiet_hours=False)
        create = CreateMailing(content=content, audience=audience, timing=timing)
        created = await self.acting.do(create)
        assert isinstance(created, MailingCreated)
        self.mailing_id = created.mailing_id
        return created

    async def start(
        self, audience: Audience, content: Content = TEXT, timing: Timing | None = None
    ) -> list[Addressed]:
        """Create a mailing, start it, and return whom storage addresses first."""
        created = await self.draft(audience, content, timing)
        start = StartMailing(mailing_id=self.mailing_id, version=created.version)
        started = await self.acting.do(start)
        assert isinstance(started, MailingStarted)
        return await self.go_on()

    async def start_with(self, people: list[int], **content: Any) -> list[Addressed]:
        """Start a mailing to these people, who have written to the documents bot."""
        list_id = await self.upload(*people)
        return await self.start(audience(list_id), **content)

    async def go_on(self) -> list[Addressed]:
        """Have the clock look after the mailing, and return who is addressed."""
        await self.acting.do(ContinueMailing(mailing_id=self.mailing_id))
        return self.addressed()

    def addressed(self) -> list[Addressed]:
        """Return who was addressed since it was asked last."""
        return [one for event in self.said(RecipientsAddressed) for one in event.recipients]

    async def end(
        self, people: Iterable[int], result: EndResult = "told", version: int = 0
    ) -> list[Addressed]:
        """Have notices end, and return who is addressed next; message ids are those of people."""
        ends = [
            NoticeEnd(
                app="documents",
                chat_id=person,
                key=f"mailing:{self.mailing_id}",
                version=version,
                receipt=f"mailing:{self.mailing_id}",
                result=result,
                message_id=person % 1_000_000 if result == "told" else 0,
                reason="Telegram says so" if result == "refused" else "",
            )
            for person in people
        ]
        for start in range(0, len(ends), ENDS_AT_ONCE):
            await self.acting.hear(NoticesEnded(ends=tuple(ends[start : start + ENDS_AT_ONCE])))
        return self.addressed()

    async def look(self) -> Mailing:
        """Return all that is known of the mailing."""
        found = await self.acting.ask(GetMailing(mailing_id=self.mailing_id))
        assert isinstance(found, Mailing)
        return found

    async def results(self) -> dict[str, int]:
        """Return how the sending ended for how many."""
        return {each.result: each.people for each in (await self.look()).sent}

    async def recipients(self) -> dict[int, Recipient]:
        """Return all recipients by id."""
        page = await self.acting.ask(ListRecipients(mailing_id=self.mailing_id))
        assert isinstance(page, RecipientPage)
        return {each.person_id: each for each in page.recipients}

    async def comes_at(self) -> datetime | None:
        """Return when the clock looks after the mailing next, None for never."""
        async with self.acting.databases.storage() as db:
            key = f"broadcasts:continue:{self.mailing_id}"
            return await db.scalar(select(Scheduled.due_at).where(Scheduled.key == key))

    async def pretend(self, **changes: Any) -> None:
        """Change the rows of recipients as if time had passed."""
        async with self.acting.databases.storage.begin() as db:
            these = tables.MailingRecipient.mailing_id == self.mailing_id
            await db.execute(update(tables.MailingRecipient).where(these).values(**changes))

    async def change(self, **changes: Any) -> None:
        """Change the mailing's row as if time had passed."""
        async with self.acting.databases.storage.begin() as db:
            this = tables.Mailing.id == self.mailing_id
            await db.execute(update(tables.Mailing).where(this).values(**changes))

    def said(self, kind: type[EventT]) -> list[EventT]:
        """Return the events of a kind that storage added since it was asked last."""
        self.heard += self.acting.events
        self.acting.events.clear()
        found = [event for event in self.heard if isinstance(event, kind)]
        self.heard = [event for event in self.heard if not isinstance(event, kind)]
        return found
