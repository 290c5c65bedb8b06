"""Queries: answered side by side, refused in words, and no secret of an error told."""

import asyncio
from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from nats.aio.msg import Msg
from opentelemetry.trace import StatusCode

from bus import QueryFailed, QueryUnavailable, responder
from bus.encoding import decode
from bus.errors import MalformedMessage
from contracts.base import Page
from contracts.documents import (
    DocumentPage,
    DocumentType,
    GetDocument,
    ListDocuments,
    ListTypes,
    Missing,
    TypePage,
)
from tests.bus.asking import EMPTY, SUBJECT, answering, ask_by_hand, list_types, trace_of
from tests.bus.bench import CAUSE, Bench
from tests.bus.waiting import eventually


def error_of(reply: Msg) -> tuple[str, str]:
    assert reply.headers is not None
    return reply.headers["Nats-Service-Error-Code"], unquote(reply.headers["Nats-Service-Error"])


async def test_a_query_is_answered_for_who_asks(bench: Bench) -> None:
    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        assert await bot.ask(ListTypes()) == TypePage(types=(), total=1001)


async def test_one_of_several_replies_is_told_apart(bench: Bench) -> None:
    async def list_documents(query: ListDocuments) -> DocumentPage | Missing:
        if query.type_id == 1:
            return Missing()
        return DocumentPage(type_id=2, type_name="x", emoji="", documents=(), total=0)

    bot, _ = await bench.bot()
    async with answering(bench, list_documents):
        assert await bot.ask(ListDocuments(type_id=1)) == Missing()
        assert isinstance(await bot.ask(ListDocuments(type_id=2)), DocumentPage)


async def test_questions_do_not_wait_for_each_other(bench: Bench) -> None:
    together = asyncio.Barrier(responder.AT_ONCE)

    async def list_types(query: ListTypes) -> TypePage:
        await together.wait()
        return EMPTY

    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        await asyncio.gather(*(bot.ask(ListTypes()) for _ in range(responder.AT_ONCE)))


async def test_two_copies_share_the_questions(bench: Bench) -> None:
    bot, _ = await bench.bot()
    async with answering(bench, list_types) as one, answering(bench, list_types) as other:
        for _ in range(40):
            await bot.ask(ListTypes())

    answered = [service.description.endpoints[0].requests for service in (one, other)]
    assert sum(answered) == 40
    assert min(answered) > 0


async def test_a_copy_that_stops_leaves_no_question_unanswered(bench: Bench) -> None:
    bot, _ = await bench.bot()
    stopped = asyncio.Event()
    answers = 0

    async def ask_until_stopped() -> None:
        nonlocal answers
        while not stopped.is_set():
            await bot.ask(ListTypes())
            answers += 1

    async def many_answers() -> bool:
        return answers > 200

    async with answering(bench, list_types):
        async with answering(bench, list_types):
            asking = [asyncio.create_task(ask_until_stopped()) for _ in range(10)]
            await eventually(many_answers)
        stopped.set()
        await asyncio.gather(*asking)


async def test_nobody_there_is_known_at_once(bench: Bench) -> None:
    bot, _ = await bench.bot()
    with pytest.raises(QueryUnavailable, match=f"{SUBJECT}: NoRespondersError"):
        await bot.ask(ListTypes())


async def test_a_server_that_is_away_is_known_soon(bench: Bench) -> None:
    bot, _ = await bench.bot()
    await bench.servers.stop("nats")
    try:
        async with asyncio.timeout(30):
            with pytest.raises(QueryUnavailable):
                await bot.ask(ListTypes())
    finally:
        await bench.servers.start("nats")


async def test_a_query_that_breaks_a_limit_is_not_asked(bench: Bench) -> None:
    bot, _ = await bench.bot()
    with pytest.raises(MalformedMessage, match="`int` <= 100"):
        await bot.ask(ListTypes(page=Page(limit=101)))


async def test_an_answer_that_breaks_its_contract_is_not_sent(bench: Bench) -> None:
    async def list_types(query: ListTypes) -> TypePage:
        return TypePage(types=(DocumentType(type_id=0, name="x", emoji="", documents=0),), total=1)

    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        with pytest.raises(QueryFailed) as failed:
            await bot.ask(ListTypes())
    assert failed.value.code == 500


async def test_an_internal_error_tells_its_trace_and_nothing_else(bench: Bench) -> None:
    async def list_types(query: ListTypes) -> TypePage:
        raise RuntimeError("password is s3cret")

    bot, _ = await bench.bot()
    async with answering(bench, list_types) as service:
        with pytest.raises(QueryFailed) as failed:
            await bot.ask(ListTypes())
        reply = await ask_by_hand(bench, b"")

    (processed, _) = [s for s in bench.spans.get_finished_spans() if s.name.startswith("process")]
    assert processed.context is not None
    assert processed.status.status_code is StatusCode.ERROR
    assert reply.headers
    assert reply.headers["Trace-Id"] in unquote(reply.headers["Nats-Service-Error"])
    assert failed.value.code == 500
    assert failed.value.text == f"internal error, code {processed.context.trace_id:032x}"
    assert "s3cret" not in f"{failed.value} {reply.headers} {reply.data!r}"
    assert "s3cret" not in service.description.endpoints[0].last_error
    assert service.description.endpoints[0].errors == 2


async def test_a_slow_handler_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responder, "HANDLER_TIMEOUT", 0.1)

    async def list_types(query: ListTypes) -> TypePage:
        await asyncio.Event().wait()
        return EMPTY

    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        with pytest.raises(QueryUnavailable, match="the answer took too long"):
            await bot.ask(ListTypes())


async def test_too_many_questions_are_refused_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responder, "AT_ONCE", 2)
    monkeypatch.setattr(responder, "WAITING_AT_MOST", 2)
    go_on = asyncio.Event()

    async def list_types(query: ListTypes) -> TypePage:
        await go_on.wait()
        return EMPTY

    async def two_are_answered() -> bool:
        return sum(each.done() for each in asking) >= 2

    bot, _ = await bench.bot()
    async with answering(bench, list_types):
        asking = [asyncio.create_task(bot.ask(ListTypes())) for _ in range(6)]
        await eventually(two_are_answered)
        done = [each for each in asking if each.done()]
        go_on.set()
        answers = await asyncio.gather(*asking, return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, QueryUnavailable)]
    assert {str(answer) for answer in refused} == {"too many questions at once"}
    assert len(done) == len(refused) == 2


@pytest.mark.parametrize(
    ("payload", "headers", "code", "reason"),
    [
        (b"no JSON", CAUSE.headers(), "400", "malformed"),
        (b'{"page":{"limit":101}}', CAUSE.headers(), "400", "<= 100"),
        (b'{"x":' + b"[" * 9999 + b"]" * 9999 + b"}", CAUSE.headers(), "400", "cannot be read"),
        (b"{}", {"Actor": "Я@документы"}, "400", "header Actor"),
        (b"{}", {"Actor": "9" * 5000 + "@documents"}, "400", "header Actor"),
        (b"{}", None, "401", "nobody asks"),
    ],
)
async def test_what_cannot_be_answered_is_refused_in_words(
    bench: Bench, payload: bytes, headers: dict[str, str] | None, code: str, reason: str
) -> None:
    async with answering(bench, list_types):
        reply = await ask_by_hand(bench, payload, headers)

    assert reply.data == b""
    assert error_of(reply)[0] == code
    assert reason in error_of(reply)[1]
    assert trace_of(bench, reply)


async def test_a_question_by_hand_needs_no_payload(bench: Bench) -> None:
    async with answering(bench, list_types):
        reply = await ask_by_hand(bench, b"", {"Actor": "7@documents"})
    assert decode(TypePage, reply.data) == TypePage(types=(), total=7)
    assert reply.headers is not None
    assert trace_of(bench, reply)
    assert "Actor" not in reply.headers


async def test_an_answer_nobody_understands_is_an_error_in_words(bench: Bench) -> None:
    operator = await bench.link("operator")

    async def answer_nonsense(message: Msg) -> None:
        await message.respond(b"nonsense")

    await operator.client.subscribe("query.documents.get_document", cb=answer_nonsense)
    await operator.client.flush()
    bot, _ = await bench.bot(replace(CAUSE, message_id="nonsense"))
    with pytest.raises(QueryFailed, match="500 the answer could not be read"):
        await bot.ask(GetDocument(document_id=1))


async def test_a_dependency_that_is_away_is_no_bug(bench: Bench) -> None:
    async def list_types(query: ListTypes) -> TypePage:
        raise ConnectionRefusedError("the database is not there")

    bot, _ = await bench.bot()
    async with answering(bench, list_types, is_away=lambda error: isinstance(error, OSError)):
        with pytest.raises(QueryUnavailable, match="a dependency is away"):
            await bot.ask(ListTypes())
