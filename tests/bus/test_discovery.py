"""`nats service` finds the query service: its answers are valid in the NATS CLI's eyes."""

import asyncio
from typing import Any

import jsonschema
import msgspec
import pytest

from bus import QueryFailed
from contracts.documents import ListTypes
from tests.bus.asking import answering, list_types
from tests.bus.bench import Bench
from tests.bus.discovery_schemas import SCHEMAS


async def discovered(bench: Bench, subject: str) -> Any:
    """Ask a discovery subject and return the first answer."""
    operator = await bench.link("operator")
    reply = await operator.client.request(subject, b"", timeout=60)
    return msgspec.json.decode(reply.data)


@pytest.mark.parametrize("verb", list(SCHEMAS))
async def test_answers_are_valid_asked_of_all_of_one_and_of_one_copy(
    bench: Bench, verb: str
) -> None:
    validator = jsonschema.Draft7Validator(SCHEMAS[verb], format_checker=jsonschema.FormatChecker())
    async with answering(bench, list_types) as service:
        for suffix in ("", ".query", f".query.{service.description.id}"):
            validator.validate(await discovered(bench, f"$SRV.{verb}{suffix}"))


async def test_every_copy_answers(bench: Bench) -> None:
    operator = await bench.link("operator")
    answers: asyncio.Queue[str] = asyncio.Queue()

    async def note(message: Any) -> None:
        answers.put_nowait(msgspec.json.decode(message.data)["id"])

    inbox = operator.client.new_inbox()
    await operator.client.subscribe(inbox, cb=note)
    async with answering(bench, list_types) as one, answering(bench, list_types) as other:
        await operator.client.publish("$SRV.PING", b"", reply=inbox)
        async with asyncio.timeout(60):
            found = {await answers.get(), await answers.get()}

    assert found == {one.description.id, other.description.id}


async def test_info_says_what_is_asked_where_and_why(bench: Bench) -> None:
    async with answering(bench, list_types):
        info = await discovered(bench, "$SRV.INFO.query")

    assert info["description"] == "Answers tests"
    assert info["version"] == "1.2.3"
    assert info["metadata"] == {"owner": "switchboard"}
    assert info["endpoints"] == [
        {
            "name": "documents-list_types",
            "subject": "query.documents.list_types",
            "queue_group": "query",
            "metadata": {
                "description": "Which types does the acting person have?",
                "app": "documents",
                "message": "ListTypes",
                "reply": "TypePage",
                "schema": "docs/asyncapi.json#/components/schemas/ListTypes",
            },
        }
    ]


async def test_stats_count_questions_errors_and_time(bench: Bench) -> None:
    async def list_types(query: ListTypes) -> None:
        raise RuntimeError("not told")

    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        for _ in range(2):
            with pytest.raises(QueryFailed):
                await bot.ask(ListTypes())
        (stats,) = (await discovered(bench, "$SRV.STATS"))["endpoints"]

    assert (stats["num_requests"], stats["num_errors"]) == (2, 2)
    assert stats["last_error"].startswith("internal error, code ")
    assert stats["processing_time"] >= 2 * stats["average_processing_time"] > 0


async def test_a_service_that_stopped_is_not_found(bench: Bench) -> None:
    async with answering(bench, list_types):
        pass
    with pytest.raises(Exception, match="no responders"):
        await discovered(bench, "$SRV.PING.query")
