"""Documents, told as a chat."""

from contracts.files import DOWNLOAD_LIMIT
from tests.chat import Chat
from tests.flows.conftest import MeetPerson


async def add(person: Chat, data: bytes, file_name: str, type_name: str, name: str = "") -> None:
    """Add a document under a new type, or under one that is there."""
    await person.sends(data, file_name)
    shown = await person.sees_new("New type")
    labels = [button["text"] for row in shown["buttons"] for button in row]
    existing = [label for label in labels if type_name in label]
    if existing:
        await person.presses(existing[0])
    else:
        await person.presses("New type")
        await person.says(type_name)
    await person.sees_new("Keep")
    if name:
        await person.says(name)
    else:
        await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")


async def test_a_pdf_comes_back_byte_for_byte(person: Chat, report: bytes) -> None:
    await person.says("/start")
    await person.sees("Add document")
    await person.presses("Add document")
    await person.sends(report, "report.pdf")
    await person.presses("New type")
    await person.says("Invoices")
    await person.presses("Keep")
    await person.presses("Save")
    saved = await person.sees_new("Saved")
    assert "report" in saved["text"]

    await person.says("/documents")
    await person.presses("Invoices (1)")
    await person.presses("report")
    assert await person.receives("report.pdf") == report


async def test_a_file_sent_without_asking_begins_the_form(person: Chat, report: bytes) -> None:
    await add(person, report, "contract.pdf", "Contracts", name="Договор аренды")
    saved = await person.sees_new("Saved")
    assert "Договор аренды" in saved["text"]


async def test_a_leading_emoji_becomes_the_types(person: Chat, report: bytes) -> None:
    await add(person, report, "passport.pdf", "🛂 Passports")
    await person.says("/documents")
    await person.presses("🛂 Passports (1)")
    await person.sees_new("passport")


async def test_a_photo_comes_back_as_a_photo(person: Chat, picture: bytes) -> None:
    await person.sends(picture, "cat.png", kind="photo")
    await person.presses("New type")
    await person.says("Cats")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")
    await person.says("/documents")
    await person.presses("Cats (1)")
    listed = await person.sees_new("Cats")
    await person.presses(listed["buttons"][0][0]["text"])
    shown = await person.sees_new("Rename")
    assert shown["file"]["kind"] == "photo"


async def test_a_name_taken_is_refused_with_the_way_on(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await person.sends(report + b"March", "REPORT.pdf")
    await person.presses("Reports")
    await person.presses("Keep")
    await person.presses("Save")
    await person.presses("Another name")
    await person.says("Report of March")
    await person.presses("Save")
    saved = await person.sees_new("Saved")
    assert "Report of March" in saved["text"]
    await person.says("/documents")
    await person.presses("Reports (2)")


async def test_cancel_leaves_any_dialog_and_says_so(person: Chat, report: bytes) -> None:
    await person.sends(report, "report.pdf")
    await person.sees_new("New type")
    await person.says("/cancel")
    await person.sees_new("Cancelled")
    await person.says("/cancel")
    await person.sees_new("nothing to cancel")
    await person.says("/documents")
    await person.sees_new("no documents yet")


async def test_back_returns_to_the_question_before(person: Chat, report: bytes) -> None:
    await person.sends(report, "report.pdf")
    await person.presses("New type")
    await person.says("Letters")
    await person.presses("Keep")
    await person.sees_new("Save")
    await person.presses("Back")
    await person.sees_new("Keep")
    await person.says("A letter")
    await person.presses("Save")
    saved = await person.sees_new("Saved")
    assert "A letter" in saved["text"]


async def test_renamed_deleted_and_back_again(person: Chat, report: bytes) -> None:
    await add(person, report, "draft.pdf", "Papers")
    await open_document(person, "Papers (1)", "draft")
    await person.presses("Rename")
    await person.says("Final")
    await person.sees_new("Final")
    await open_document(person, "Papers (1)", "Final")
    await person.presses("Delete")
    await person.presses("Undo")
    await person.sees_new("Final")
    await open_document(person, "Papers (1)", "Final")
    assert await person.receives("draft.pdf") == report


async def test_a_deleted_document_is_listed_no_more(person: Chat, report: bytes) -> None:
    await add(person, report, "old.pdf", "Old")
    await open_document(person, "Old (1)", "old")
    await person.presses("Delete")
    await person.sees_new("Undo")
    await person.says("/documents")
    await person.presses("Old (0)")
    await person.sees_new("no documents yet")


async def test_the_eleventh_document_is_on_the_second_page(person: Chat, report: bytes) -> None:
    for number in range(1, 12):
        await add(person, report + bytes([number]), f"page {number}.pdf", "Many")
    await person.says("/documents")
    await person.presses("Many (11)")
    await person.sees_new("1 to 10 of 11")
    await person.presses("›")
    await person.sees_new("11 to 11 of 11")
    await person.sees_new("page 1")
    await person.presses("‹")
    await person.sees_new("1 to 10 of 11")


async def test_the_kept_copy_is_sent_when_telegram_lost_the_file(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "lost.pdf", "Lost")
    await open_document(person, "Lost (1)", "lost")
    shown = await person.sees_new("Rename")
    await lose(person, shown["file"]["file_id"])
    await open_document(person, "Lost (1)", "lost")
    again = await person.sees_new("Rename")
    assert again["file"]["file_id"] != shown["file"]["file_id"]
    assert await person.receives("lost.pdf") == report


async def test_a_file_over_the_limit_is_refused_at_once(person: Chat) -> None:
    await person.sends(bytes(DOWNLOAD_LIMIT + 1), "huge.bin")
    await person.sees_new("20 MB")


async def test_everything_is_said_in_russian_to_who_speaks_it(
    meet: MeetPerson, report: bytes
) -> None:
    person = await meet("ru")
    await person.says("/start")
    await person.presses("Добавить документ")
    await person.sends(report, "счёт.pdf")
    await person.presses("Новый тип")
    await person.says("Счета")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    saved = await person.sees_new("Сохранено")
    assert "счёт" in saved["text"]


async def test_markup_in_names_stays_text(person: Chat, report: bytes) -> None:
    await add(person, report, "x.pdf", "<b>Bold</b> & co", name="<i>A</i> & B")
    await person.says("/documents")
    await person.presses("<b>Bold</b> & co (1)")
    await person.presses("<i>A</i> & B")
    shown = await person.sees_new("Rename")
    assert "<i>A</i> & B" in shown["text"]


async def open_document(person: Chat, type_button: str, name: str) -> None:
    """Find a document under its type and have it sent."""
    await person.says("/documents")
    await person.presses(type_button)
    await person.presses(name)
    await person.sees_new("Rename")


async def lose(person: Chat, file_id: str) -> None:
    """Have Telegram forget a file."""
    async with person.http.post("/sim/lost-files", json={"file_id": file_id}) as response:
        assert response.status == 200, await response.text()
