"""One app's slow or countless queries keep no other app from being answered."""

import asyncio

import pytest

from bus import QueryUnavailable, responder
from contracts.documents import ListTypes, TypePage
from contracts.people import GetPerson, Person
from tests.bus.asking import EMPTY, answering
from tests.bus.bench import PERSON, Bench


async def test_slow_queries_of_one_app_delay_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responder, "AT_ONCE", 2)
    monkeypatch.setattr(responder, "WAITING_AT_MOST", 2)
    begun = 0
    all_places_taken, go_on = asyncio.Event(), asyncio.Event()

    async def list_types(query: ListTypes) -> TypePage:
        nonlocal begun
        begun += 1
        if begun == responder.AT_ONCE + 1:
            all_places_taken.set()
        await go_on.wait()
        return EMPTY

    async def get_person(query: GetPerson) -> Person:
        return Person(
            person_id=PERSON, known=True, language="ru", time_zone="UTC", roles=(), blocked=()
        )

    bot, _ = await bench.bot()
    async with answering(bench, list_types, get_person):
        slow = [asyncio.create_task(bot.ask(ListTypes())) for _ in range(6)]
        async with asyncio.timeout(60):
            await all_places_taken.wait()
        assert (await bot.ask(GetPerson())).known  # while not one of the others is answered
        go_on.set()
        answers = await asyncio.gather(*slow, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, QueryUnavailable)]
    assert len(refused) == 2  # those beyond what may wait, of the same app
