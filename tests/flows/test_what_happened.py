"""What stands behind a message: its way through the services, told beside the chat."""

import json
import os
import re

import aiohttp
import pytest

from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.flows.panel import Panel, panel_of

TRACE_ID = re.compile(r'id="trace-id">([0-9a-f]{32})<')


@pytest.fixture(scope="module")
def other_settings() -> dict[str, str]:
    """Let the playground collect what is exported."""
    return {}


def _secrets() -> list[str]:
    """Every secret of the installation that runs here."""
    tokens = list(json.loads(os.environ["BOT_TOKENS"]).values())
    halves = [token.partition(":")[2] for token in tokens]
    return halves + [value for name, value in os.environ.items() if name.startswith("NATS_SEED_")]


def _says(panel: Panel, event: str) -> bool:
    return any(event in line.text for line in panel.lines)


async def _saves_a_document(person: Chat, report: bytes) -> int:
    """Return the message that says it is saved."""
    await person.sends(report, "report.pdf")
    await person.presses("New type")
    await person.says("Invoices")
    await person.presses("Keep")
    await person.presses("Save")
    saved: int = (await person.sees_new("Saved"))["id"]
    return saved


async def test_a_press_is_told_from_the_gateway_to_the_answer(person: Chat, report: bytes) -> None:
    saved = await _saves_a_document(person, report)

    def is_whole(panel: Panel) -> bool:
        return (
            bool(panel.did("storage", "process command.documents.add_document"))
            and bool(panel.did("gateway", "telegram receive"))
            and len(panel.roots) == 1
            and _says(panel, "update.published")
            and _says(panel, "message.handled")
        )

    panel = await panel_of(person, saved, is_whole)
    assert panel.roots == panel.did("gateway", "telegram receive")
    assert panel.did("gateway", "publish update.documents.{chat}")
    assert panel.did("bot", "process update.documents.{chat}")
    assert panel.did("bot", "publish command.documents.add_document")
    assert panel.did("storage", "publish event.documents.document_added")
    touching = [span for span in panel.spans if "touched" in span.classes]
    assert touching
    assert all("this message" in span.text for span in touching)
    assert not [span for span in panel.spans if "failed" in span.classes]
    troubles = {"warning", "error", "critical"}
    assert all(troubles.isdisjoint(line.classes) for line in panel.lines)


async def test_a_question_is_told_with_who_answered(person: Chat) -> None:
    await person.says("/documents")
    shown = await person.sees_new("documents")
    panel = await panel_of(
        person,
        shown["id"],
        lambda panel: panel.did("query", "process query.") and len(panel.roots) == 1,
    )
    assert panel.did("bot", "request query.")


async def test_what_a_person_wrote_has_the_trace_of_its_answer(person: Chat) -> None:
    await person.says("/start")
    answer = await person.sees("Add document")
    of_answer = await panel_of(person, answer["id"], lambda panel: len(panel.spans) > 3)
    of_word = await panel_of(person, answer["id"] - 1, lambda panel: len(panel.spans) > 3)
    assert TRACE_ID.findall(of_word.html) == TRACE_ID.findall(of_answer.html)


async def test_an_edited_message_leads_to_all_that_touched_it(person: Chat) -> None:
    await person.says("/start")
    menu = await person.sees("Add document")
    first = await panel_of(person, menu["id"], lambda panel: len(panel.spans) > 3)
    (sent_by,) = TRACE_ID.findall(first.html)
    await person.presses("Add document")
    assert (await person.sees_new("Cancel"))["id"] == menu["id"]
    second = await panel_of(
        person, menu["id"], lambda panel: panel.did("bot", "telegram editMessageText")
    )
    (edited_by,) = TRACE_ID.findall(second.html)
    assert edited_by != sent_by
    assert f"?trace={sent_by}" in second.html


async def test_a_failure_is_marked_and_keeps_the_secrets(
    person: Chat, http: aiohttp.ClientSession
) -> None:
    fault = {"method": "editMessageText", "chat": person.person_id, "disconnect": True}
    await person.says("/start")
    menu = await person.sees("Add document")
    async with http.post("/sim/faults", json=fault) as response:
        assert response.status in (200, 201), await response.text()
    await person.presses("Add document")
    await person.sees_new("Cancel")
    panel = await panel_of(
        person,
        menu["id"],
        lambda panel: (
            len(panel.did("bot", "telegram editMessageText")) > 1
            and _says(panel, "telegram.call_delayed")
        ),
    )
    failed = [span for span in panel.spans if "failed" in span.classes]
    assert failed
    assert failed[0].text.startswith("bot telegram editMessageText")
    for secret in _secrets():
        assert secret not in panel.html


async def test_the_bus_is_shown_live_by_counts_and_subjects(
    person: Chat, http: aiohttp.ClientSession
) -> None:
    await person.says("/start a word between us")
    await person.sees("Add document")
    words = ("UPDATES", "COMMANDS", "bot-documents", "storage-documents", "1 min")

    async def is_shown() -> bool:
        async with http.get(f"/page/documents/{person.person_id}/bus") as response:
            html = (await response.text()).replace("<wbr>", "")
        assert "between us" not in html
        return all(word in html for word in (*words, "update.documents.{chat}"))

    await eventually(is_shown)


async def test_the_newest_trace_of_a_chat_is_followed(
    person: Chat, http: aiohttp.ClientSession
) -> None:
    await person.says("/start")
    menu = await person.sees("Add document")
    await panel_of(person, menu["id"], lambda panel: len(panel.spans) > 3)
    address = f"/page/documents/{person.person_id}/what-happened"
    known: dict[str, str] = {}

    async def nothing_is_new() -> bool:
        """Read on, as the page does each second: the trace grows until all who listen are done."""
        nonlocal known
        async with http.get(address, params=known) as response:
            if response.status == 204:
                return True
            assert response.status == 200
            panel = Panel(await response.text())
        assert panel.did("bot", "telegram sendMessage")
        (version,) = re.findall(r"known=([^\"&]+)", panel.html)
        known = {"known": version}
        return False

    await eventually(nothing_is_new)
    assert known
