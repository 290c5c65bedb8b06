"""The documents story as a newcomer lives it: two commands after cloning, in the browser."""

from pathlib import Path

import pytest

from tests.browser.chat_page import ChatPage

pytestmark = pytest.mark.timeout(180)

REPORT = (Path(__file__).parents[1] / "flows" / "report.pdf").read_bytes()


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
