"""NATS: what a stolen key of a service does not open. Each attempt is one that another user may."""

import pytest
from nats.aio.client import Client

from tests.bus.bench import Bench
from tests.bus.refusals import connected

HARMLESS = b"-"
"""No request that JetStream would understand, so that who may ask changes nothing by it."""

ATTEMPTS: list[tuple[str, str, str, str]] = [
    # what; who; on which subject (`<` listens); who may
    ("read what storage is answered", "bot", "< _INBOX.storage.>", "storage"),
    ("read what anybody is answered", "bot", "< _INBOX.>", "operator"),
    ("read everything", "bot", "< >", "operator"),
    ("read all updates", "bot", "< update.>", "playground"),
    ("read all commands", "bot", "< command.>", "playground"),
    ("read all events", "bot", "< event.>", "playground"),
    ("read dead letters", "bot", "< dead.>", "playground"),
    ("read acknowledgements", "bot", "< $JS.ACK.>", "operator"),
    ("read what the server says of itself", "bot", "< $SYS.>", "operator"),
    ("read what people ask", "bot", "< query.>", "operator"),
    ("answer in place of query", "bot", "< query.documents.list_types query", "query"),
    ("pretend to be a copy of query", "bot", "< $SRV.PING", "query"),
    ("say that something happened", "bot", "event.documents.document_added", "storage"),
    ("have an outcome told late", "bot", "late.documents.document_added", "storage"),
    ("send a reminder", "bot", "notice.reminder.documents.1001", "storage"),
    ("send to many", "bot", "notice.bulk.documents.1001", "storage"),
    ("invent what somebody typed", "bot", "update.documents.1001", "gateway"),
    ("offer an outcome as storage does", "bot", "outcome.bot-x.c-1", "storage"),
    ("write to what storage listens to", "bot", "_INBOX.storage.probe.x", "storage"),
    ("bury a command", "bot", "dead.command.documents.add_type", "storage"),
    (
        "pull commands as storage",
        "bot",
        "$JS.API.CONSUMER.MSG.NEXT.COMMANDS.storage-documents",
        "storage",
    ),
    ("acknowledge as storage", "bot", "$JS.ACK.COMMANDS.storage-documents.1.1.1.1.0", "storage"),
    (
        "pull notices as the notifier",
        "bot",
        "$JS.API.CONSUMER.MSG.NEXT.NOTICES.notifier-documents",
        "notifier",
    ),
    ("read a stored message", "bot", "$JS.API.STREAM.MSG.GET.COMMANDS", "operator"),
    ("read one directly", "bot", "$JS.API.DIRECT.GET.COMMANDS", "operator"),
    ("delete a stored message", "bot", "$JS.API.STREAM.MSG.DELETE.EVENTS", "operator"),
    ("purge a stream", "bot", "$JS.API.STREAM.PURGE.COMMANDS", "operator"),
    ("delete a stream", "bot", "$JS.API.STREAM.DELETE.COMMANDS", "operator"),
    ("change a stream", "bot", "$JS.API.STREAM.UPDATE.COMMANDS", "operator"),
    ("copy a stream away", "bot", "$JS.API.STREAM.SNAPSHOT.EVENTS", "operator"),
    ("make a stream of its own", "bot", "$JS.API.STREAM.CREATE.MINE", "operator"),
    ("list streams", "bot", "$JS.API.STREAM.LIST", "playground"),
    ("make a consumer", "bot", "$JS.API.CONSUMER.CREATE.EVENTS", "operator"),
    ("delete a consumer", "bot", "$JS.API.CONSUMER.DELETE.COMMANDS.storage-documents", "operator"),
    ("pause a consumer", "bot", "$JS.API.CONSUMER.PAUSE.COMMANDS.storage-documents", "operator"),
    ("ask what the account holds", "bot", "$JS.API.INFO", "operator"),
    ("command something", "gateway", "command.documents.delete_document", "bot"),
    ("read updates back", "gateway", "$JS.API.CONSUMER.MSG.NEXT.UPDATES.bot-documents-0", "bot"),
    ("ask what somebody keeps", "gateway", "query.documents.list_types", "bot"),
    ("have somebody forgotten", "notifier", "command.people.erase_person", "bot"),
    ("ask what somebody keeps", "notifier", "query.documents.list_types", "bot"),
    ("say that something happened", "notifier", "event.documents.document_added", "storage"),
    ("delete a document", "files", "command.documents.delete_document", "bot"),
    ("say what is another app's to say", "files", "event.documents.document_added", "storage"),
    ("list somebody's links", "files", "query.files.list_links", "bot"),
    ("purge a stream", "query", "$JS.API.STREAM.PURGE.COMMANDS", "operator"),
    ("command something", "query", "command.documents.delete_document", "bot"),
    ("read what the bot is answered", "query", "< _INBOX.bot.>", "bot"),
    ("invent what somebody typed", "storage", "update.documents.1001", "gateway"),
    ("delete a stream", "storage", "$JS.API.STREAM.DELETE.EVENTS", "operator"),
    ("command something", "playground", "command.documents.delete_document", "bot"),
    ("read a stored message", "playground", "$JS.API.STREAM.MSG.GET.COMMANDS", "operator"),
]


async def attempt(client: Client, subject: str) -> None:
    """Listen on a subject, or publish what does no harm; return when the server has heard it."""
    if subject.startswith("< "):
        name, _, queue = subject[2:].partition(" ")
        await client.subscribe(name, queue=queue)
    else:
        await client.publish(subject, HARMLESS, reply=client.new_inbox())
    await client.flush()


@pytest.mark.parametrize(
    ("thief", "subject", "rightful"),
    [pytest.param(*case, id=f"{case[0]}: {what}") for what, *case in ATTEMPTS],
)
async def test_a_stolen_key_does_not(bench: Bench, thief: str, subject: str, rightful: str) -> None:
    async with connected(bench, thief) as (client, refusals):
        await attempt(client, subject)
        refusal = await refusals.next()
    async with connected(bench, rightful) as (client, refusals):
        await attempt(client, subject)
        assert refusals.none_came(), await refusals.next()

    assert "permissions violation" in refusal
    assert subject.removeprefix("< ").split()[0].lower() in refusal
