"""A service dies at the worst moment: nothing is lost, nothing is done twice, all is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from nats.aio.subscription import Subscription
from pydantic import SecretStr
from sqlalchemy import make_url

from bus.connection import connect
from switchboard.local.servers import LocalServers
from tests.chat import Chat
from tests.processes.processes import Services

PDF = b"%PDF-1.4 the bytes of a contract"
WITHIN = 30.0


async def documents_named(installation: LocalServers, name: str) -> int:
    """Count the rows of documents with a name."""
    url = make_url(installation.environment["DATABASE_URL"]).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        return int(
            await connection.fetchval("SELECT count(*) FROM documents WHERE name = $1", name)
        )
    finally:
        await connection.close()


async def fill_in(person: Chat, name: str) -> None:
    """Answer everything up to the review."""
    await person.sends(PDF, "contract.pdf")
    await person.presses("New type")
    await person.says("Contracts")
    await person.sees_new("Keep")
    await person.says(name)
    await person.sees_new("Save")


async def test_services_of_their_own_serve_a_chat(person: Chat) -> None:
    await fill_in(person, "Lease")
    await person.presses("Save")
    await person.sees_new("Saved")
    await person.says("/documents")
    await person.presses("Contracts (1)")
    await person.presses("Lease")
    assert await person.receives("contract.pdf") == PDF


async def test_storage_killed_while_someone_saves(
    person: Chat, services: Services, installation: LocalServers
) -> None:
    await fill_in(person, "Saved in the dark")
    await services.kill("storage")
    await person.presses("Save")
    await person.sees_new("accepted")
    await services.start("storage")
    await person.sees_new("Saved in the dark")
    # One more press, answered after all that storage had to say, shows that nothing came twice.
    await person.says("/help")
    await person.sees_new("/documents")
    assert await person.count("Saved: ") == 1, await person.transcript()
    assert await documents_named(installation, "Saved in the dark") == 1


async def test_bot_killed_between_a_press_and_its_answer(
    person: Chat, services: Services, installation: LocalServers
) -> None:
    await fill_in(person, "Answered later")
    await break_answers(person)
    async with hearing(installation, "event.documents.document_added") as added:
        await person.presses("Save")
        await added.next_msg(timeout=WITHIN)
    await services.kill("bot")
    await mend_answers(person)
    await services.start("bot")
    await person.sees_new("Saved")
    await person.says("/help")
    await person.sees_new("/documents")
    assert await person.count("Saved: ") == 1, await person.transcript()
    assert await documents_named(installation, "Answered later") == 1


@asynccontextmanager
async def hearing(installation: LocalServers, subject: str) -> AsyncIterator[Subscription]:
    """Hear what is said on the bus from now on."""
    environment = installation.environment
    async with connect(
        environment["NATS_URL"], "operator", SecretStr(environment["NATS_SEED_OPERATOR"])
    ) as link:
        subscription = await link.client.subscribe(subject)
        await link.client.flush()
        yield subscription


async def break_answers(person: Chat) -> None:
    """Have Telegram take no answer of the bot."""
    for method in ("sendMessage", "editMessageText", "answerCallbackQuery"):
        fault = {"method": method, "code": 500, "times": 1000, "bot": person.app}
        async with person.http.post("/sim/faults", json=fault) as response:
            assert response.status == 201, await response.text()


async def mend_answers(person: Chat) -> None:
    """Let Telegram work again."""
    async with person.http.delete("/sim/faults") as response:
        assert response.status == 200
