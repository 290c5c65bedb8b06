"""Claims and marks: of two that would show the same, one does, also when the other dies."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bus.errors import NotYet
from services.told import CLAIM_SECONDS, Claim, Told, told_key


@pytest_asyncio.fixture(loop_scope="session")
async def told(environment: dict[str, str]) -> AsyncIterator[Told]:
    """Claims in Redis as the services have it."""
    async with Redis.from_url(environment["BOT_REDIS_URL"]) as redis:
        yield Told(redis)


@pytest.fixture
def what() -> str:
    """Something that nobody has shown."""
    return f"documents-{uuid.uuid4().hex}"


async def test_what_was_shown_is_not_shown_again(told: Told, what: str) -> None:
    async with told.showing(what) as showing:
        assert showing.mine
        assert not await told.already(what)
    assert await told.already(what)
    async with told.showing(what) as showing:
        assert not showing.mine
    assert await told.claim(what, "the bot") is Claim.TOLD


async def test_of_many_at_the_same_moment_one_shows_it(told: Told, what: str) -> None:
    shown: list[str] = []
    begun = asyncio.Event()

    async def show(who: str) -> None:
        try:
            async with told.showing(what) as showing:
                if showing.mine:
                    shown.append(who)
                    await begun.wait()
        except NotYet:
            begun.set()

    await asyncio.gather(*(show(f"copy {number}") for number in range(10)))
    assert len(shown) == 1


async def test_what_could_not_be_shown_may_be_shown_by_the_other(told: Told, what: str) -> None:
    with pytest.raises(RuntimeError):
        async with told.showing(what):
            raise RuntimeError("Telegram refused")
    assert await told.claim(what, "the other") is Claim.MINE


async def test_who_is_redelivered_has_its_claim_still(told: Told, what: str) -> None:
    assert await told.claim(what, "update 1") is Claim.MINE
    assert await told.claim(what, "update 1") is Claim.MINE
    assert await told.claim(what, "update 2") is Claim.ELSEWHERE
    with pytest.raises(NotYet):
        async with told.showing(what):
            pass


async def test_a_claim_of_somebody_who_died_expires(told: Told, what: str) -> None:
    await told.claim(what, "who died")
    assert 0 < await told.redis.ttl(told_key(what)) <= CLAIM_SECONDS
    await told.redis.expire(told_key(what), 0)
    async with told.showing(what) as showing:
        assert showing.mine


async def test_a_claim_that_was_lost_is_neither_renewed_nor_released(told: Told, what: str) -> None:
    await told.claim(what, "who was slow")
    await told.redis.expire(told_key(what), 0)
    await told.claim(what, "the other")
    await told.redis.expire(told_key(what), 2)
    await told.renew(what, "who was slow")
    await told.release(what, "who was slow")
    assert 0 < await told.redis.ttl(told_key(what)) <= 2
    await told.renew(what, "the other")
    assert await told.redis.ttl(told_key(what)) > 2
