"""What becomes of a notice: told once, dropped, buried, or known to reach nobody."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bus.middleware.retry import ATTEMPT_DELAYS
from contracts.notices import Urgency
from tests.bus.waiting import eventually
from tests.services.notifier.stage import Stage, counted
from tests.services.own_redis import own_redis
from tests.telegram_api.peer import ANNA

MAILING = "mailing:7"


async def test_what_is_too_late_is_dropped_and_counted(stage: Stage) -> None:
    passed = datetime.now(UTC) - timedelta(seconds=1)
    async with stage.copies(1) as lives:
        await stage.tell("Yesterday's", urgency="reminder", not_after=passed)
        await stage.tell("Today's", urgency="reminder")
        await stage.all_told()
        assert counted(lives, "reminder", "too late") == 1
        assert counted(lives, "reminder", "told") == 1
    assert await stage.sent() == ["Today's"]


@pytest.mark.parametrize("how", ["blocks", "is not found"])
async def test_a_person_whom_nothing_reaches_is_said_to_be_so(stage: Stage, how: str) -> None:
    chat = ANNA if how == "blocks" else 999_999
    if how == "blocks":
        await stage.peer.blocks()
    async with stage.copies(1) as lives:
        await stage.tell("Hello", chat)
        await stage.all_told()
        assert counted(lives, "answer", "unreachable") == 1
    (command,) = await stage.bench.stored("COMMANDS")
    assert command.subject == "command.people.change_reachability"
    assert command.headers
    assert command.headers["Actor"] == f"{chat}@documents"
    assert await stage.bench.count("DEAD") == 0


async def test_what_telegram_refuses_is_dead_and_holds_up_nothing(stage: Stage) -> None:
    async with stage.copies(1):
        await stage.tell("<b>Never closed")
        await stage.tell("Fine")
        await stage.all_told()
    sent = await stage.sent()
    assert "Fine" in sent
    (dead,) = await stage.bench.stored("DEAD")
    assert dead.subject == f"dead.notice.answer.documents.{ANNA}"


@pytest.mark.parametrize(("urgency", "times"), [("answer", 2), ("reminder", 2), ("bulk", 1)])
async def test_of_what_may_have_arrived_only_bulk_is_not_told_again(
    stage: Stage, urgency: Urgency, times: int
) -> None:
    await stage.peer.fails(method="sendMessage", disconnect=True)
    async with stage.copies(1):
        for _ in range(2):  # said again, it is no better known whether it is there
            await stage.tell("Hello", key=f"perhaps-{urgency}", urgency=urgency, receipt=MAILING)
            await stage.all_told()
    assert await stage.sent() == ["Hello"] * times
    ended = "fate_unknown" if urgency == "bulk" else "told"
    assert [end.result for end in await stage.ends()] == [ended] * 2


async def test_a_notice_delivered_again_is_told_once(stage: Stage) -> None:
    async with stage.copies(2) as lives:
        for _ in range(2):
            await stage.tell("Hello", key="one")
        await stage.all_told()
        assert counted(lives, "answer", "told before") == 1
    assert await stage.sent() == ["Hello"]


async def test_while_telegram_is_away_nothing_is_lost_or_dead(
    stage: Stage, written: io.StringIO
) -> None:
    await stage.peer.fails(method="sendMessage", code=502, times=6)
    async with stage.copies(1):
        for number in range(3):
            await stage.tell(f"Number {number}")
        await stage.all_told(within=120)
    assert await stage.sent() == [f"Number {number}" for number in range(3)]
    assert await stage.bench.count("DEAD") == 0
    # Who waited behind the first learned nothing of Telegram.
    assert written.getvalue().count("consumer.resumed") == 1


async def test_what_cannot_be_done_is_said_with_its_code(stage: Stage) -> None:
    async with stage.copies(1):
        await stage.say_buried("c0de")
        await stage.all_told()
    (said,) = await stage.sent()
    assert "c0de" in said


async def test_notices_of_an_app_that_nobody_serves_stay(stage: Stage) -> None:
    stage.environment.setenv("APPS", "people")
    async with stage.copies(1):
        await stage.tell("Hello")
        await eventually(lambda: stage.bench.count("NOTICES"))
    assert await stage.bench.count("NOTICES") == 1
    stage.environment.delenv("APPS")
    async with stage.copies(1):
        await stage.all_told()
    assert await stage.sent() == ["Hello"]


async def test_while_redis_takes_nothing_a_notice_waits(stage: Stage) -> None:
    async with own_redis() as url, Redis.from_url(url) as redis:
        stage.environment.setenv("NOTIFIER_REDIS_URL", url)
        async with stage.copies(1):
            await redis.config_set("maxmemory", 1)
            await stage.tell("Hello")
            await eventually(lambda: is_tried_on(redis))
            await redis.config_set("maxmemory", 0)
            await stage.all_told()
    assert await stage.sent() == ["Hello"]
    assert await stage.bench.count("DEAD") == 0


async def test_while_telegram_refuses_the_token_notices_wait(
    stage: Stage, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.trouble.TOKEN_SECONDS", 0.1)
    await stage.peer.fails(method="sendMessage", code=401, times=6)
    async with stage.copies(1):
        for number in range(3):
            await stage.tell(f"Number {number}")
        await stage.all_told()
    assert await stage.sent() == [f"Number {number}" for number in range(3)]
    assert await stage.bench.count("DEAD") == 0
    assert "message.held_up" in written.getvalue()
    assert "consumer.paused" not in written.getvalue()  # others may share it


async def test_who_waits_for_an_answer_that_telegram_refuses_reads_a_code(stage: Stage) -> None:
    async with stage.copies(1):
        await stage.tell("<b>Never closed")
        await stage.all_told()
    (said,) = await stage.sent()
    (dead,) = await stage.bench.stored("DEAD")
    assert dead.headers
    assert dead.headers["traceparent"].split("-")[1] in said


async def is_tried_on(redis: Redis) -> bool:
    """Whether Redis was asked more often than what meets a bug is tried."""
    asked = (await redis.info("commandstats")).get("cmdstat_evalsha", {})
    return int(asked.get("calls", 0)) > len(ATTEMPT_DELAYS) + 1
