"""Documents of several files, told as a chat."""

from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.test_documents import lose, open_document


def pages(report: bytes, count: int) -> dict[str, bytes]:
    """Return files of different content by their names."""
    return {f"page {n}.pdf": report + f"% {n}".encode() for n in range(1, count + 1)}


async def save(person: Chat, type_name: str, *, new: bool = True) -> None:
    """Answer what is asked once the files are sent."""
    if new:
        await person.presses("New type")
        await person.says(type_name)
    else:
        await person.presses(type_name)
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")


async def add_album(person: Chat, files: dict[str, bytes], type_name: str) -> None:
    """Add a document of several files under a new type."""
    await person.sends_album(files)
    await person.sees_new(f"Files ({len(files)})")
    await save(person, type_name)


async def test_an_album_is_one_question_and_one_document(person: Chat, report: bytes) -> None:
    files = pages(report, 4)
    await person.sends_album(files)
    asked = await person.sees_new("Files (4): page 1.pdf, page 2.pdf, page 3.pdf, page 4.pdf")
    assert "What type of document" in asked["text"]
    assert await person.count("What type of document") == 1
    await save(person, "Scans")

    await open_document(person, "Scans (1)", "page 1")
    shown = await person.sees("4 files")
    assert "page 1" in shown["text"]
    for name, data in files.items():
        assert await person.receives(name) == data


async def test_files_sent_one_by_one_join_the_open_form(person: Chat, report: bytes) -> None:
    first, second, third = pages(report, 3).items()
    await person.sends(first[1], first[0])
    await person.presses("New type")
    await person.sends(second[1], second[0])
    await person.sees_new("Files (2): page 1.pdf, page 2.pdf")
    await person.says("Letters")
    await person.presses("Keep")
    await person.sees_new("Is everything right?")
    await person.sends(third[1], third[0])
    review = await person.sees_new("Files (3): page 1.pdf, page 2.pdf, page 3.pdf")
    assert "Is everything right?" in review["text"]
    assert await person.count("Is everything right?") == 1
    await person.presses("Save")
    await person.sees_new("Saved")


async def test_an_album_of_photos_comes_back_as_photos(person: Chat, picture: bytes) -> None:
    await person.sends_album({"front.png": picture, "back.png": picture + b"."}, kind="photo")
    await person.sees_new("Files (2)")
    await person.presses("New type")
    await person.says("Cards")
    await person.sees_new("Keep")
    await person.says("Bank card")
    await person.presses("Save")
    await person.sees_new("Saved")
    await person.says("/documents")
    await person.presses("Cards (1)")
    await person.presses("Bank card")
    await person.sees_new("2 files")
    albums = {shown["album"] for shown in await person.sees_files(2)}
    assert len(albums) == 1
    assert None not in albums


async def test_twenty_files_at_most(person: Chat, report: bytes) -> None:
    files = list(pages(report, 21).items())
    await person.sends_album(dict(files[:10]))
    await person.sees_new("Files (10)")
    await person.sends_album(dict(files[10:20]))
    await person.sees_new("Files (20)")
    await person.sends(files[20][1], files[20][0])
    refused = await person.sees_new("There can be 20 files at most")
    assert "Files (20)" in refused["text"]
    await save(person, "Many")
    await open_document(person, "Many (1)", "page 1")
    await person.sees("20 files")
    for name, data in (files[0], files[19]):
        assert await person.receives(name) == data


async def test_lost_files_are_sent_from_their_stored_copies(person: Chat, report: bytes) -> None:
    files = pages(report, 3)
    await add_album(person, files, "Lost")
    await open_document(person, "Lost (1)", "page 1")
    sent = await person.sees_files(3)
    await lose(person, sent[1]["file"]["file_id"])
    await open_document(person, "Lost (1)", "page 1")
    again = await person.sees_files(6)
    for name, data in files.items():
        (newest,) = [shown for shown in again[3:] if shown["file"]["name"] == name]
        assert (newest["file"]["file_id"] in {shown["file"]["file_id"] for shown in sent}) == (
            name != "page 2.pdf"
        )
        assert await person.receives(name) == data


async def test_a_file_over_the_limit_leaves_the_rest_of_its_album(
    person: Chat, report: bytes
) -> None:
    huge = bytes(20 * 1024 * 1024 + 1)
    await person.sends_album({"huge.bin": huge, "small.pdf": report, "other.pdf": report + b"."})
    asked = await person.sees_new("Files (2): small.pdf, other.pdf")
    assert "20 MB" in asked["text"]
    assert await person.count("20 MB") == 1


async def test_an_album_in_the_middle_of_another_form_is_answered_once(
    person: Chat, report: bytes
) -> None:
    await add_album(person, pages(report, 2), "Papers")
    await open_document(person, "Papers (1)", "page 1")
    await person.presses("Rename")
    await person.sees_new("called from now on")
    await person.sends_album({"a.pdf": report + b"a", "b.pdf": report + b"b"})
    await person.sees_new("save or cancel it first")
    await person.says("Renamed")
    await person.sees_new("now called Renamed")
    assert await person.count("save or cancel it first") == 1


async def test_the_same_content_is_asked_about(person: Chat, report: bytes) -> None:
    await add_album(person, pages(report, 2), "Papers")
    await person.sends(pages(report, 2)["page 2.pdf"], "copy.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.presses("Save")
    asked = await person.sees_new("the same content is in page 1")
    labels = [[button["text"] for button in row] for row in asked["buttons"]]
    assert labels == [["Save anyway", "Show the existing one"], ["Cancel"]]
    await person.presses("Show the existing one")
    await person.sees_new("2 files")
    await person.presses("Save anyway")
    saved = await person.sees_new("Saved")
    assert "copy" in saved["text"]
    await person.says("/documents")
    await person.presses("Papers (2)")


async def test_the_same_content_need_not_be_saved(person: Chat, report: bytes) -> None:
    await person.sends(report, "first.pdf")
    await save(person, "Papers")
    await person.sends(report, "second.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("the same content is in first")
    await person.presses("Cancel")
    await person.sees_new("Cancelled.")
    await person.says("/documents")
    await person.presses("Papers (1)")


async def test_what_others_keep_is_not_told(person: Chat, meet: MeetPerson, report: bytes) -> None:
    await person.sends(report, "mine.pdf")
    await save(person, "Papers")
    other = await meet("en")
    await other.sends(report, "theirs.pdf")
    await save(other, "Papers")
