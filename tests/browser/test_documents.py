"""The documents story as a newcomer lives it: two commands after cloning, in the browser."""

from pathlib import Path

from playwright.async_api import Locator, expect

from tests.browser.chat_page import ChatPage

REPORT = (Path(__file__).parents[1] / "flows" / "report.pdf").read_bytes()

LATE = "The address could not be shown just now."


async def test_a_pdf_is_added_found_and_given_back_byte_for_byte(chat: ChatPage) -> None:
    await chat.says("/start")
    await chat.presses("Add document")
    await chat.sees("Send me the file")
    await chat.sends(REPORT, "Contract №7.pdf")
    await chat.presses("New type")
    await chat.sees("What is the new type called?")
    await chat.says("Contracts")
    await chat.presses("Keep")
    await chat.presses("Save")
    await chat.sees("Saved: Contract №7")
    await chat.presses("My documents")
    await chat.presses("Contracts (1)")
    await chat.presses("Contract №7")
    await chat.sees("Rename")
    assert await chat.downloads("Contract №7.pdf") == REPORT


async def test_an_album_is_kept_searched_linked_to_deleted_and_restored(chat: ChatPage) -> None:
    pages = {f"page {n}.pdf": REPORT + f"% {n}".encode() for n in range(1, 4)}
    await _keep_album(chat, pages)
    await _shows_the_way_of_the_press(await chat.asks_what_happened())
    await chat.page.get_by_role("button", name="Close", exact=True).click()

    await chat.says("/search ease of the FL")
    await chat.sees("1 to 1 of 1")
    await chat.presses("Lease of the flat")
    await chat.sees("3 files")
    for name, data in pages.items():
        assert await chat.downloads(name) == data
    await _is_shown_a_link(chat)
    await _link_leads_to(chat, pages)

    await chat.presses("Delete")
    await chat.is_offered("Undo")
    await chat.says("/trash")
    await chat.presses("Restore Lease of the flat")
    await chat.sees("Lease of the flat is back")
    await chat.says("/documents")
    await chat.presses("Contracts (1)")
    await chat.presses("Lease of the flat")
    await chat.sees("3 files")


async def _keep_album(chat: ChatPage, pages: dict[str, bytes]) -> None:
    await chat.sends_album(pages)
    await chat.sees("Files (3): page 1.pdf, page 2.pdf, page 3.pdf")
    await chat.presses("New type")
    await chat.sees("What is the new type called?")
    await chat.says("Contracts")
    await chat.sees("Keep")
    await chat.says("Lease of the flat")
    await chat.presses("Save")
    await chat.sees("Saved: Lease of the flat")


async def _shows_the_way_of_the_press(panel: Locator) -> None:
    services = panel.get_by_role("list", name="Services")
    for service in ("gateway", "bot", "storage"):
        await expect(services).to_contain_text(service)
    spans = panel.get_by_role("list", name="Spans")
    for did in (
        "telegram receive",
        "command.documents.add_document",
        "telegram editMessageText",
    ):
        await expect(spans).to_contain_text(did)


async def _is_shown_a_link(chat: ChatPage) -> None:
    await chat.presses("Link")
    await chat.presses("1 day")
    if await chat.sees_one_of("The link is ready", LATE) == LATE:  # the machine is very busy
        await chat.presses("Try again")
        await chat.sees("/files/")


async def _link_leads_to(chat: ChatPage, pages: dict[str, bytes]) -> None:
    opened = await chat.follows_link()
    for name, data in pages.items():
        file = opened.get_by_role("link", name=name)
        await expect(file).to_be_visible()
        address = await file.evaluate("link => link.href")
        answer = await opened.request.get(address)
        assert (answer.status, await answer.body()) == (200, data)
    await opened.close()
