"""What people see of days on which documents expire, and of reminders."""

from datetime import UTC, date, datetime

import pytest

from contracts.documents import DocumentPage, DocumentSummary, ExpiryNear, ExpirySet
from contracts.files import ArchiveSent
from screens import documents, files
from screens.texts import texts

EN, RU = texts("en"), texts("ru")
DAY = date(2027, 12, 31)


def near(days_left: int) -> ExpiryNear:
    return ExpiryNear(
        person_id=1,
        document_id=7,
        name="A&B",
        expires_on=DAY,
        days_before=7,
        days_left=days_left,
        language="en",
    )


@pytest.mark.parametrize(
    ("days_left", "english", "russian"),
    [
        (30, "expires in 30 days, on 31 Dec 2027", "истекает через 30 дней, 31 дек. 2027"),
        (2, "expires in 2 days, on 31 Dec 2027", "истекает через 2 дня, 31 дек. 2027"),
        (1, "expires in 1 day, on 31 Dec 2027", "истекает через 1 день, 31 дек. 2027"),
        (0, "expires today", "истекает сегодня"),
        (-3, "expired on 31 Dec 2027", "истёк 31 дек. 2027"),
    ],
)
def test_a_reminder_says_how_near_it_is(days_left: int, english: str, russian: str) -> None:
    screen = documents.expiry_near(near(days_left), EN)
    assert english in screen.text
    assert "<b>A&amp;B</b>" in screen.text
    assert russian in documents.expiry_near(near(days_left), RU).text
    labels = [[button.text for button in row] for row in screen.buttons]
    assert labels == [["Renewed", "Stop reminding"], ["Show it"]]


def test_what_was_set_says_when_it_reminds() -> None:
    event = ExpirySet(
        person_id=1,
        document_id=7,
        name="A&B",
        expires_on=DAY,
        remind_on=(date(2027, 12, 24), date(2027, 12, 30)),
    )
    assert "on these days: 24 Dec 2027; 30 Dec 2027." in documents.expiry_set(event, EN).text


def test_a_list_marks_what_has_expired() -> None:
    days = [(DAY, False), (DAY, True), (None, False)]
    listed = tuple(
        DocumentSummary(
            document_id=number,
            name=f"<{number}>",
            added_at=datetime(2026, 1, 1, tzinfo=UTC),
            expires_on=expires_on,
            expired=expired,
        )
        for number, (expires_on, expired) in enumerate(days, 1)
    )
    page = DocumentPage(type_id=3, type_name="Visas", emoji="", documents=listed, total=3)

    screen = documents.document_list(page, documents.TypeButton(type_id=3), EN)

    assert screen.text.splitlines()[1:] == [
        "&lt;1&gt;: expires 31 Dec 2027",
        "&lt;2&gt;: <b>expired 31 Dec 2027</b>",
    ]


def test_of_many_files_that_are_gone_the_first_are_named() -> None:
    missing = tuple(f"file {number}" for number in range(12))
    event = ArchiveSent(person_id=1, name="Visas", parts=1, files=1, missing=missing)
    text = files.archive_sent(event, EN).text
    assert "12 files are gone" in text
    assert "file 9, …" in text
    assert "file 10" not in text
