"""Mailings: who gets one, addressed a thousand ahead of the sender, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.broadcasts import MailingProgressed, MailingRefused, StartMailing, CreateMailing, CountAudience, AudienceCount, Timing
from contracts.people import OptOutsChanged, PersonErased, ReachabilityChanged, RoleGranted, RoleRevoked
from tests.services.acting import Acting
from tests.services.storage.mailings import TEXT, Mailer, audience, newcomers


@pytest.fixture
def mailer(somebody: Acting) -> Mailer:
    """An administrator in the broadcasts bot."""
    somebody.app, somebody.admins = "broadcasts", frozenset({somebody.person})
    return Mailer(somebody)


async def test_a_mailing_reaches_each_of_its_audience_once(mailer: Mailer) -> None:
    people = newcomers(120)
    await mailer.meet(mailer.person, app="broadcasts")
    await mailer.meet(*people[:60], language="ru")
    await mailer.meet(*people[60:])
    addressed = await mailer.start_with(people)
    assert [one.chat_id for one in addressed] == people
    assert {one.language for one in addressed[:60]} == {"ru"}

    assert await mailer.end(people[:100]) == []
    await mailer.end(people[:100])  # said again, it is no news
    await mailer.end(people[100:110], "blocked")
    assert (await mailer.look()).state == "running"
    await mailer.end(people[110:], "refused")

    found = await mailer.look()
    assert (found.state, found.people, found.editable) == ("finished", 120, 100)
    assert await mailer.results() == {"told": 100, "blocked": 10, "refused": 10}
    assert {(each.language, each.result): each.people for each in found.breakdown} == {
        ("ru", "told"): 60,
        ("en", "told"): 40,
        ("en", "blocked"): 10,
        ("en", "refused"): 10,
    }
    assert (await mailer.recipients())[people[-1]].reason == "Telegram says so"
    last = mailer.said(MailingProgressed)[-1]
    assert last.finished and last.progress.done == 100 and last.progress.left == 0
    assert await mailer.comes_at() is None
