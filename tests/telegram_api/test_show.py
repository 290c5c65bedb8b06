"""Screens as messages in a real chat."""

from typing import Any, Literal

import pytest
from aiogram.types import BufferedInputFile

from contracts.screens import TEXT_LIMIT, Button, Media, Screen
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.errors import Blocked, WrongFileId
from tests.telegram_api.peer import ANNA, PNG, Peer

MENU = Screen(text="<b>Menu</b>", buttons=((Button(text="Add", action="add"),),))


async def last_message(peer: Peer) -> dict[str, Any]:
    """Return the newest message of the chat."""
    return (await peer.messages())[-1]


async def test_a_screen_is_sent_with_its_buttons(peer: Peer, bots: Bots) -> None:
    message_id = await show.send(bots["documents"], ANNA, MENU)
    message = await last_message(peer)
    assert message["id"] == message_id
    assert message["text"] == "Menu"
    assert message["buttons"] == [[{"text": "Add", "callback_data": "add"}]]


async def test_a_message_is_edited_in_place(peer: Peer, bots: Bots) -> None:
    message_id = await show.send(bots["documents"], ANNA, MENU)
    edited = await show.edit(bots["documents"], ANNA, message_id, Screen(text="Done"))
    assert edited == message_id
    assert (await last_message(peer))["text"] == "Done"


async def test_an_edit_that_changes_nothing_counts_as_done(bots: Bots) -> None:
    message_id = await show.send(bots["documents"], ANNA, MENU)
    assert await show.edit(bots["documents"], ANNA, message_id, MENU) == message_id


async def test_a_message_that_is_gone_is_replaced_by_a_new_one(peer: Peer, bots: Bots) -> None:
    message_id = await show.send(bots["documents"], ANNA, MENU)
    await bots["documents"].delete_message(ANNA, message_id)
    assert await show.edit(bots["documents"], ANNA, message_id, MENU) != message_id
    assert (await last_message(peer))["text"] == "Menu"


async def test_a_file_with_buttons_gives_way_to_a_text(peer: Peer, bots: Bots) -> None:
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    media = Media(kind="document", file_id=file_id)
    screen = Screen(text="a.txt", buttons=MENU.buttons, media=media)
    message_id = await show.send(bots["documents"], ANNA, screen)
    text_id = await show.edit(bots["documents"], ANNA, message_id, Screen(text="Deleted"))
    assert text_id != message_id
    messages = {m["id"]: m for m in await peer.messages()}
    assert messages[text_id]["text"] == "Deleted"
    assert messages[message_id]["buttons"] == []


async def test_a_file_is_always_a_message_of_its_own(peer: Peer, bots: Bots) -> None:
    file_id = (await peer.uploads("a.txt", b"abc"))["file_id"]
    message_id = await show.send(bots["documents"], ANNA, MENU)
    screen = Screen(text="a.txt", media=Media(kind="document", file_id=file_id))
    assert await show.edit(bots["documents"], ANNA, message_id, screen) != message_id


@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_a_file_id_that_telegram_forgot_has_an_error_of_its_own(
    peer: Peer, bots: Bots, kind: Literal["document", "photo"]
) -> None:
    file_id = (await peer.uploads("a.png", PNG, kind))["file_id"]
    await peer.loses(file_id)
    screen = Screen(text="a", media=Media(kind=kind, file_id=file_id))
    with pytest.raises(WrongFileId):
        await show.send(bots["documents"], ANNA, screen)


async def test_uploaded_bytes_come_back_with_a_file_id(peer: Peer, bots: Bots) -> None:
    screen = Screen(text="Yours", buttons=MENU.buttons)
    file = BufferedInputFile(b"abc", "a.txt")
    _, file_id = await show.upload(bots["documents"], ANNA, screen, "document", file)
    message = await last_message(peer)
    assert message["text"] == "Yours"
    assert message["file"]["file_id"] == file_id
    assert await peer.downloads(message["id"]) == b"abc"


async def test_an_uploaded_photo_is_known_by_its_largest_size(peer: Peer, bots: Bots) -> None:
    file = BufferedInputFile(PNG, "a.png")
    _, file_id = await show.upload(bots["documents"], ANNA, Screen(text=""), "photo", file)
    assert (await last_message(peer))["file"]["file_id"] == file_id


async def test_an_old_press_counts_as_answered(peer: Peer, bots: Bots) -> None:
    await show.answer(bots["documents"], "never-pressed", "too late")
    assert len(await peer.calls("answerCallbackQuery")) == 1


async def test_a_text_beyond_the_limit_is_refused_before_it_is_sent(peer: Peer, bots: Bots) -> None:
    sent = len(await peer.calls("sendMessage"))
    await show.send(bots["documents"], ANNA, Screen(text="<b>" + "a" * TEXT_LIMIT + "</b>"))
    with pytest.raises(show.ScreenTooLong, match="4097"):
        await show.send(bots["documents"], ANNA, Screen(text="a" * (TEXT_LIMIT + 1)))
    assert len(await peer.calls("sendMessage")) == sent + 1


async def test_a_blocked_bot_has_an_error_of_its_own(peer: Peer, bots: Bots) -> None:
    await peer.blocks()
    with pytest.raises(Blocked):
        await show.send(bots["documents"], ANNA, MENU)


async def test_an_album_is_one_group(peer: Peer, bots: Bots) -> None:
    names = ("a.txt", "b.txt", "c.txt")
    files = [await peer.uploads(name, name.encode()) for name in names]
    album = [Media(kind="document", file_id=file["file_id"]) for file in files]
    await show.send_album(bots["documents"], ANNA, album)
    shown = (await peer.messages())[-3:]
    assert [message["file"]["name"] for message in shown] == list(names)
    assert len({message["album"] for message in shown}) == 1
    assert shown[0]["album"]


async def test_an_album_with_a_forgotten_file_is_not_sent(peer: Peer, bots: Bots) -> None:
    file = await peer.uploads("a.txt", b"abc")
    before = await peer.messages()
    album = [Media(kind="document", file_id=file_id) for file_id in (file["file_id"], "forgotten")]
    with pytest.raises(WrongFileId):
        await show.send_album(bots["documents"], ANNA, album)
    assert await peer.messages() == before
