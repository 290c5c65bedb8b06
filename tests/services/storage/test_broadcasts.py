"""Mailings: who gets one, addressed a thousand ahead of the sender, each once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import delete, func

from contracts.broadcasts import (
    Audience,
    AudienceCount,
    CountAudience,
    CreateMailing,
    DeleteMailing,
    GetSenderRights,
    ListMailings,
    MailingDeleted,
    MailingPage,
    MailingProgressed,
    MailingRefused,
    NotASender,
    Timing,
)
from contracts.people import (
    OptOutsChanged,
    PersonErased,
    ReachabilityChanged,
    RoleGranted,
    RoleRevoked,
    SettingsChanged,
)
from database import broadcasts as tables
from services.storage.broadcasts.addressing import ahead_of
from tests.services.acting import Acting
from tests.services.storage.mailings import TEXT, Mailer, audience, newcomers


async def test_a_mailing_reaches_each_of_its_audience_once(mailer: Mailer) -> None:
    people = newcomers(100)
    await mailer.meet(mailer.person, app="broadcasts")
    await mailer.meet(*people[:60], language="ru")
    await mailer.meet(*people[60:])
    addressed = await mailer.start_with(people)
    assert [one.chat_id for one in addressed] == people
    assert {one.language for one in addressed[:60]} == {"ru"}

    assert await mailer.end(people[:80]) == []
    await mailer.end(people[:80])  # said again, it is no news
    await mailer.end(people[80:90], "blocked")
    assert (await mailer.look()).state == "running"
    await mailer.end(people[90:], "refused")

    found = await mailer.look()
    assert (found.state, found.people, found.editable) == ("finished", 100, 80)
    assert await mailer.results() == {"told": 80, "blocked": 10, "refused": 10}
    assert {(each.language, each.result): each.people for each in found.breakdown} == {
        ("ru", "told"): 60,
        ("en", "told"): 20,
        ("en", "blocked"): 10,
        ("en", "refused"): 10,
    }
    assert (await mailer.recipients())[people[-1]].reason == "Telegram says so"
    last = mailer.said(MailingProgressed)[-1]
    assert last.finished
    assert (last.progress.done, last.progress.left) == (80, 0)
    assert await mailer.comes_at() is None


async def test_some_seconds_are_ahead_of_the_sender_and_no_more(mailer: Mailer) -> None:
    people = newcomers(300)
    await mailer.know(people)
    first = await mailer.start_with(people)
    assert [one.chat_id for one in first] == people[:100]

    assert await mailer.end(people[:49]) == []
    assert [one.chat_id for one in await mailer.end(people[49:50])] == people[100:150]
    # Out of order, and with repeats of what is known.
    assert [one.chat_id for one in await mailer.end(reversed(people[:100]))] == people[150:200]
    found = await mailer.look()
    assert (found.progress.done, found.progress.on_their_way) == (100, 100)
    assert [ahead_of(tables.Mailing(rate=rate)) for rate in (0.0, 30.0, 1e6)] == [100, 150, 1000]


async def test_who_cannot_get_it_any_more_is_passed_over(mailer: Mailer) -> None:
    people = newcomers(5)
    opted_out, blocked, erased, overlooked, gets_it = people
    await mailer.meet(*people)
    in_an_hour = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert await mailer.start_with(people, timing=Timing(local=in_an_hour)) == []
    assert (await mailer.look()).progress.left == 5
    hear = mailer.acting.hear
    await hear(OptOutsChanged(person_id=opted_out, category="news", opted_out=("news",)))
    await hear(ReachabilityChanged(person_id=blocked, app="documents", blocked=True))
    await hear(PersonErased(person_id=erased))
    # As if they had been forgotten while the rows were made: theirs were not seen then.
    async with mailer.acting.databases.storage.begin() as db:
        await db.execute(delete(tables.Reader).where(tables.Reader.person_id == overlooked))
    await mailer.pretend(due_at=func.now())
    assert [one.chat_id for one in await mailer.go_on()] == [gets_it]

    await mailer.end([gets_it])
    assert await mailer.results() == {"opted_out": 1, "unreachable": 3, "told": 1}
    assert not {erased, overlooked} & (await mailer.recipients()).keys()
    # Forgotten afterwards, they stay counted.
    await hear(PersonErased(person_id=gets_it))
    assert (await mailer.results())["told"] == 1


async def test_an_audience_is_counted_as_it_would_be_written_to(mailer: Mailer) -> None:
    both, quiet_one, russian, left, opted_out = people = newcomers(5)
    await mailer.meet(mailer.person, both, quiet_one, left, opted_out)
    await mailer.meet(russian, language="ru")
    await mailer.meet(both, left, app="calendar")
    hear = mailer.acting.hear
    await hear(OptOutsChanged(person_id=opted_out, category="news", opted_out=("news",)))
    await hear(ReachabilityChanged(person_id=left, app="calendar", blocked=True))
    await hear(
        ReachabilityChanged(person_id=left, app="documents", blocked=True, reason="deactivated")
    )
    await mailer.last_active(quiet_one, datetime.now(UTC) - timedelta(days=40))
    list_id = await mailer.upload(*people, *newcomers(1))

    async def counted(**narrowed: Any) -> tuple[dict[str, int], int, int]:
        whom = audience(list_id, "documents", "calendar", **narrowed)
        count = await mailer.acting.ask(CountAudience(audience=whom))
        assert isinstance(count, AudienceCount)
        draft = await mailer.draft(whom)
        assert draft.people == count.people
        return {each.app: each.people for each in count.bots}, count.opted_out, count.unreachable

    assert await counted() == ({"calendar": 1, "documents": 2}, 1, 1)
    assert await counted(category="offers") == ({"calendar": 1, "documents": 3}, 0, 1)
    assert await counted(languages=("ru",)) == ({"documents": 1}, 0, 0)
    assert await counted(active_days=30) == ({"calendar": 1, "documents": 1}, 1, 1)
    assert await counted(apps=("documents",), active_days=50) == ({"documents": 3}, 1, 1)
    # Whoever writes again is there again, by all bots that they have not blocked.
    await mailer.meet(left)
    assert await counted() == ({"calendar": 1, "documents": 3}, 1, 0)


async def test_only_senders_send_and_each_sees_their_own(
    mailer: Mailer, somebody_else: Acting
) -> None:
    somebody_else.app = "broadcasts"
    other = Mailer(somebody_else)
    (reader,) = newcomers(1)
    await mailer.meet(reader, mailer.person, other.person)
    create = CreateMailing(content=TEXT, audience=audience(None))
    refused = await other.acting.do(create)
    assert isinstance(refused, MailingRefused)
    assert refused.reason == "not_permitted"
    assert await other.acting.ask(ListMailings()) == NotASender()

    granted = RoleGranted(person_id=other.person, role="broadcaster", granted_by=mailer.person)
    await other.acting.hear(granted)
    rights = await other.acting.ask(GetSenderRights())
    assert rights.may_send
    assert {"documents"} <= {bot.app for bot in rights.bots}
    await mailer.draft(audience(None))
    await other.draft(audience(await other.upload(reader)))
    page = await other.acting.ask(ListMailings())
    assert isinstance(page, MailingPage)
    assert [each.mailing_id for each in page.mailings] == [other.mailing_id]
    of_another = await other.acting.do(DeleteMailing(mailing_id=mailer.mailing_id))
    assert isinstance(of_another, MailingRefused)
    assert of_another.reason == "no_such_mailing"
    # An administrator sees to all of them, and whom they are for.
    theirs, admins = [audience(await one.upload(reader)) for one in (other, mailer)]
    assert await people_of(other, theirs) == await people_of(mailer, theirs) == 1
    assert await people_of(other, admins) == 0
    deleted = await mailer.acting.do(DeleteMailing(mailing_id=other.mailing_id))
    assert isinstance(deleted, MailingDeleted)


async def people_of(mailer: Mailer, whom: Audience) -> int:
    count = await mailer.acting.ask(CountAudience(audience=whom))
    assert isinstance(count, AudienceCount)
    return count.people


async def test_a_role_that_is_revoked_does_not_come_back_by_a_grant_heard_of_late(
    mailer: Mailer, somebody_else: Acting
) -> None:
    now = datetime.now(UTC)
    somebody_else.app = "broadcasts"
    role: dict[str, Any] = {"person_id": somebody_else.person, "role": "broadcaster"}
    granted = RoleGranted(**role, granted_by=mailer.person, changed_at=now - timedelta(minutes=1))
    await somebody_else.hear(granted)
    assert (await somebody_else.ask(GetSenderRights())).may_send

    await somebody_else.hear(RoleRevoked(**role, revoked_by=mailer.person, changed_at=now))
    await somebody_else.hear(granted)
    assert not (await somebody_else.ask(GetSenderRights())).may_send
    create = CreateMailing(content=TEXT, audience=audience(None))
    refused = await somebody_else.do(create)
    assert isinstance(refused, MailingRefused)
    assert refused.reason == "not_permitted"


async def test_of_what_people_changed_the_latest_counts_in_any_order(mailer: Mailer) -> None:
    (person,) = newcomers(1)
    await mailer.meet(mailer.person, person)
    now, hear = datetime.now(UTC), mailer.acting.hear
    earlier = now - timedelta(seconds=1)
    out = OptOutsChanged(person_id=person, category="offers", opted_out=("offers",), changed_at=now)
    blocked = ReachabilityChanged(
        person_id=person, app="documents", blocked=True, reason="blocked", changed_at=earlier
    )
    settings = SettingsChanged(
        person_id=person, language="ru", time_zone="Asia/Tokyo", changed_at=now
    )
    await hear(out)
    await hear(replace(out, category="news", opted_out=("news",), changed_at=earlier))
    await hear(replace(blocked, blocked=False, reason="unblocked", changed_at=now))
    await hear(blocked)
    await hear(settings)
    await hear(replace(settings, language="en", changed_at=earlier))
    await mailer.meet(person)

    list_id = await mailer.upload(person)
    for whom, reached, opted_out in (
        (audience(list_id), 1, 0),
        (audience(list_id, category="offers"), 0, 1),
        (audience(list_id, languages=("en",)), 0, 0),
    ):
        count = await mailer.acting.ask(CountAudience(audience=whom))
        assert isinstance(count, AudienceCount)
        assert (count.people, count.opted_out, count.unreachable) == (reached, opted_out, 0)
