"""What a chat was told is changed and taken back by its key, and whoever asked hears the end."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from contracts.notices import ENDS_AT_ONCE, NoticeEnd
from contracts.screens import Button, Media, Screen
from services.notifier.receipts import Ends
from tests.services.notifier.stage import APP, Stage, counted
from tests.telegram_api.peer import ANNA

MAILING = "mailing:7"
NOBODY = 999_999


async def test_a_message_is_changed_by_its_key_and_taken_back(stage: Stage) -> None:
    progress: dict[str, Any] = {"key": "progress", "receipt": "progress"}
    async with stage.copies(2):
        for version, text in ((1, "10 %"), (3, "30 %"), (2, "20 %"), (3, "30 %")):
            await stage.tell(text, version=version, **progress)
        await stage.all_told()
        (message,) = [each for each in await stage.peer.messages() if each["text"] == "30 %"]
        await stage.tell("", screen=None, version=4, **progress)
        await stage.tell("Once more", version=5, **progress)
        await stage.all_told()
    assert await stage.sent() == ["10 %", "Once more"]
    assert len(await stage.peer.calls("editMessageText")) == 1
    texts = [each["text"] for each in await stage.peer.messages()]
    assert "30 %" not in texts
    ends = sorted(await stage.ends(), key=lambda end: end.version)
    # One that came too late to be shown, and one that came again, end as what was shown did.
    assert [end.version for end in ends] == [1, 2, 3, 3, 4, 5]
    assert {end.result for end in ends} == {"told"}
    assert {end.message_id for end in ends if end.version < 4} == {message["id"]}
    assert ends[-2].message_id == 0
    assert ends[-1].message_id > message["id"]


async def test_of_what_waits_only_the_newest_version_is_told(stage: Stage) -> None:
    for number in range(1, 31):
        await stage.tell(f"{number} of 30", key="progress", version=number)
    await stage.tell("Something else")
    async with stage.copies(1) as lives:
        await stage.all_told()
    (message,) = [each for each in await stage.peer.messages() if "of 30" in each["text"]]
    assert message["text"] == "30 of 30"
    assert (await stage.sent())[-1] == "Something else"
    # The first one may have begun before the others were in hand.
    assert counted(lives, "answer", "overtaken") >= 28
    assert len(await stage.peer.calls("editMessageText")) <= 1


async def test_of_a_message_with_a_file_the_caption_is_changed(stage: Stage) -> None:
    file_id = (await stage.peer.uploads("a.pdf", b"abc"))["file_id"]
    button = ((Button(text="More", url="https://example.org"),),)

    def shown(text: str) -> Screen:
        return Screen(text=text, buttons=button, media=Media(kind="document", file_id=file_id))

    mailing: dict[str, Any] = {"key": MAILING, "receipt": MAILING, "urgency": "bulk"}
    async with stage.copies(1):
        await stage.tell("", screen=shown("Nwes"), **mailing)
        await stage.all_told()
        (end,) = await stage.ends()
        # Redis may have forgotten, for which the asker remembers.
        async with Redis.from_url(stage.bench.servers.environment["REDIS_URL"]) as redis:
            await redis.delete(f"told:notice:{APP}:{ANNA}:{MAILING}")
        known: dict[str, Any] = {"message_id": end.message_id, **mailing}
        await stage.tell("", screen=shown("News"), version=1, **known)
        await stage.tell("", screen=Screen(text="Words only"), version=2, **known)
        await stage.all_told()
    changed = await stage.peer.calls("editMessageCaption")
    assert [call["parameters"]["caption"] for call in changed] == ["News", "Words only"]
    assert len(await stage.peer.calls("sendDocument")) == 1


async def test_whoever_gave_a_receipt_hears_how_each_ended(stage: Stage) -> None:
    passed = datetime.now(UTC) - timedelta(seconds=1)
    bulk: dict[str, Any] = {"urgency": "bulk", "receipt": MAILING}
    async with stage.copies(2) as lives:
        await stage.tell("News", key="news", **bulk)
        await stage.all_told()
        # Told before its time had passed, it was told, however late it comes again.
        await stage.tell("News", key="news", not_after=passed, **bulk)
        await stage.tell("Old", key="old", not_after=passed, **bulk)
        await stage.tell("<b>Never closed", key="broken", **bulk)
        await stage.tell("Hello", NOBODY, key="nobody", **bulk)
        await stage.tell("Changed", key="gone", version=1, message_id=NOBODY, **bulk)
        await stage.tell("", screen=None, key="never", **bulk)
        await stage.tell("Unasked", key="unasked", urgency="bulk")
        await stage.all_told()
        assert counted(lives, "bulk", "refused") == 2
    ends = await stage.ends()
    told = {end.message_id for end in ends if end.key == "news"}
    assert len(told) == 1
    assert sorted((end.key, end.result) for end in ends) == [
        ("broken", "refused"),
        ("gone", "refused"),
        ("never", "told"),
        ("news", "told"),
        ("news", "told"),
        ("nobody", "blocked"),
        ("old", "too_late"),
    ]
    assert all(end.receipt == MAILING and end.app == APP for end in ends)
    assert "chat not found" in next(end.reason for end in ends if end.key == "nobody")
    # What does not suit Telegram is whoever wrote it to hear of, not the operator.
    assert await stage.bench.count("DEAD") == 0
    (learned,) = await stage.bench.stored("COMMANDS")
    assert b'"reason":"blocked"' in (learned.data or b"")
    assert (learned.headers or {})["Actor"] == f"{NOBODY}@{APP}"


async def test_what_ends_together_is_said_together(stage: Stage) -> None:
    ends = Ends(await stage.bench.publisher("notifier"))
    end = NoticeEnd(
        app=APP, chat_id=ANNA, key=MAILING, version=0, receipt=MAILING, result="fate_unknown"
    )
    numbers = range(ENDS_AT_ONCE + 1)
    await asyncio.gather(*(ends.say(end, f"cause-{number}") for number in numbers))
    said = await stage.bench.stored("EVENTS")
    assert [each.subject for each in said] == ["event.notices.notices_ended"] * 2
    assert len(await stage.ends()) == len(numbers)


async def test_without_limits_nothing_is_asked_of_them(stage: Stage) -> None:
    stage.environment.setenv("TELEGRAM_LIMITS", "0")
    async with stage.copies(1):
        await stage.tell("Hello")
        await stage.all_told()
    async with Redis.from_url(stage.bench.servers.environment["REDIS_URL"]) as redis:
        assert [key async for key in redis.scan_iter("rate:*")] == []
