"""Titles that want to be more than text stay text on the page of a link."""

import pytest

from tests.chat import Chat
from tests.flows.links import addresses, opened
from tests.flows.test_documents import open_document

pytestmark = pytest.mark.timeout(180)

PDF = b"%PDF-1.4 a contract"


async def test_a_title_is_text_on_the_page_of_a_link_and_in_its_headers(person: Chat) -> None:
    name = '<img src=x onerror=alert(1)> "quoted"'
    await person.sends_album({"a.pdf": PDF, "b.pdf": PDF + b"2"})
    await person.presses("New type")
    await person.says("Albums")
    await person.sees_new("Keep")
    await person.says(name)
    await person.presses("Save")
    await person.sees_new("Saved")
    await open_document(person, "Albums (1)", name)
    await person.presses("Link")
    await person.sees_new("Until revoked")
    await person.presses("1 day")
    address = addresses(await person.sees_new("The link is ready"))[0]
    response, page = await opened(address)
    assert response.status == 200
    assert b"&lt;img src=x onerror=alert(1)&gt;" in page
    assert b"<img src=x" not in page
    assert "script" not in response.headers.get("Content-Security-Policy", "script")
