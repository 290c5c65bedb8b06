"""Everything under a type on its way to a chat: divided, packed, sent, sent on after a crash."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from bus import Actor, Envelope, NotYet
from contracts.files import ArchivedFile, ArchiveNotSent, ArchiveSent, SendArchive
from services.files import archives
from services.files.files import send_archive
from services.files.keep import key_of
from services.files.store import ObjectStore
from telegram_api.client import Bots
from telegram_api.errors import TelegramAway
from tests.services.files.test_store import chunks
from tests.telegram_api.peer import ANNA, Peer

ANNAS = Actor(person=ANNA, app="documents")
STRANGER = Actor(person=1002, app="documents")
CONTENTS = {f"Файл {number}.bin": bytes([number]) * 4000 for number in range(1, 6)}


def archived(*names: str, size: int = 10) -> list[ArchivedFile]:
    return [
        ArchivedFile(upload_id=f"u-{number}", name=name, size=size)
        for number, name in enumerate(names)
    ]


def names(files: Sequence[ArchivedFile]) -> list[str]:
    return [file.name for file in files]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that hold two of the files."""
    monkeypatch.setattr(archives, "PART_SIZE", 9000)


@pytest.fixture
async def command(store: ObjectStore, bots: Bots) -> SendArchive:
    """The command for five kept files, and a message that shows how far they are."""
    for number, content in enumerate(CONTENTS.values()):
        await store.put(key_of("documents", ANNA, f"u-{number}"), chunks(content))
    message = await bots["documents"].send_message(ANNA, "Packing")
    return SendArchive(
        app="documents",
        chat_id=ANNA,
        message_id=message.message_id,
        name="🛂 Паспорта",
        files=tuple(archived(*CONTENTS, size=4000)),
    )


async def run(
    command: SendArchive,
    store: ObjectStore,
    bots: Bots,
    actor: Actor = ANNAS,
    command_id: str = "documents-7-1",
) -> tuple[ArchiveSent | ArchiveNotSent, int]:
    """Handle the command until it has an outcome; also returns how many calls that took."""
    calls = 1
    while True:
        try:
            envelope = Envelope(message_id=command_id, actor=actor, locale="en")
            return await send_archive(command, actor, envelope, store, bots), calls
        except NotYet:
            calls += 1


async def received(peer: Peer) -> dict[str, list[tuple[str, bytes]]]:
    """Return the ZIPs in the chat by name with the names and bytes in them."""
    found = {}
    for message in await peer.messages():
        if message["from"] == "bot" and message["file"]:
            with zipfile.ZipFile(BytesIO(await peer.downloads(message["id"]))) as part:
                assert part.testzip() is None
                entries = [(name, part.read(name)) for name in part.namelist()]
            found[message["file"]["name"]] = entries
    return found


@pytest.mark.usefixtures("small_parts")
async def test_all_parts_together_are_the_originals(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    outcome, calls = await run(command, store, bots)

    assert outcome == ArchiveSent(person_id=ANNA, name="🛂 Паспорта", parts=3, files=5)
    assert calls == 3
    parts = await received(peer)
    assert list(parts) == [f"🛂 Паспорта, part {number} of 3.zip" for number in (1, 2, 3)]
    assert [len(entries) for entries in parts.values()] == [2, 2, 1]
    assert dict(entry for entries in parts.values() for entry in entries) == CONTENTS


@pytest.mark.usefixtures("small_parts")
async def test_one_message_shows_how_far_it_is(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await run(command, store, bots)

    edits = await peer.calls("editMessageText")
    assert [call["parameters"]["text"] for call in edits] == [
        *(f"I am packing <b>🛂 Паспорта</b>: part {number} of 3…" for number in (1, 2, 3)),
        "<b>🛂 Паспорта</b>: 5 files are sent.",
    ]
    assert {str(call["parameters"]["message_id"]) for call in edits} == {str(command.message_id)}


async def test_what_fits_comes_as_one_file(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    outcome, calls = await run(command, store, bots)

    assert isinstance(outcome, ArchiveSent)
    assert (outcome.parts, calls) == (1, 1)
    assert list(await received(peer)) == ["🛂 Паспорта.zip"]


@pytest.mark.usefixtures("small_parts")
async def test_after_a_crash_it_goes_on_where_it_was(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    envelope = Envelope(message_id="documents-7-1", actor=ANNAS)
    with pytest.raises(NotYet):
        await send_archive(command, ANNAS, envelope, store, bots)
    # Here the process dies: the message is delivered again, to another copy.
    outcome, _ = await run(command, store, bots)
    assert isinstance(outcome, ArchiveSent)
    assert len(await peer.calls("sendDocument")) == 3

    # Sent, but not acknowledged: delivered once more, it says the same and sends nothing.
    assert (await run(command, store, bots)) == (outcome, 1)
    assert len(await peer.calls("sendDocument")) == 3


@pytest.mark.usefixtures("small_parts")
async def test_wanted_again_it_is_sent_again(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await run(command, store, bots)
    await run(command, store, bots, command_id="documents-8-1")
    assert len(await peer.calls("sendDocument")) == 6


@pytest.mark.usefixtures("small_parts")
async def test_a_part_that_telegram_did_not_take_is_sent_later(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await peer.fails(method="sendDocument", code=502)
    with pytest.raises(TelegramAway):
        await run(command, store, bots)
    assert await received(peer) == {}
    await run(command, store, bots)
    assert len(await received(peer)) == 3


@pytest.mark.usefixtures("small_parts")
async def test_files_that_are_gone_are_named_at_the_end(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    for number in (0, 2, 3):
        await store.delete(key_of("documents", ANNA, f"u-{number}"))

    outcome, _ = await run(command, store, bots)

    assert outcome == ArchiveSent(
        person_id=ANNA,
        name="🛂 Паспорта",
        parts=3,
        files=2,
        missing=("Файл 1.bin", "Файл 3.bin", "Файл 4.bin"),
    )
    assert list(await received(peer)) == [
        "🛂 Паспорта, part 1 of 3.zip",
        "🛂 Паспорта, part 3 of 3.zip",
    ]
    (shown,) = [m for m in await peer.messages() if m["id"] == command.message_id]
    assert "2 files are sent" in shown["text"]
    assert "3 files are gone" in shown["text"]
    assert "Файл 1.bin, Файл 3.bin, Файл 4.bin" in shown["text"]


async def test_nobody_gets_another_persons_files(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    outcome, _ = await run(command, store, bots, STRANGER)
    assert isinstance(outcome, ArchiveNotSent)
    assert outcome.reason == "gone"
    assert await peer.calls("sendDocument") == []


@pytest.mark.usefixtures("small_parts")
async def test_nothing_more_is_sent_to_whoever_blocks_the_bot(
    command: SendArchive, store: ObjectStore, peer: Peer, bots: Bots
) -> None:
    await peer.fails(method="sendDocument", code=403)
    outcome, calls = await run(command, store, bots)
    assert isinstance(outcome, ArchiveNotSent)
    assert (outcome.reason, calls) == ("unreachable", 1)


async def test_no_trace_is_left_on_the_disk(
    command: SendArchive,
    store: ObjectStore,
    bots: Bots,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    await run(command, store, bots)
    assert list((tmp_path / "temporary").iterdir()) == []
