"""What is asked about mailings for sheets and charts: recipients page by page, and the pace."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from contracts.base import Page
from contracts.broadcasts import (
    GetMailingPace,
    ListMailings,
    ListRecipients,
    MailingPace,
    MailingPage,
    NoMailing,
    RecipientPage,
)
from database import broadcasts as tables
from tests.services.acting import Acting
from tests.services.storage.mailings import Mailer, audience, newcomers

BEGAN = datetime(2026, 3, 14, 23, 58, tzinfo=UTC)


async def pace(mailer: Mailer) -> MailingPace:
    found = await mailer.acting.ask(GetMailingPace(mailing_id=mailer.mailing_id))
    assert isinstance(found, MailingPace)
    return found


async def tally(mailer: Mailer, people: dict[tuple[int, str], int]) -> None:
    """Have it ended for people, by minutes after the beginning and result."""
    kind = {"number": 0, "app": "documents", "language": "en", "mailing_id": mailer.mailing_id}
    rows = [
        {**kind, "minute": BEGAN + timedelta(minutes=after), "result": result, "people": count}
        for (after, result), count in people.items()
    ]
    async with mailer.acting.databases.storage.begin() as db:
        await db.execute(insert(tables.MailingTally), rows)


async def test_recipients_come_in_pages_and_mailings_newest_first(
    mailer: Mailer, somebody_else: Acting
) -> None:
    people = newcomers(5)
    await mailer.know(people)
    await mailer.start_with(people)
    await mailer.end(people[:4])
    found: list[int] = []
    after, pages = 0, 0
    while after or not pages:
        query = ListRecipients(mailing_id=mailer.mailing_id, after=after, limit=2)
        page = await mailer.acting.ask(query)
        assert isinstance(page, RecipientPage)
        found += [each.person_id for each in page.recipients]
        after, pages = page.after, pages + 1
    assert (found, pages) == (people, 3)
    foreign = await somebody_else.ask(ListRecipients(mailing_id=mailer.mailing_id))
    assert foreign == NoMailing()

    first = mailer.mailing_id
    await mailer.draft(audience(await mailer.upload(*people)))
    listed = await mailer.acting.ask(ListMailings(page=Page(limit=2)))
    assert isinstance(listed, MailingPage)
    assert [each.mailing_id for each in listed.mailings] == [mailer.mailing_id, first]
    assert [each.state for each in listed.mailings] == ["draft", "running"]
    assert listed.mailings[0].title == "News of the week"


async def test_the_pace_is_told_in_steps_that_a_chart_can_show(mailer: Mailer) -> None:
    await mailer.draft(audience(None))
    told = {(0, "told"): 30, (0, "blocked"): 2, (1, "told"): 5, (3, "told"): 7}
    # One whose fate turned out to be known after all is taken off where it was found out.
    await tally(mailer, {**told, (3, "fate_unknown"): -1})
    found = await pace(mailer)
    assert found.minutes == 1
    assert [(each.told, each.failed) for each in found.steps] == [(30, 2), (5, 0), (7, 0)]

    await tally(mailer, {(after, "told"): 1 for after in range(4, 700)})
    found = await pace(mailer)
    assert found.minutes == 5
    assert len(found.steps) <= 300
    assert found.steps[0].at == datetime(2026, 3, 14, 23, 55, tzinfo=UTC)
    assert sum(each.told for each in found.steps) == 30 + 5 + 7 + 696
