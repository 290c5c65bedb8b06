"""What a person does is one trace, whole, whatever becomes of it: drawn as Jaeger shows it."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from bus import outcomes
from observability.conventions import SCHEMA_URL
from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.test_documents import open_document
from tests.full_streams import full
from tests.observability.collector import listening
from tests.observability.expected import ADDED, DEAD, LATE, REFUSED, REMINDED, SENT
from tests.observability.stage import HANDLING_SECONDS, Stage, stage
from tests.observability.trees import Span, is_whole

pytestmark = pytest.mark.timeout(180)

ADD = "publish command.documents.add_document"
REMIND = "due command.documents.remind_of_expiry"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def behind(migrated: dict[str, str]) -> AsyncIterator[Stage]:
    """Every service, and what they say of themselves."""
    async with listening() as collector, stage(migrated, collector) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def operator(migrated: dict[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may change tables."""
    url = migrated["MIGRATION_DATABASE_URL"].replace("postgresql+asyncpg:", "postgresql:")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def fills_in(person: Chat, data: bytes, name: str) -> None:
    """Send a file and answer all that is asked before it is saved."""
    await person.sends(data, name)
    await person.presses("New type")
    await person.says("Papers")
    await person.presses("Keep")
    await person.sees_new("Save")


def named(spans: list[Span], name: str) -> Span:
    (found,) = [span for span in spans if span.name == name]
    return found


async def check_lines(behind: Stage, spans: list[Span], *events: str) -> None:
    """Each exported log line of a trace stands in one of its spans; these are among them."""

    async def are_there() -> bool:
        said = {line.body.string_value for line in behind.lines(spans[0].trace)}
        return said >= set(events)

    await eventually(are_there)
    lines = behind.lines(spans[0].trace)
    assert {line.span_id.hex() for line in lines} <= {span.id for span in spans}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let presses wait for outcomes as long as a busy machine may take for them."""
    monkeypatch.setattr(outcomes, "PATIENCE", HANDLING_SECONDS)


@pytest.mark.usefixtures("patient")
async def test_a_document_is_added_and_a_double_refused(behind: Stage) -> None:
    person = await behind.newcomer()
    await fills_in(person, b"a paper", "first.pdf")
    sent = await behind.drawn(person, "publish command.files.keep_upload", SENT)
    assert {span.service for span in sent} == {"gateway", "bot", "files", "storage", "query"}
    await person.presses("Save")
    await person.sees_new("Saved")
    added = await behind.drawn(person, ADD, ADDED)
    await check_lines(behind, added, "message.handled")
    # The bytes came with another press: from one of them to the other is a link.
    (saving,) = [span for span in added if span.links]
    assert (saving.name, set(saving.links)) == (ADD.replace("publish", "process"), {sent[0].trace})
    assert {span.scope_schema for span in added} == {SCHEMA_URL}
    check_attributes(added, person)

    await person.sends(b"a paper", "second.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("first")
    await check_lines(behind, await behind.drawn(person, ADD, REFUSED), "message.handled")


def check_attributes(spans: list[Span], person: Chat) -> None:
    """Of what was published and handled it is said where and under which id."""
    published, processed = named(spans, ADD), named(spans, ADD.replace("publish", "process"))
    same = ("messaging.message.id", "messaging.nats.stream", "messaging.nats.sequence")
    for name in same:
        assert published.attributes[name] == processed.attributes[name]
    assert (
        published.attributes.items()
        >= {
            "messaging.system": "nats",
            "messaging.operation.name": "publish",
            "messaging.operation.type": "send",
            "messaging.destination.name": "command.documents.add_document",
            "messaging.destination.template": "command.documents.add_document",
            "messaging.nats.stream": "COMMANDS",
            "server.address": "127.0.0.1",
        }.items()
    )
    assert (
        processed.attributes.items()
        >= {
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.consumer.group.name": "storage-documents",
            "messaging.nats.num_delivered": 1,
        }.items()
    )
    assert (published.kind, processed.kind) == ("PRODUCER", "CONSUMER")
    update = named(spans, "publish update.documents.{chat}")
    assert update.attributes["messaging.destination.name"] == f"update.documents.{person.person_id}"
    assert named(spans, "request outcome.{asker}.{command}").attributes["switchboard.outcome.taken"]
    statements = [span for span in spans if span.said == "storage sql"]
    assert {"INSERT handled", "INSERT documents", "COMMIT"} <= {span.name for span in statements}


async def test_what_is_late_stays_in_its_trace(behind: Stage) -> None:
    person = await behind.newcomer()
    await fills_in(person, b"a late paper", "late.pdf")
    await behind.stop("storage")
    try:
        await person.presses("Save")
        await person.sees_new("accepted")
    finally:
        await behind.start("storage")
    await person.sees_new("Saved")
    late = await behind.drawn(person, ADD, LATE)
    offered = named(late, "request outcome.{asker}.{command}")
    assert offered.attributes["switchboard.outcome.taken"] is False
    assert not offered.failed
    await check_lines(behind, late, "message.handled", "outcome.late")


@pytest.mark.usefixtures("patient")
async def test_what_is_dead_stays_in_its_trace_whose_id_the_person_sees(
    behind: Stage, operator: asyncpg.Connection
) -> None:
    person = await behind.newcomer()
    await fills_in(person, b"a paper that meets a bug", "dead.pdf")
    await operator.execute("ALTER TABLE documents RENAME TO moved")
    try:
        await person.presses("Save")
        told = await person.sees_new("Something broke")
    finally:
        await operator.execute("ALTER TABLE moved RENAME TO documents")
    dead = await behind.drawn(person, ADD, DEAD)
    (code,) = re.findall(r"code ([0-9a-f]{32})", told["text"])
    assert code == dead[0].trace
    handled = named(dead, "process command.documents.add_document")
    assert handled.attributes["error.type"] == "ProgrammingError"
    (failed, *_) = [span for span in dead if span.failed and span.said == "storage sql"]
    assert failed.attributes["error.type"] == "42P01"
    await check_lines(behind, dead, "handler.failed", "message.dead")


async def test_every_error_that_a_person_sees_holds_the_id_of_its_trace(behind: Stage) -> None:
    person = await behind.newcomer()
    await fills_in(person, b"a paper", "paper.pdf")

    async def told(text: str, holding: str) -> None:
        """The code of what is told is the trace of its press, in which it was said."""
        shown = await person.sees_new(text)
        (code,) = re.findall(r"[Cc]ode ([0-9a-f]{32})", shown["text"])

        async def is_seen() -> bool:
            behind.traces.read()
            trace = [span for span in behind.traces.spans.values() if span.trace == code]
            names = {span.name for span in trace}
            return {"telegram receive", holding} <= names and is_whole(trace)

        await eventually(is_seen)

    async with full("COMMANDS"):
        await person.presses("Save")
        await told("this was not accepted", ADD)
    await behind.stop("query")
    try:
        await person.says("/documents")
        await told("can't look that up", "request query.documents.list_types")
    finally:
        await behind.start("query")


async def test_a_reminder_is_a_trace_of_its_own_linked_to_what_planned_it(
    behind: Stage, operator: asyncpg.Connection
) -> None:
    person = await behind.newcomer()
    await fills_in(person, b"a passport", "passport.pdf")
    await person.presses("Save")
    await person.sees_new("Saved")
    await open_document(person, "Papers (1)", "passport")
    await person.presses("Expiry")
    await person.presses("1 year")
    await person.sees_new("I will remind you")
    due = "UPDATE scheduled SET due_at = now() WHERE key LIKE 'expiry:%:30' AND actor = $1"
    await operator.execute(due, f"{person.person_id}@documents")
    await person.sees_new("passport expires in")
    reminded = await behind.drawn(person, REMIND, REMINDED)
    (planned,) = named(reminded, REMIND).links
    setting = behind.traces.of(person.person_id, "process command.documents.set_expiry")
    assert planned == setting[0].trace != reminded[0].trace
    await check_lines(behind, reminded, "message.handled")
