"""Documents that expire, told as a chat; the clock's days are shortened by moving what is due."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.chat import Chat
from tests.flows.conftest import LetBeDue, MeetPerson
from tests.flows.test_documents import add, open_document

MakeDue = Callable[[Chat, int], Awaitable[None]]


@pytest.fixture
def make_due(let_be_due: LetBeDue) -> MakeDue:
    """Let a person's reminder so many days before be due, once it is planned."""

    async def of_an_expiry(person: Chat, days: int) -> None:
        await let_be_due(person, f"expiry:%:{days}")

    return of_an_expiry


async def begin(person: Chat) -> None:
    """Add a document and be asked when it expires."""
    await add(person, b"a passport", "passport.pdf", "Passports")
    await open_document(person, "Passports (1)", "passport")
    await person.presses("Expiry")
    await person.sees_new("When does it expire?")


async def set_expiry(person: Chat, answer: str) -> None:
    """Add a document and say when it expires."""
    await begin(person)
    await person.says(answer)


def in_days(days: int) -> str:
    """Return a day as people write it; the bot takes newcomers' clocks for UTC."""
    return f"{datetime.now(UTC) + timedelta(days=days):%d.%m.%Y}"


async def test_an_expiry_is_typed_and_shown_with_the_document_and_in_the_list(
    person: Chat,
) -> None:
    await set_expiry(person, "31 dec 2099")
    shown = await person.sees_new("31 Dec 2099")
    assert "1 Dec 2099; 24 Dec 2099; 30 Dec 2099" in shown["text"]

    await person.says("/documents")
    await person.presses("Passports (1)")
    await person.sees_new("passport: expires 31 Dec 2099")
    await person.presses("passport")
    await person.sees_new("expires 31 Dec 2099")


async def test_what_is_over_is_marked(person: Chat) -> None:
    await set_expiry(person, "2020-01-31")
    await person.sees_new("too near for a reminder")
    await person.says("/documents")
    await person.presses("Passports (1)")
    await person.sees_new("passport: expired 31 Jan 2020")
    await person.presses("passport")
    await person.sees_new("expired 31 Jan 2020")


async def test_what_is_no_date_is_asked_again(person: Chat) -> None:
    await set_expiry(person, "some day")
    await person.sees_new("I cannot read that as a date")
    await person.says("31.12.2099")
    await person.sees_new("the expiry date is 31 Dec 2099")


async def test_a_year_is_a_button_and_so_is_no_expiry(person: Chat) -> None:
    await begin(person)
    await person.presses("1 year")
    await person.sees_new("I will remind you at 10:00")
    await open_document(person, "Passports (1)", "passport")
    await person.presses("Expiry")
    await person.sees_new("When does it expire?")
    await person.presses("No expiry")
    await person.sees_new("passport does not expire")


async def test_a_reminder_comes_once_and_is_answered_with_a_new_date(
    person: Chat, make_due: MakeDue
) -> None:
    await set_expiry(person, in_days(40))
    await person.sees_new("I will remind you")

    await make_due(person, 30)
    reminder = await person.sees_new("passport expires in 40 days")
    assert [button["text"] for button in reminder["buttons"][0]] == ["Renewed", "Stop reminding"]

    # Another zone plans the same reminder again; it has been told. The next has not.
    await person.says("/settings")
    await person.presses("Time zone")
    await person.says("Etc/GMT")
    await person.sees_new("Time zone: Etc/GMT")
    await make_due(person, 30)
    await make_due(person, 7)
    await person.sees_new("passport expires in 40 days")
    assert await person.count("passport expires in 40 days") == 2

    await person.presses("Renewed")
    await person.sees_new("When does it expire?")
    await person.says("31.12.2099")
    await person.sees_new("the expiry date is 31 Dec 2099")


async def test_reminders_stop_when_they_are_not_wanted(person: Chat, make_due: MakeDue) -> None:
    await set_expiry(person, in_days(40))
    await make_due(person, 7)
    await person.presses("Stop reminding")
    await person.sees_new("I will not remind you of passport any more")
    await person.presses("Show it")
    await person.sees_new("expires ")


async def test_a_deleted_document_is_not_answered_for(person: Chat, make_due: MakeDue) -> None:
    await set_expiry(person, in_days(40))
    await make_due(person, 1)
    await person.sees_new("passport expires in 40 days")
    await open_document(person, "Passports (1)", "passport")
    await person.presses("Delete")
    await person.sees_new("Deleted")
    await person.presses("Renewed")
    await person.sees_toast("no longer there")
    await person.presses("Stop reminding")
    await person.sees_new("no longer there")


async def test_reminders_speak_the_language_of_their_reader(
    meet: MeetPerson, make_due: MakeDue
) -> None:
    person = await meet("ru")
    await person.sends(b"a passport", "паспорт.pdf")
    await person.presses("Новый тип")
    await person.says("Паспорта")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    await person.sees_new("Сохранено")
    await person.says("/documents")
    await person.presses("Паспорта (1)")
    await person.presses("паспорт")
    await person.presses("Срок действия")
    await person.says("31 декабря 2099")
    await person.sees_new("действует до 31 дек. 2099")
    await make_due(person, 7)
    await person.sees_new("срок действия истекает через")
    await person.presses("Больше не напоминать")
    await person.sees_new("Больше не буду напоминать")
