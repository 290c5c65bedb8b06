"""Mailings are paused, resumed, cancelled, edited and withdrawn, and get over what got lost."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func

from contracts.broadcasts import (
    CancelMailing,
    ContinueMailing,
    EditingStarted,
    EditMailing,
    MailingCancelled,
    MailingPaused,
    MailingProgressed,
    MailingRefused,
    MailingResumed,
    PauseMailing,
    RecipientsAddressed,
    ResumeMailing,
    WithdrawalStarted,
    WithdrawMailing,
)
from contracts.notices import NoticeEnd, NoticesEnded
from services.storage.broadcasts import addressing
from tests.services.acting import Acting
from tests.services.storage.mailings import Mailer, newcomers


async def test_a_pause_lets_out_what_is_on_its_way_and_resumes_at_the_exact_recipient(
    mailer: Mailer,
) -> None:
    people = newcomers(200)
    await mailer.know(people)
    await mailer.start_with(people)
    this = {"mailing_id": mailer.mailing_id}

    paused = await mailer.acting.do(PauseMailing(**this))
    assert paused == MailingPaused(person_id=mailer.person, **this, on_their_way=100, left=100)
    assert await mailer.end(people[:100]) == []
    assert await mailer.go_on() == []
    last = mailer.said(MailingProgressed)[-1]
    assert (last.progress.state, last.progress.on_their_way) == ("paused", 0)
    assert not last.finished

    resumed = await mailer.acting.do(ResumeMailing(**this))
    assert resumed == MailingResumed(person_id=mailer.person, **this, left=100)
    assert [one.chat_id for one in await mailer.go_on()] == people[100:]

    cancelled = await mailer.acting.do(CancelMailing(**this))
    assert cancelled == MailingCancelled(person_id=mailer.person, **this, on_their_way=100, left=0)
    assert not mailer.said(MailingProgressed)[-1].finished
    await mailer.end(people[100:])
    assert mailer.said(MailingProgressed)[-1].finished
    assert (await mailer.look()).state == "cancelled"
    refused = await mailer.acting.do(ResumeMailing(**this))
    assert isinstance(refused, MailingRefused)
    assert (refused.reason, refused.state) == ("wrong_state", "cancelled")


async def test_what_was_sent_is_edited_and_withdrawn_where_it_is(mailer: Mailer) -> None:
    people = newcomers(60)
    await mailer.know(people)
    await mailer.start_with(people)
    await mailer.end(people[:55])
    await mailer.end(people[55:], "blocked")
    this = {"mailing_id": mailer.mailing_id}

    editing = await mailer.acting.do(EditMailing(**this, text="Better"))
    assert editing == EditingStarted(person_id=mailer.person, **this, people=55)
    edited = await mailer.go_on()
    assert {one.chat_id: one.message_id for one in edited} == {
        person: person % 1_000_000 for person in people[:55]
    }
    assert await mailer.end(people[:55], version=0) == []  # how the sending ended is known
    assert (await mailer.look()).state == "running"
    await mailer.end(people[:54], version=1)
    await mailer.end(people[54:55], "refused", version=1)
    found = await mailer.look()
    assert (found.state, found.work, found.content.text) == ("finished", "edit", "Better")
    assert (found.progress.done, found.progress.failed) == (54, 1)
    assert await mailer.results() == {"told": 55, "blocked": 5}
    assert (await mailer.recipients())[people[54]].changed == "refused"

    withdrawal = await mailer.acting.do(WithdrawMailing(**this))
    assert withdrawal == WithdrawalStarted(person_id=mailer.person, **this, people=55)
    await mailer.acting.do(ContinueMailing(**this))
    asked = mailer.said(RecipientsAddressed)
    assert [(event.work, event.number, len(event.recipients)) for event in asked] == [
        ("withdraw", 2, 50),
        ("withdraw", 2, 5),
    ]
    await mailer.end(people[:55], version=2)
    found = await mailer.look()
    assert (found.state, found.editable) == ("withdrawn", 0)
    nothing = await mailer.acting.do(WithdrawMailing(**this))
    assert isinstance(nothing, MailingRefused)
    assert nothing.reason == "nothing_sent"


async def test_who_is_not_heard_of_is_addressed_anew_and_given_up_in_the_end(
    mailer: Mailer,
) -> None:
    lost, late = people = newcomers(2)
    await mailer.know(people)
    await mailer.start_with(people)
    for tries in range(3):
        assert await mailer.go_on() == []
        await mailer.pretend(addressed_at=func.now() - timedelta(minutes=11 * 2**tries))
        assert [one.chat_id for one in await mailer.go_on()] == people
    await mailer.pretend(addressed_at=func.now() - timedelta(minutes=81))
    assert await mailer.go_on() == []
    assert await mailer.results() == {"fate_unknown": 2}
    assert (await mailer.look()).state == "finished"

    # Telegram was away that long: what the notifier says in the end is the truth.
    await mailer.end([late])
    assert await mailer.results() == {"fate_unknown": 1, "told": 1}
    assert (await mailer.look()).progress.done == 1
    assert (await mailer.recipients())[lost].result == "fate_unknown"


async def test_a_mailing_that_telegram_refuses_is_paused_by_itself(mailer: Mailer) -> None:
    people = newcomers(1030)
    await mailer.know(people)
    await mailer.start_with(people)
    await mailer.end(people[:19], "refused")
    assert (await mailer.look()).state == "running"
    assert await mailer.end(people[19:100], "refused") == []
    assert (await mailer.look()).state == "paused"
    assert mailer.said(MailingProgressed)[-1].halted


async def test_copies_of_storage_address_nobody_twice(
    mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addressing, "AHEAD_AT_LEAST", 1000)  # as of a sender that is fast
    people = newcomers(1400)
    await mailer.know(people)
    addressed = [one.chat_id for one in await mailer.start_with(people)]
    # Each has a message of its own, some of the same people, and the clock comes in between.
    copies = [Acting(mailer.acting.databases, mailer.person, "broadcasts") for _ in range(6)]

    async def hear(copy: Acting, some: list[int]) -> None:
        for start in range(0, len(some), 50):
            ends = tuple(
                NoticeEnd(
                    app="documents",
                    chat_id=person,
                    key="k",
                    version=0,
                    receipt=f"mailing:{mailer.mailing_id}",
                    result="told",
                    message_id=1,
                )
                for person in some[start : start + 50]
            )
            await copy.hear(NoticesEnded(ends=ends))
            await copy.do(ContinueMailing(mailing_id=mailer.mailing_id))

    await asyncio.gather(
        *(hear(copy, people[150 * i : 150 * i + 250]) for i, copy in enumerate(copies))
    )
    for copy in copies:
        for event in copy.events:
            if isinstance(event, RecipientsAddressed):
                addressed += [one.chat_id for one in event.recipients]
    assert sorted(addressed) == people
    found = await mailer.look()
    assert (found.progress.done, found.progress.on_their_way) == (1000, 400)
