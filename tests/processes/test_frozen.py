"""A copy of the bot is frozen in the middle of an update for longer than the bus waits for it."""

import signal

from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.processes.processes import READY, Services
from tests.processes.test_crashes import PDF

WITHIN = 120.0
"""Seconds; ACK_WAIT and an answer."""


async def no_faults_wait(person: Chat) -> bool:
    """Tell whether the call that goes wrong has come."""
    async with person.http.get("/sim/faults") as response:
        waiting: list[object] = (await response.json())["faults"]
        return not waiting


async def is_asked_twice(person: Chat) -> bool:
    """Tell whether a second message asks for the name."""
    return await person.count("What shall it be called") == 2


async def test_it_goes_on_with_nothing_that_another_copy_has_done(
    person: Chat, services: Services
) -> None:
    await person.sends(PDF, "contract.pdf")
    await person.presses("New type")
    await person.sees_new("called")
    slow = {"method": "sendMessage", "chat": person.person_id, "delay": 2}
    async with person.http.post("/sim/faults", json=slow) as response:
        assert response.status == 201, await response.text()
    await person.says("Contracts")
    await eventually(lambda: no_faults_wait(person), within=WITHIN)
    services.send("bot", signal.SIGSTOP)
    try:
        await services.spawn("bot", "bot 2")
        await services.says("bot 2", READY)
        # Once by the frozen copy, whose call was on its way, and once by the other one.
        await eventually(lambda: is_asked_twice(person), within=WITHIN)
        await person.says("Lease")
        await person.sees_new("Save")
    finally:
        services.send("bot", signal.SIGCONT)
    await services.says("bot", "message.forfeited")
    await person.presses("Save")
    await person.sees_new("Saved: Lease")
    await services.stop("bot 2")
