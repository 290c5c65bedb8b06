"""Reading DEAD: all of it, without bodies, whatever is in there, beside others who do the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bus.graveyard import Graveyard, GraveyardAway, NoSuchLetter, graveyard
from bus.letters import OTHER, app_of, kind_of, sent_to
from bus.provision import provision
from services.discovery import consumers
from tests.bus.bench import Bench
from tests.bus.burying import BODY, TRACE, bury, letters_of


async def test_a_letter_says_what_it_was_and_why_it_died(bench: Bench) -> None:
    number = await bury(bench)
    (letter,) = await letters_of(bench)
    assert (letter.seq, letter.kind, letter.app) == (number, "command", "documents")
    assert letter.reason == "KeyError: 'name'"
    assert (letter.attempts, letter.place) == (4, "documents.py:17")
    assert (letter.trace_id, letter.message_id) == (TRACE, "documents-8-1")
    assert (letter.actor, letter.size, letter.truncated) == ("1001@documents", len(BODY), None)
    same, body = await Graveyard(await bench.link("operator")).letter(number)
    # Clients read the last digit of the server's time each in their way.
    assert abs(same.at - letter.at) < timedelta(milliseconds=1)
    assert (replace(same, at=letter.at), body) == (letter, BODY)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many letters are read at once."""
    monkeypatch.setattr("bus.graveyard.BATCH", 10)
    return 10


async def test_more_than_one_batch_is_listed_in_order(bench: Bench, small_batches: int) -> None:
    numbers = [await bury(bench) for _ in range(2 * small_batches + 7)]
    assert [letter.seq for letter in await letters_of(bench)] == numbers


async def test_an_empty_stream_lists_nothing_and_leaves_no_reader(bench: Bench) -> None:
    assert await letters_of(bench) == []
    jetstream = (await bench.link("operator")).jetstream
    assert await jetstream.consumers_info("DEAD") == []


async def test_letters_dropped_while_they_are_listed_do_not_hold_it_up(
    bench: Bench, small_batches: int
) -> None:
    for _ in range(small_batches + 2):
        await bury(bench)
    link = await bench.link("operator")
    listing = Graveyard(link).letters()
    first = await anext(listing)
    await link.jetstream.purge_stream("DEAD")
    rest = [letter.seq async for letter in listing]
    assert rest[:1] == [first.seq + 1]
    assert len(rest) < small_batches + 2


async def test_headers_that_nobody_writes_can_be_read(bench: Bench) -> None:
    client = (await bench.link("operator")).client
    hostile = b"PUB_HEADERS"
    headers = {"X-Odd": "%ff%fe", "Dead-Attempts": "٣", "Dead-Truncated": "9" * 50, "Chat": ""}
    await client.publish("dead.nonsense", hostile, headers={**headers, "traceparent": "00-no"})
    await client.flush()
    (letter,) = await letters_of(bench)
    assert (letter.kind, letter.app, letter.attempts, letter.truncated) == (OTHER, "", 0, None)
    assert (letter.trace_id, letter.reason) == ("", "")
    _, body = await Graveyard(await bench.link("operator")).letter(letter.seq)
    assert body == hostile


async def test_what_was_removed_is_said_to_be_gone(bench: Bench) -> None:
    letters = Graveyard(await bench.link("operator"))
    number = await bury(bench)
    assert await letters.remove(number)
    assert not await letters.remove(number)
    assert not await letters.remove(number + 1000)
    for missing in (number, number + 1000):
        with pytest.raises(NoSuchLetter):
            await letters.letter(missing)


async def test_a_bus_that_is_away_is_not_waited_for_for_ever(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.graveyard.CONNECT_WITHIN", 0.5)
    with pytest.raises(GraveyardAway):
        async with graveyard("nats://127.0.0.1:1", bench.seed("operator")):
            raise AssertionError("nobody listens there")


async def test_a_missing_stream_is_named(bench: Bench) -> None:
    jetstream = (await bench.link("operator")).jetstream
    await jetstream.delete_stream("DEAD")
    try:
        with pytest.raises(GraveyardAway, match="switchboard provision"):
            async with graveyard(bench.url, bench.seed("operator")) as letters:
                [letter async for letter in letters.letters()]
    finally:
        await provision(bench.url, bench.seed("operator"), consumers())


@pytest.mark.parametrize(
    ("subject", "kind", "app", "goes_to"),
    [
        ("update.3.documents.1001", "update", "documents", "update.documents.1001"),
        ("update.documents.-100", "update", "documents", "update.documents.-100"),
        ("command.files.keep", "command", "files", "command.files.keep"),
        ("event.people.seen", "event", "people", "event.people.seen"),
        ("late.documents.type_added", "late", "documents", "late.documents.type_added"),
        ("notice.bulk.documents.7", "notice", "documents", "notice.bulk.documents.7"),
        ("outcome.bot-1.c-1", OTHER, "", "outcome.bot-1.c-1"),
        ("command", "command", "", "command"),
    ],
)
def test_subjects_say_kind_app_and_where_a_message_came_from(
    subject: str, kind: str, app: str, goes_to: str
) -> None:
    assert (kind_of(subject), app_of(subject), sent_to(subject)) == (kind, app, goes_to)
