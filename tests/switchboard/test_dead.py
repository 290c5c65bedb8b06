"""`switchboard dead`: what it shows, what it asks, what it does, and its exit status."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.switchboard.command import run
from tests.switchboard.dead_bus import (
    COMMAND,
    EVENT,
    PRIVATE,
    TRACE,
    UPDATE,
    DeadBus,
    provisioned_bus,
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provisioned() -> AsyncIterator[DeadBus]:
    with tempfile.TemporaryDirectory(prefix="switchboard-test-") as directory:
        async with provisioned_bus(Path(directory)) as link:
            yield DeadBus(Path(directory), link)


@pytest_asyncio.fixture(loop_scope="session")
async def bus(provisioned: DeadBus) -> DeadBus:
    """The bus with nothing on it."""
    for stream in ("DEAD", "COMMANDS", "UPDATES", "EVENTS"):
        await provisioned.link.jetstream.purge_stream(stream)
    return provisioned


async def test_no_letters_are_said_in_words(bus: DeadBus) -> None:
    said = await bus.dead("list")
    assert (said.status, said.output) == (0, "There are no dead letters.\n")
    assert (await bus.dead("replay", "--all")).output == "No dead letter matches.\n"


async def test_the_list_shows_the_newest_first_and_nothing_that_people_wrote(bus: DeadBus) -> None:
    first, second = await bus.bury(), await bus.bury(UPDATE)
    said = await bus.dead("list")
    assert said.status == 0
    heading, newest, oldest = said.output.splitlines()
    assert heading.split() == ["NUMBER", "BURIED", "(UTC)", "SUBJECT", "TRIES", "REASON"]
    assert newest.split()[0] == str(second)
    assert UPDATE in newest
    assert oldest.split()[0] == str(first)
    assert "KeyError: 'name'" in oldest
    assert PRIVATE not in said.output


async def test_json_has_one_object_a_line_with_stable_keys(bus: DeadBus) -> None:
    number = await bus.bury(Dead_Truncated="2000000")
    (letter,) = await bus.listed()
    assert letter.pop("buried_at").endswith("Z")
    assert letter.pop("size") > 0
    assert letter == {
        "number": number,
        "kind": "command",
        "app": "documents",
        "subject": COMMAND,
        "reason": "KeyError: 'name'",
        "attempts": 4,
        "place": "documents.py:17",
        "trace_id": TRACE,
        "message_id": "documents-8-1",
        "actor": "1001@documents",
        "truncated": 2000000,
    }


async def test_filters_choose(bus: DeadBus) -> None:
    command, update = await bus.bury(), await bus.bury(UPDATE)
    event = await bus.bury(
        EVENT, Dead_Reason="MalformedMessage: Expected", traceparent=f"00-{TRACE[::-1]}-{1:016x}-03"
    )

    async def numbers(*filters: str) -> list[int]:
        return [letter["number"] for letter in await bus.listed(*filters)]

    found = await asyncio.gather(
        numbers("--app", "documents"),
        numbers("--kind", "event", "--kind", "update"),
        numbers("--subject", "*.add_*"),
        numbers("--reason", "malformed"),
        numbers("--trace", TRACE),
        numbers("--trace", TRACE[::-1][:6].upper()),
        numbers("--since", "1h"),
        numbers("--since", "2100-01-01"),
        numbers("--until", "1h"),
    )
    assert found == [
        [update, command],
        [event, update],
        [command],
        [event],
        [update, command],
        [event],
        [event, update, command],
        [],
        [],
    ]


async def test_pages_follow_each_other(bus: DeadBus) -> None:
    numbers = [await bus.bury() for _ in range(5)]
    first = (await bus.dead("list", "--limit", "2")).output
    assert first.splitlines()[-1] == f"3 more: --before {numbers[3]}"
    second = await bus.listed("--limit", "2", "--before", str(numbers[3]))
    assert [letter["number"] for letter in second] == [numbers[2], numbers[1]]


async def test_show_tells_everything_of_a_letter(bus: DeadBus) -> None:
    said = await bus.dead("show", str(await bus.bury()))
    assert said.status == 0
    for word in (COMMAND, TRACE, "documents.py:17", "Message-Id: documents-8-1"):
        assert word in said.output
    assert f'    "name": "{PRIVATE}"' in said.output
    assert "  Dead-Reason: KeyError: 'name'\n" in said.output
    assert "%27" not in said.output


async def test_show_cannot_write_to_the_terminal(bus: DeadBus) -> None:
    bodies = (b'{"a": "\\u001b[2J\\u009b"}', b"\x1b]0;title\x07", bytes(range(128, 256)) * 4)
    numbers = [str(await bus.bury(body=body, Dead_Reason="%1b[31m")) for body in bodies]
    said, listed = await asyncio.gather(bus.dead("show", *numbers), bus.dead("list"))
    assert "\x1b" not in said.output + listed.output
    assert "\x9b" not in said.output
    assert "00000000  80 81 82" in said.output
    assert "... and 256 bytes more" in said.output


async def test_show_as_json_has_the_body_in_one_of_its_forms(bus: DeadBus) -> None:
    bodies = {b'{"a": [1]}': {"a": [1]}, b"words": "words", b"\xff\xfe": None}
    numbers = [str(await bus.bury(body=body)) for body in bodies]
    said = await bus.dead("show", "--json", *numbers)
    letters = [json.loads(line) for line in said.output.splitlines()]
    assert [letter["body"] for letter in letters] == list(bodies.values())
    assert [letter["body_hex"] for letter in letters] == [None, None, "fffe"]
    assert all(letter["headers"]["Dead-Attempts"] == "4" for letter in letters)


async def test_a_replayed_letter_is_gone_and_back_in_its_stream(bus: DeadBus) -> None:
    number = await bus.bury()
    said = await bus.dead("replay", str(number), "--yes")
    assert (said.status, said.output.splitlines()[-1]) == (0, "Replayed 1.")
    assert [await bus.count(stream) for stream in ("DEAD", "COMMANDS")] == [0, 1]


async def test_replaying_many_asks_first_with_their_number(bus: DeadBus) -> None:
    for _ in range(3):
        await bus.bury()
    await bus.bury(EVENT)
    refused = await bus.dead("replay", "--kind", "command", typed="n\n")
    assert refused.status == 1
    assert "3  command of documents" in refused.output
    assert "Replay 3 dead letters?" in refused.output
    assert refused.output.endswith("Nothing was done.\n")
    assert await bus.count("DEAD") == 4
    agreed = await bus.dead("replay", "--kind", "command", typed="y\n")
    assert (agreed.status, agreed.output.splitlines()[-1]) == (0, "Replayed 3.")
    assert [await bus.count(stream) for stream in ("DEAD", "COMMANDS", "EVENTS")] == [1, 3, 0]


async def test_nobody_to_ask_means_no(bus: DeadBus) -> None:
    await bus.bury()
    assert (await bus.dead("drop", "--all")).status != 0
    assert await bus.count("DEAD") == 1


async def test_dropped_letters_are_gone(bus: DeadBus) -> None:
    for _ in range(3):
        await bus.bury()
    kept = await bus.bury(EVENT)
    said = await bus.dead("drop", "--app", "documents", "--yes")
    assert (said.status, said.output.splitlines()[-1]) == (0, "Dropped 3.")
    assert [letter["number"] for letter in await bus.listed()] == [kept]


async def test_a_letter_that_is_gone_is_told_from_one_that_never_was(bus: DeadBus) -> None:
    number = await bus.bury()
    await bus.dead("drop", str(number), "--yes")
    for command in (("show",), ("drop", "--yes")):
        said = await bus.dead(*command, str(number), str(number + 1))
        assert said.status == 1
        assert f"There is no dead letter {number}: it was replayed, dropped" in said.errors
        assert f"There has never been a dead letter {number + 1}." in said.errors


async def test_what_cannot_be_replayed_stays_with_the_reason(bus: DeadBus) -> None:
    cut, whole = await bus.bury(Dead_Truncated="2000000"), await bus.bury()
    said = await bus.dead("replay", str(cut), str(whole), str(whole + 99), "--yes")
    assert said.status == 1
    assert f"{cut} stays: its body was cut from 2000000" in said.errors
    assert f"There has never been a dead letter {whole + 99}." in said.errors
    assert said.output.splitlines()[-1] == "Replayed 1."
    assert [letter["number"] for letter in await bus.listed()] == [cut]


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        (("replay",), "Say which letters", 1),
        (("drop", "7", "--app", "documents"), "Say which letters", 1),
        (("drop", "0"), "0 is not in the range", 2),
        (("list", "--since", "yesterday"), "no time like", 2),
        (("show", "77777"), "There has never been a dead letter 77777.", 1),
        (("list", "--directory", "/nowhere"), "NATS_URL is missing", 1),
    ],
)
async def test_what_is_not_understood_is_said(
    bus: DeadBus, arguments: tuple[str, ...], words: str, status: int
) -> None:
    here = () if "--directory" in arguments else ("--directory", str(bus.directory))
    said = await run("dead", *arguments, *here)
    assert words in said.errors
    assert "Traceback" not in said.errors
    assert said.status == status


async def test_a_bus_that_is_away_or_refuses_is_said(bus: DeadBus) -> None:
    seed = "SUAKINP3Z2BPUXWOFSW2FZC7TFJCMMU7DHKP2C62IJQUDASOCDSTDTRMJQ"
    for url, why in (("nats://127.0.0.1:1", "failed"), (bus.url(), "Authorization Violation")):
        said = await run("dead", "list", NATS_URL=url, NATS_SEED_OPERATOR=seed)
        assert said.status == 1
        assert said.errors.startswith(f"switchboard: DEAD at {url} cannot be read: ")
        assert why in said.errors
