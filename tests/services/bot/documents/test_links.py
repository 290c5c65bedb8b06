"""Links in the chat: made, listed and revoked, also while a service is away, and nobody else's."""

import pytest

from tests.services.bot.backstage import Backstage
from tests.services.bot.talking import Shown, Talker, newcomer

DEADLINE = 60.0


async def links_of(anna: Talker, name: str = "Blood test") -> Shown:
    """Add a document and go to its links."""
    await anna.adds(name)
    await anna.finds(name)
    return await anna.presses("Link")


async def test_the_document_stays_with_its_buttons(anna: Talker) -> None:
    await links_of(anna)
    document, links = (await anna.shown())[-2:]
    assert "Link" in document.labels
    assert links.text.startswith("No link leads to Blood test.")
    assert links.rows == [["1 day", "7 days"], ["30 days", "Until revoked"]]


async def test_links_are_made_and_revoked_in_place(anna: Talker) -> None:
    asked = await links_of(anna)
    made = await anna.presses("1 day")
    assert made.message_id == asked.message_id
    assert made.text.startswith("The link is ready.\n\nLinks to Blood test:\n\n1. until ")
    assert made.rows[2:] == [["Revoke"]]
    assert (await anna.presses("30 days")).rows[2:] == [["Revoke 1", "Revoke 2"]]
    revoked = await anna.presses("Revoke 1")
    assert revoked.text.startswith("The link works no more.\n\nLinks to Blood test:")
    assert revoked.rows[2:] == [["Revoke"]]


async def test_more_links_than_there_may_be_are_refused_with_the_way_on(anna: Talker) -> None:
    await links_of(anna)
    for _ in range(10):
        await anna.presses("7 days")
    refused = await anna.presses("7 days")
    assert "as many as there may be" in refused.text
    assert "Revoke 10" in refused.labels


async def test_a_link_that_waits_is_told_later_without_its_address(
    anna: Talker, behind: Backstage
) -> None:
    await links_of(anna)
    await behind.services.stop("storage")
    async with behind.events("event.files.link_created") as created:
        try:
            assert "accepted" in (await anna.presses("1 day")).text
        finally:
            await behind.services.start("storage")
        event = await created.next_msg(DEADLINE)
    assert b"http" not in event.data
    await anna.finds("Blood test")
    assert "/files/" in (await anna.presses("Link")).text


async def test_what_cannot_be_looked_up_is_tried_again(anna: Talker, behind: Backstage) -> None:
    await anna.adds("Blood test")
    await anna.finds("Blood test")
    await behind.services.stop("query")
    try:
        assert "can't look that up" in (await anna.presses("Link")).text
    finally:
        await behind.services.start("query")
    asked = await anna.presses("Try again")
    await behind.services.stop("query")
    try:
        assert "can't look that up" in (await anna.presses("1 day", asked.message_id)).text
    finally:
        await behind.services.start("query")
    assert "The link is ready." in (await anna.presses("Try again")).text


async def test_nobody_reaches_the_links_of_others(anna: Talker, behind: Backstage) -> None:
    await links_of(anna)
    await anna.presses("Until revoked")
    message = (await anna.person.chat())["messages"][-1]
    actions = [button["callback_data"] for row in message["buttons"] for button in row]
    boris = await newcomer(behind)
    await boris.says("/documents")
    target = actions[0].split(":")[1]
    for made_by_hand in (f"links:{target}", *actions):
        told = await boris.presses_by_hand(made_by_hand)
        assert "/files/" not in told.text
        assert "Blood test" not in told.text
    await anna.finds("Blood test")
    assert "Revoke" in (await anna.presses("Link")).labels


@pytest.mark.parametrize("made_by_hand", ["links:abc", "links:9999999999999999999", "newlink:0:1"])
async def test_a_link_to_nothing_is_not_made(anna: Talker, made_by_hand: str) -> None:
    await anna.says("/start")
    await anna.presses_by_hand(made_by_hand)
    assert (await anna.toasts())[-1] == "This is no longer there."
