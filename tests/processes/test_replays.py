"""What was buried is replayed: the person who was told of a failure is told the outcome, once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from pydantic import SecretStr

from bus.connection import connect
from switchboard.local.servers import LocalServers
from tests.chat import Chat
from tests.processes.processes import Services
from tests.processes.test_crashes import documents_named, fill_in, hearing
from tests.switchboard.command import Said, run
from tests.switchboard.probes import plain_url

WITHIN = 30.0


@asynccontextmanager
async def a_bug(installation: LocalServers, name: str) -> AsyncIterator[None]:
    """Have the database refuse documents of a name, which no handler expects."""
    url = plain_url(installation.environment["MIGRATION_DATABASE_URL"])
    migrator = await asyncpg.connect(url)
    try:
        await migrator.execute(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'a bug'; END $$;"
            " CREATE TRIGGER bug BEFORE INSERT ON documents FOR EACH ROW"
            f" WHEN (NEW.name = '{name}') EXECUTE FUNCTION break()"
        )
        yield
    finally:
        await migrator.execute("DROP TRIGGER bug ON documents; DROP FUNCTION break()")
        await migrator.close()


async def dead(installation: LocalServers, *arguments: str) -> Said:
    """Run `switchboard dead` against the installation, which it finds by its folder."""
    said = await run("dead", *arguments, "--directory", str(installation.directory))
    assert said.status == 0, said
    return said


async def is_told_once(person: Chat, installation: LocalServers, name: str) -> None:
    """Wait for the confirmation; nothing of it is there twice."""
    await person.sees_new("Saved")
    await person.says("/help")
    await person.sees_new("/documents")
    assert await person.count("Saved: ") == 1, await person.transcript()
    assert await documents_named(installation, name) == 1


@pytest.mark.parametrize("same_bot", [True, False])
async def test_who_was_told_that_something_broke_is_told_that_it_is_done(
    person: Chat, services: Services, installation: LocalServers, same_bot: bool
) -> None:
    name = f"Cursed {same_bot}"
    await fill_in(person, name)
    async with a_bug(installation, name):
        await person.presses("Save")
        await person.sees_new("broke")
    if not same_bot:
        await services.stop("bot")
    await dead(installation, "replay", "--subject", "*.add_document", "--yes")
    await person.sees_new("Saved")
    if not same_bot:
        await services.start("bot")
    await is_told_once(person, installation, name)


async def test_who_was_told_by_a_notice_that_something_broke_is_told_that_it_is_done(
    person: Chat, services: Services, installation: LocalServers
) -> None:
    await fill_in(person, "Cursed in the dark")
    await services.kill("storage")
    await person.presses("Save")
    await person.sees_new("accepted")
    async with a_bug(installation, "Cursed in the dark"):
        await services.start("storage")
        await person.sees_new("broke")
    await dead(installation, "replay", "--subject", "*.add_document", "--yes")
    await is_told_once(person, installation, "Cursed in the dark")


async def test_a_command_that_was_handled_has_no_second_effect_and_is_not_told_again(
    person: Chat, installation: LocalServers
) -> None:
    await fill_in(person, "Buried by hand")
    async with hearing(installation, "command.documents.add_document") as commands:
        await person.presses("Save")
        command = await commands.next_msg(timeout=WITHIN)
        await person.sees_new("Saved")
    environment = installation.environment
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        headers = {**(command.headers or {}), "Dead-Reason": "by hand"}
        await link.jetstream.publish(f"dead.{command.subject}", command.data, headers=headers)
    # The outcome is repeated for whoever listens; the notifier knows that the chat has seen it.
    async with hearing(installation, "late.documents.>") as late:
        await dead(installation, "replay", "--reason", "by hand", "--yes")
        await late.next_msg(timeout=WITHIN)
    await person.says("/help")
    await person.sees_new("/documents")
    assert await person.count("Saved: ") == 1, await person.transcript()
    assert await documents_named(installation, "Buried by hand") == 1


async def test_a_replayed_update_is_answered(person: Chat, installation: LocalServers) -> None:
    async with hearing(installation, f"update.documents.{person.person_id}") as updates:
        await person.says("/help")
        await person.sees_new("/documents")
        update = await updates.next_msg(timeout=WITHIN)
    environment = installation.environment
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    headers = {**(update.headers or {}), "Dead-Reason": "by hand"}
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        stored = f"dead.update.5.documents.{person.person_id}"
        await link.jetstream.publish(stored, update.data, headers=headers)
    await dead(installation, "replay", "--kind", "update", "--yes")
    # It was answered before, and its done mark says so: no second answer.
    await person.says("/start")
    await person.sees_new("Add document")
    assert await person.count("/documents") == 1, await person.transcript()


async def test_nothing_is_left(installation: LocalServers) -> None:
    assert (await dead(installation, "list")).output == "There are no dead letters.\n"
