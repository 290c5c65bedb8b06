"""Links to documents, told as a chat and as a browser."""

from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.conftest import MeetPerson
from tests.flows.links import addresses, create_link, opened
from tests.flows.test_documents import add, open_document
from tests.flows.test_documents_several_files import add_album, pages


async def test_a_link_gives_the_file_to_whoever_has_it(person: Chat, report: bytes) -> None:
    await add(person, report, "Отчёт за март.pdf", "Reports")
    await open_document(person, "Reports (1)", "Отчёт за март")

    address = await create_link(person)

    response, body = await opened(address)
    assert (response.status, body) == (200, report)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline;")
    assert "%D0%9E%D1%82%D1%87" in response.headers["Content-Disposition"]
    part, body = await opened(address, Range="bytes=5-9")
    assert (part.status, body) == (206, report[5:10])


async def test_the_ways_to_make_a_link_begin_with_a_day(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    await person.presses("Link")
    shown = await person.sees_new("No link leads to")
    labels = [button["text"] for row in shown["buttons"] for button in row]
    assert labels == ["1 day", "7 days", "30 days", "Until revoked"]


async def test_links_are_listed_and_each_is_revoked(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    first = await create_link(person, "30 days")
    await person.presses("Until revoked")
    shown = await person.sees_new("until revoked")
    second = addresses(shown)[0]
    assert addresses(shown) == [second, first]

    await person.presses("Revoke 2")
    shown = await person.sees_new("works no more")
    assert addresses(shown) == [second]
    response, body = await opened(first)
    assert response.status == 410
    assert "was revoked" in body.decode()
    assert (await opened(second))[0].status == 200

    await person.presses("Revoke")
    await person.sees_new("No link leads to")
    assert (await opened(second))[0].status == 410


async def test_a_tampered_link_is_refused_in_the_language_of_the_browser(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    address = await create_link(person)
    tampered = address[:-1] + ("A" if address[-1] != "A" else "B")
    response, body = await opened(tampered, Accept_Language="ru")
    assert response.status == 403
    assert "Эта ссылка неверна" in body.decode()
    assert "report" not in body.decode()


async def test_a_deleted_document_is_behind_no_link_until_it_is_back(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    address = await create_link(person)
    await person.presses("Delete")
    await person.sees_new("Undo")
    await _until_status(address, 404)
    await person.presses("Undo")
    await person.sees_new("is back")
    await _until_status(address, 200)


async def test_a_link_to_several_files_lists_them(person: Chat, report: bytes) -> None:
    files = pages(report, 3)
    await add_album(person, files, "Scans")
    await open_document(person, "Scans (1)", "page 1")
    address = await create_link(person)
    response, body = await opened(address)
    assert response.status == 200
    for number, (name, data) in enumerate(files.items(), 1):
        assert f">{name}</a>" in body.decode()
        assert (await opened(f"{address}/{number}"))[1] == data


async def test_what_has_left_the_trash_is_behind_no_link_any_more(
    person: Chat, report: bytes
) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    address = await create_link(person, "Until revoked")
    await person.presses("Delete")
    await person.sees_new("Undo")
    await person.says("/trash")
    await person.presses("Empty trash")
    await person.presses("Yes, empty it")
    await person.sees_new("gone for good")
    await _until_status(address, 404)


async def test_of_a_forgotten_person_no_link_opens(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    address = await create_link(person, "Until revoked")
    await person.says("/settings")
    await person.presses("Forget me")
    await person.presses("Yes, forget me")
    await person.sees_new("You are forgotten")
    await _until_status(address, 404)


async def test_a_link_button_of_a_deleted_document_says_so(person: Chat, report: bytes) -> None:
    await add(person, report, "report.pdf", "Reports")
    await open_document(person, "Reports (1)", "report")
    await person.presses("Link")
    await person.sees_new("No link leads to")
    await person.presses("Delete")
    await person.sees_new("Undo")
    await person.presses("1 day")
    await person.sees_toast("no longer there")


async def test_everything_about_links_is_said_in_russian(meet: MeetPerson, report: bytes) -> None:
    person = await meet("ru")
    await person.sends(report, "счёт.pdf")
    await person.presses("Новый тип")
    await person.says("Счета")
    await person.presses("Оставить")
    await person.presses("Сохранить")
    await person.sees_new("Сохранено")
    await person.says("/documents")
    await person.presses("Счета (1)")
    await person.presses("счёт")
    await person.presses("Ссылка")
    await person.presses("7 дней")
    shown = await person.sees_new("Ссылка готова")
    assert (await opened(addresses(shown)[0]))[0].status == 200


async def _until_status(address: str, status: int) -> None:
    """Wait until a link answers so: it hears of what happens to its document by an event."""

    async def answers() -> bool:
        return (await opened(address))[0].status == status

    await eventually(answers)
