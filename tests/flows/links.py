"""What people do with links in the documents bot, and what others get by them."""

import re

import aiohttp

from tests.chat import Chat, Shown

_ADDRESS = re.compile(r"https?://\S+/files/[A-Za-z0-9_-]{40}")


def addresses(shown: Shown) -> list[str]:
    """Return the addresses that a message names, in order."""
    return list(dict.fromkeys(_ADDRESS.findall(shown["text"])))


async def create_link(person: Chat, lifetime: str = "1 day") -> str:
    """Have a link made to the document that is shown, and return its address.

    Where Telegram takes its time, no address waits in a stream: it is asked for again.
    """
    await person.presses("Link")
    await person.sees_new("Until revoked")
    await person.presses(lifetime)
    shown = await person.sees_new_one_of("The link is ready", "Try again")
    while not addresses(shown):
        await person.presses("Try again")
        shown = await person.sees_new_one_of("Until revoked", "Try again")
    return addresses(shown)[0]


async def opened(address: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    """Return what somebody without Telegram gets."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()}) as response,
    ):
        return response, await response.read()
