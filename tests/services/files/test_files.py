"""Uploads on their way from Telegram into a store and back, and their end."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from bus import Actor
from contracts.files import (
    DOWNLOAD_LIMIT,
    KeepUpload,
    SendUpload,
    TelegramFile,
    UploadDiscarded,
    UploadKept,
    UploadLost,
    UploadNotSent,
    UploadSent,
)
from contracts.people import PersonErased
from contracts.screens import Button, Screen
from services.files.files import (
    delete_bytes_on_person_erased,
    delete_bytes_on_upload_discarded,
    keep_upload,
    send_upload,
)
from services.files.keep import TooLarge, keep
from services.files.store import ObjectStore
from telegram_api.client import Bots
from telegram_api.errors import TelegramAway
from telegram_api.show import ScreenTooLong
from tests.telegram_api.peer import ANNA, PNG, Peer

ANNAS = Actor(person=ANNA, app="documents")
STRANGER = Actor(person=1002, app="documents")
CONTENT = bytes(range(256)) * 3000
KEY = f"documents/{ANNA}/documents-7-1"
SENT_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def keeping(file: dict[str, Any]) -> KeepUpload:
    """Return the command for a file as the chat shows it."""
    return KeepUpload(
        app="documents",
        upload_id="documents-7-1",
        file=TelegramFile(
            kind=file["kind"],
            file_id=file["file_id"],
            name=file["name"] or "",
            mime_type=file.get("mime_type", ""),
            size=file["file_size"],
        ),
        sent_at=SENT_AT,
    )


def sending(name: str, kind: Literal["document", "photo"] = "document") -> SendUpload:
    """Return the command that sends the same upload."""
    return SendUpload(
        app="documents",
        chat_id=ANNA,
        upload_id="documents-7-1",
        kind=kind,
        name=name,
        screen=Screen(text="<b>Yours</b>", buttons=((Button(text="Rename", action="rename:1"),),)),
    )


async def test_an_upload_is_kept_with_its_hash(store: ObjectStore, peer: Peer, bots: Bots) -> None:
    command = keeping(await peer.uploads("паспорт.pdf", CONTENT))
    outcome = await keep_upload(command, ANNAS, store, bots)
    assert outcome == UploadKept(
        person_id=ANNA,
        app="documents",
        upload_id="documents-7-1",
        file=command.file,
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
        sent_at=SENT_AT,
    )
    assert b"".join([chunk async for chunk in store.get(KEY)]) == CONTENT
    assert await keep_upload(command, ANNAS, store, bots) == outcome


async def test_a_file_that_telegram_forgot_is_lost(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    file = await peer.uploads("a.pdf", CONTENT)
    await peer.loses(file["file_id"])
    outcome = await keep_upload(keeping(file), ANNAS, store, bots)
    assert isinstance(outcome, UploadLost)
    assert (outcome.reason, outcome.sent_at) == ("gone", SENT_AT)


async def test_a_file_that_turns_out_too_large_is_not_kept(store: ObjectStore) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1024 * 1024)

    with pytest.raises(TooLarge):
        await keep(store, KEY, endless())
    assert not await store.has(KEY)


async def test_a_file_that_telegram_holds_back_is_lost(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    file = await peer.uploads("a.bin", bytes(DOWNLOAD_LIMIT + 1))
    outcome = await keep_upload(keeping({**file, "file_size": 0}), ANNAS, store, bots)
    assert isinstance(outcome, UploadLost)
    assert outcome.reason == "too_large"


async def test_while_telegram_is_away_nothing_is_decided(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    command = keeping(await peer.uploads("a.pdf", CONTENT))
    await peer.fails(method="download", code=502)
    with pytest.raises(TelegramAway):
        await keep_upload(command, ANNAS, store, bots)
    assert not await store.has(KEY)
    assert isinstance(await keep_upload(command, ANNAS, store, bots), UploadKept)


@pytest.mark.parametrize(("kind", "content"), [("document", CONTENT), ("photo", PNG)])
async def test_the_kept_copy_is_sent_with_its_screen(
    store: ObjectStore,
    peer: Peer,
    bots: Bots,
    kind: Literal["document", "photo"],
    content: bytes,
) -> None:
    file = await peer.uploads("паспорт.pdf", content, kind)
    await keep_upload(keeping(file), ANNAS, store, bots)
    await peer.loses(file["file_id"])
    await peer.fails(method=f"send{kind.capitalize()}", retry_after=1)
    outcome = await send_upload(sending("пас\r\nпорт.pdf", kind), ANNAS, store, bots)
    message = (await peer.messages())[-1]
    assert outcome == UploadSent(
        person_id=ANNA,
        upload_id="documents-7-1",
        file_id=message["file"]["file_id"],
        app="documents",
        chat_id=ANNA,
        message_id=message["id"],
    )
    assert message["text"] == "Yours"
    assert message["buttons"] == [[{"text": "Rename", "callback_data": "rename:1"}]]
    assert message["file"]["name"] == ("паспорт.pdf" if kind == "document" else None)
    assert await peer.downloads(message["id"]) == content


async def test_another_bot_sends_the_copy_to_somebody_else_and_says_who_refused_it(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    async def bytes_of_broadcasts() -> AsyncIterator[bytes]:
        yield CONTENT

    await keep(store, KEY.replace("documents", "broadcasts", 1), bytes_of_broadcasts())
    command = replace(sending("a.pdf"), kept_by="broadcasts", receipt="mailing:7")
    outcome = await send_upload(command, ANNAS, store, bots)
    assert isinstance(outcome, UploadSent)
    assert (outcome.app, outcome.receipt) == ("documents", "mailing:7")
    assert await peer.downloads(outcome.message_id) == CONTENT
    too_long = replace(command, screen=Screen(text="a" * 1025))
    refused = await send_upload(too_long, ANNAS, store, bots)
    assert isinstance(refused, UploadNotSent)
    assert (refused.reason, refused.receipt) == ("refused", "mailing:7")
    with pytest.raises(ScreenTooLong):
        await send_upload(replace(too_long, receipt=""), ANNAS, store, bots)


async def test_nobody_sends_another_persons_upload(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await keep_upload(keeping(await peer.uploads("a.pdf", CONTENT)), ANNAS, store, bots)
    outcome = await send_upload(sending("a.pdf"), STRANGER, store, bots)
    assert isinstance(outcome, UploadNotSent)
    assert outcome.person_id == STRANGER.person
    assert await peer.calls("sendDocument") == []


async def test_somebody_who_blocked_the_bot_is_not_sent_anything(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await keep_upload(keeping(await peer.uploads("a.pdf", CONTENT)), ANNAS, store, bots)
    await peer.fails(method="sendDocument", code=403)
    outcome = await send_upload(sending("a.pdf"), ANNAS, store, bots)
    assert isinstance(outcome, UploadNotSent)
    assert outcome.reason == "unreachable"


async def test_discarded_bytes_are_deleted(store: ObjectStore, peer: Peer, bots: Bots) -> None:
    await keep_upload(keeping(await peer.uploads("a.pdf", CONTENT)), ANNAS, store, bots)
    event = UploadDiscarded(person_id=ANNA, app="documents", upload_id="documents-7-1")
    await delete_bytes_on_upload_discarded(event, store)
    await delete_bytes_on_upload_discarded(event, store)
    assert not await store.has(KEY)


async def test_of_an_erased_person_nothing_is_left(
    store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    command = keeping(await peer.uploads("a.pdf", CONTENT))
    await keep_upload(command, ANNAS, store, bots)
    await keep_upload(command, STRANGER, store, bots)
    await delete_bytes_on_person_erased(PersonErased(person_id=ANNA), store)
    assert await store.keys("documents") == [f"documents/{STRANGER.person}/documents-7-1"]
