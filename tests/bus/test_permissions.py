"""Each service's user can do its own work, and is refused what is not its own."""

from collections.abc import Awaitable, Callable
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from bus.accounts import permissions
from bus.server_config import ServerPlace, nats_config
from bus.users import USERS
from contracts.documents import AddType, ListTypes
from services.discovery import consumers
from tests.bus.asking import answering, list_types
from tests.bus.bench import Bench
from tests.bus.handlers import add_type
from tests.bus.refusals import connected
from tests.bus.waiting import running

Try = Callable[[Client], Awaitable[Any]]


def publishes(subject: str) -> Try:
    return lambda client: client.publish(subject, b"{}")


def subscribes(subject: str, queue: str = "") -> Try:
    return lambda client: client.subscribe(subject, queue=queue)


REFUSED: list[tuple[str, str, str]] = [
    ("gateway", "publish", "command.documents.add_type"),
    ("gateway", "publish", "event.documents.type_added"),
    ("gateway", "publish", "$JS.API.CONSUMER.MSG.NEXT.UPDATES.bot-documents-0"),
    ("gateway", "subscribe", "update.>"),
    ("bot", "publish", "event.documents.document_added"),
    ("bot", "publish", "late.documents.type_added"),
    ("bot", "publish", "notice.bulk.documents.1001"),
    ("bot", "publish", "update.documents.1001"),
    ("bot", "publish", "outcome.bot-x.c-1"),
    ("bot", "publish", "$JS.API.STREAM.DELETE.COMMANDS"),
    ("bot", "publish", "$JS.API.STREAM.PURGE.UPDATES"),
    ("bot", "publish", "$JS.API.STREAM.MSG.GET.COMMANDS"),
    ("bot", "publish", "$JS.API.CONSUMER.CREATE.EVENTS"),
    ("bot", "publish", "$JS.API.CONSUMER.MSG.NEXT.COMMANDS.storage-documents"),
    ("bot", "publish", "$JS.ACK.COMMANDS.storage-documents.1.1.1.1.0"),
    ("bot", "subscribe", "_INBOX.storage.>"),
    ("bot", "subscribe", "_INBOX.>"),
    ("bot", "subscribe", "command.>"),
    ("bot", "subscribe", "query.documents.list_types"),
    ("bot", "subscribe", ">"),
    ("storage", "publish", "update.documents.1001"),
    ("storage", "publish", "query.documents.list_types"),
    ("storage", "publish", "$JS.API.STREAM.DELETE.EVENTS"),
    ("storage", "publish", "$JS.API.CONSUMER.DELETE.COMMANDS.storage-documents"),
    ("storage", "publish", "$JS.ACK.UPDATES.bot-documents-0.1.1.1.1.0"),
    ("storage", "subscribe", "outcome.>"),
    ("storage", "subscribe", "_INBOX.bot.>"),
    ("query", "publish", "event.documents.type_added"),
    ("query", "publish", "command.documents.add_type"),
    ("query", "publish", "query.documents.list_types"),
    ("query", "publish", "_INBOX.bot.guessed"),
    ("query", "publish", "dead.query.documents.list_types"),
    ("query", "subscribe", "query.documents.list_types"),
    ("query", "subscribe", "event.>"),
    ("notifier", "publish", "event.documents.type_added"),
    ("notifier", "publish", "command.people.erase_person"),
    ("notifier", "publish", "command.documents.add_type"),
    ("notifier", "publish", "$JS.API.CONSUMER.LIST.NOTICES"),
    ("notifier", "subscribe", "notice.>"),
    ("files", "publish", "event.documents.type_added"),
    ("files", "publish", "command.files.keep_upload"),
    ("files", "publish", "$JS.API.CONSUMER.MSG.NEXT.COMMANDS.storage-files"),
    ("files", "publish", "query.files.list_links"),
    ("files", "publish", "query.documents.get_document"),
    ("files", "publish", "event.calendar.task_added"),
    ("files", "publish", "late.broadcasts.mailing_started.broadcasts.1001"),
    ("files", "publish", "query.calendar.get_feed_address"),
    ("files", "publish", "query.broadcasts.count_audience"),
    ("files", "subscribe", "command.>"),
    ("files", "subscribe", "query.files.get_link"),
    ("playground", "publish", "update.documents.1001"),
    ("playground", "publish", "command.documents.add_type"),
    ("playground", "publish", "query.documents.list_types"),
    ("playground", "publish", "$JS.API.STREAM.PURGE.COMMANDS"),
    ("playground", "publish", "$JS.API.STREAM.MSG.GET.COMMANDS"),
    ("playground", "publish", "$JS.API.CONSUMER.CREATE.EVENTS"),
    ("playground", "publish", "$JS.API.CONSUMER.MSG.NEXT.COMMANDS.storage-documents"),
    ("playground", "publish", "$JS.ACK.COMMANDS.storage-documents.1.1.1.1.0"),
    ("playground", "subscribe", "query.>"),
    ("playground", "subscribe", "outcome.>"),
    ("playground", "subscribe", "_INBOX.bot.>"),
]


@pytest.mark.parametrize(("user", "does", "subject"), REFUSED)
async def test_what_is_not_its_own_is_refused(
    bench: Bench, user: str, does: str, subject: str
) -> None:
    attempt = publishes(subject) if does == "publish" else subscribes(subject)
    async with connected(bench, user) as (client, refusals):
        await attempt(client)
        refusal = await refusals.next()

    assert "permissions violation" in refusal
    assert subject.lower() in refusal


async def test_a_stream_outlives_who_may_not_delete_it(bench: Bench) -> None:
    for user in set(USERS) - {"operator"}:
        link = await bench.link(user)
        with pytest.raises((NatsError, TimeoutError)):
            await link.client.request("$JS.API.STREAM.DELETE.COMMANDS", b"", timeout=0.2)
    assert await bench.is_empty("COMMANDS")


async def test_a_stranger_is_not_let_in(bench: Bench) -> None:
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        await nats.connect(bench.url, allow_reconnect=False, max_reconnect_attempts=0)


OWN_WORK: list[tuple[str, Try]] = [
    ("gateway", publishes("update.documents.1001")),
    ("bot", publishes("command.documents.add_type")),
    ("bot", publishes("dead.update.1.documents.1001")),
    ("bot", subscribes("outcome.bot-x.*")),
    ("storage", publishes("event.documents.type_added")),
    ("storage", publishes("late.documents.type_added")),
    ("storage", publishes("notice.reminder.documents.1001")),
    ("storage", publishes("command.files.discard_upload")),
    ("storage", publishes("dead.command.documents.add_type")),
    ("query", subscribes("query.documents.list_types", queue="query")),
    ("query", subscribes("$SRV.PING")),
    ("notifier", publishes("notice.answer.documents.1001")),
    ("notifier", publishes("command.people.change_reachability")),
    ("notifier", publishes("dead.late.documents.type_added")),
    ("files", publishes("event.files.upload_kept")),
    ("files", publishes("late.files.upload_lost")),
    ("files", publishes("dead.command.files.keep_upload")),
    ("files", publishes("query.files.get_link")),
    ("files", publishes("event.calendar.calendar_sent")),
    ("files", publishes("late.broadcasts.report_not_sent.broadcasts.1001")),
    ("files", publishes("query.calendar.get_feed")),
    ("files", publishes("query.broadcasts.list_recipients")),
]


async def test_its_own_work_is_allowed(bench: Bench) -> None:
    for user, attempt in OWN_WORK:
        async with connected(bench, user) as (client, refusals):
            await attempt(client)
            await client.flush()
            assert refusals.none_came(), (user, await refusals.next())


async def test_every_service_reads_its_consumers_and_no_others(bench: Bench) -> None:
    for consumer in consumers():
        owner = consumer.name.split("-")[0]
        next_one = f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}"
        async with connected(bench, owner) as (client, refusals):
            await client.publish(next_one, b'{"batch":1,"no_wait":true}', reply=client.new_inbox())
            await client.flush()
            assert refusals.none_came(), (owner, await refusals.next())


async def test_together_the_users_do_what_a_press_needs(bench: Bench) -> None:
    bot, _ = await bench.bot()
    worker = await bench.worker(add_type)
    async with answering(bench, list_types), running(worker.run):
        await bot.execute(AddType(name="x"))
        await bot.ask(ListTypes())


async def test_query_may_answer_a_question_once(bench: Bench) -> None:
    operator = await bench.link("operator")
    async with connected(bench, "query") as (client, refusals):

        async def answer(message: Any) -> None:
            await client.publish(message.reply, b"first")
            await client.publish(message.reply, b"second")

        await client.subscribe("query.documents.list_types", queue="query", cb=answer)
        await client.flush()
        reply = await operator.client.request("query.documents.list_types", b"", timeout=60)
        assert reply.data == b"first"
        assert "permissions violation" in await refusals.next()


async def test_without_a_service_a_question_is_refused_at_once(bench: Bench) -> None:
    link = await bench.link("bot")
    with pytest.raises(NoRespondersError):
        await link.client.request("query.documents.list_types", b"", timeout=60)


def test_a_user_without_a_key_stops_the_writing() -> None:
    with pytest.raises(KeyError, match="gateway"):
        nats_config({}, consumers(), ServerPlace(store_dir="data", listen="127.0.0.1:4222"))


def test_only_the_operator_may_do_everything() -> None:
    for user in USERS:
        allowed = permissions(user, consumers())
        subjects = [str(each) for key in ("publish", "subscribe") for each in _list(allowed[key])]
        assert (">" in subjects) == (user == "operator")
        assert not [s for s in subjects if s.startswith("$JS.>")]


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
