"""Updates of one chat are handled in order, whoever handles them and whoever dies over it."""

import re

from switchboard.local.servers import LocalServers
from tests.chat import Chat
from tests.processes.processes import READY, Services
from tests.processes.test_crashes import documents_named, fill_in, hearing

WITHIN = 30.0
WORDS = [f"word{number:02}" for number in range(1, 13)]


async def answered(person: Chat) -> list[str]:
    """Return the words that were searched for, in the order of the answers."""
    found: list[str] = re.findall(r"found nothing with \W*(word\d+)", await person.transcript())
    return found


async def test_several_copies_killed_in_turn_keep_the_order_of_a_chat(
    person: Chat, services: Services
) -> None:
    await services.spawn("bot", "bot 2")
    await services.says("bot 2", READY)
    for word in WORDS:
        await person.says(f"/search {word}")
    await person.sees(WORDS[1])
    await services.kill("bot")
    await services.start("bot")
    await person.sees(WORDS[5])
    await services.kill("bot 2")
    await person.sees(WORDS[-1])
    in_order = await answered(person)
    # What a copy died over after Telegram took it, and before that was written down, comes twice.
    assert list(dict.fromkeys(in_order)) == WORDS, await person.transcript()
    assert in_order == sorted(in_order), await person.transcript()
    assert len(in_order) <= len(WORDS) + 2


async def test_an_outcome_is_told_also_while_the_bot_that_asked_is_gone(
    person: Chat, services: Services, installation: LocalServers
) -> None:
    await fill_in(person, "Asked by the dead")
    await services.kill("storage")
    async with hearing(installation, "command.documents.add_document") as accepted:
        await person.presses("Save")
        await accepted.next_msg(timeout=WITHIN)
        await services.kill("bot")
    await services.start("storage")
    # Nobody but the notifier is there to tell it.
    saved = await person.sees_new("Saved: Asked by the dead")
    assert saved["buttons"], saved
    await services.start("bot")
    await person.says("/help")
    await person.sees_new("/documents")
    assert await person.count("Saved: ") == 1, await person.transcript()
    assert await documents_named(installation, "Asked by the dead") == 1
    # The form has ended all the same: what is typed now is no answer to it.
    await person.says("Something")
    await person.sees_new("did not understand")
