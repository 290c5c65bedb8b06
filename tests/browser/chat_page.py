"""A person at the chat page: says, presses, sends, sees and downloads through the browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.async_api import FilePayload, Locator, Page, expect


@dataclass(frozen=True, slots=True)
class ChatPage:
    """The open page."""

    page: Page

    async def opens(self, address: str, person_id: int = 1001) -> None:
        """Go to the chat of a person with the documents bot."""
        await self.page.goto(f"{address}/?person={person_id}&bot=documents")

    async def says(self, text: str) -> None:
        """Type a message and send it."""
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")
        await expect(self._own.last).to_contain_text(text)

    async def sends(self, data: bytes, name: str) -> None:
        """Choose a PDF in the page's file dialog."""
        await self.sends_album({name: data})

    async def sends_album(self, files: Mapping[str, bytes]) -> None:
        """Choose PDFs in the page's file dialog, by their names; several go as one album."""
        chosen = [
            FilePayload(name=name, mimeType="application/pdf", buffer=data)
            for name, data in files.items()
        ]
        await self.page.get_by_label("Send a file").set_input_files(chosen)
        await self.page.keyboard.press("Enter")  # they are shown first, and sent when right
        for name in files:
            await expect(self._own.last).to_contain_text(name)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        button = self._log.get_by_role("button", name=label, exact=True)
        await button.last.click()

    async def sees(self, text: str) -> None:
        """Wait until the newest message holds `text`, in its words or buttons."""
        newest = self._log.get_by_role("article").last
        await expect(newest).to_contain_text(text)

    async def sees_one_of(self, *texts: str) -> str:
        """Like `sees`, where one of several texts may come; returns which."""
        newest = self._log.get_by_role("article").last
        await expect(newest).to_contain_text(re.compile("|".join(map(re.escape, texts))))
        shown = await newest.inner_text()
        return next(text for text in texts if text in shown)

    async def is_offered(self, label: str) -> None:
        """Wait for a button, also of an earlier message."""
        button = self._log.get_by_role("button", name=label, exact=True)
        await expect(button.last).to_be_visible()

    async def downloads(self, name: str) -> bytes:
        """Follow the newest link of that name; returns the bytes of the file."""
        async with self.page.expect_download() as coming:
            await self._log.get_by_role("link", name=name).last.click()
        path = await (await coming.value).path()
        return path.read_bytes()

    async def asks_what_happened(self) -> Locator:
        """Have the panel show what stands behind the newest message; returns the panel."""
        newest = self._log.get_by_role("article").last
        await newest.get_by_role("button", name="What happened here").click()
        return self.page.get_by_role("complementary", name="What happened")

    async def follows_link(self) -> Page:
        """Open the address that the newest message names, in a window of its own."""
        link = self._log.get_by_role("article").last.get_by_role("link", name="/files/")
        async with self.page.expect_popup() as coming:
            await link.first.click()
        return await coming.value

    @property
    def _log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def _own(self) -> Locator:
        return self._log.get_by_role("article", name="You")
