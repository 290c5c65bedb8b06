"""Reports on a mailing are made page by page and sent to the chat of whoever asks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from openpyxl import load_workbook
from PIL import Image

from bus import Actor, Envelope, Router
from contracts.broadcasts import (
    GetMailing,
    GetMailingPace,
    ListRecipients,
    Mailing,
    MailingPace,
    NoMailing,
    Pace,
    Recipient,
    RecipientPage,
    ReportNotSent,
    ReportSent,
    ResultCount,
    SendReport,
)
from contracts.broadcasts.reports import ReportKind
from services.files import sheets
from services.files.asking import Questions
from services.files.broadcasts import send_report
from services.files.charts import COLOURS, Bars, drawn
from switchboard.local.servers import LocalServers
from telegram_api.client import Bots
from tests.examples_of_broadcasts import BROADCASTS
from tests.services.files.links import ANNA, answering
from tests.telegram_api.peer import Peer

ANNAS = Actor(person=ANNA, app="documents")
CAUSE = Envelope(message_id="documents-7-1", actor=ANNAS, chat=ANNA, locale="en")
BEGAN = datetime(2026, 11, 21, 10, tzinfo=UTC)
SENT = (ResultCount(result="told", people=7), ResultCount(result="blocked", people=3))
(EXAMPLE,) = (each for each in BROADCASTS if isinstance(each, Mailing))
MAILING = replace(EXAMPLE, sent=SENT)
PEOPLE = 2500
LARGEST_ID = 2**52 - 1


def wanted(kind: ReportKind, mailing_id: int = MAILING.mailing_id) -> SendReport:
    return SendReport(app="documents", chat_id=ANNA, mailing_id=mailing_id, kind=kind)


def recipient(person_id: int) -> Recipient:
    """Return one who was told, or where the id is odd, one who was not."""
    refused = person_id % 2
    return Recipient(
        person_id=LARGEST_ID if person_id == PEOPLE else person_id,
        app="calendar",
        language="ru",
        result="refused" if refused else "told",
        reason="=1+1" if refused else "",
        changed="",
        at=BEGAN,
    )


@pytest_asyncio.fixture(autouse=True)
async def query(nats: LocalServers) -> AsyncIterator[None]:
    """What query answers about one mailing to one person."""
    router = Router()

    @router.handle
    async def get_mailing(query: GetMailing, actor: Actor) -> Mailing | NoMailing:
        mine = actor.person == ANNA and query.mailing_id == MAILING.mailing_id
        return MAILING if mine else NoMailing()

    @router.handle
    async def get_mailing_pace(query: GetMailingPace) -> MailingPace | NoMailing:
        return MailingPace(minutes=1, steps=(Pace(at=BEGAN, told=5, failed=1),))

    @router.handle
    async def list_recipients(query: ListRecipients) -> RecipientPage | NoMailing:
        last = min(query.after + query.limit, PEOPLE)
        people = tuple(recipient(each) for each in range(query.after + 1, last + 1))
        return RecipientPage(recipients=people, after=0 if last == PEOPLE else last)

    async with answering(nats.environment, router):
        yield


async def test_a_sheet_has_every_recipient(questions: Questions, bots: Bots, peer: Peer) -> None:
    sent = await send_report(wanted("xlsx"), ANNAS, CAUSE, questions, bots)
    assert sent == ReportSent(person_id=ANNA, mailing_id=MAILING.mailing_id, kind="xlsx")
    message = (await peer.messages())[-1]
    assert message["file"]["name"] == f"{MAILING.title}.xlsx"
    assert "2500 recipients" in message["text"]
    book = load_workbook(BytesIO(await peer.downloads(message["id"])), read_only=True)
    assert book.sheetnames == ["Results", "Recipients"]
    assert [*book["Results"].values][1:] == [("Reached", 7), ("Blocked the bot", 3)]
    head, first, *rows = book["Recipients"].values
    assert head[:4] == ("Person", "Bot", "Language", "Result")
    at = datetime.fromisoformat("2026-11-21T10:00")
    # What Telegram said stays a text, even where Excel would take it for a formula.
    assert first[:6] == (1, "Calendar", "Русский", "Refused by Telegram", at, "=1+1")
    # More digits than a number has there.
    assert rows[-1][0] == str(LARGEST_ID)
    assert [row[0] for row in rows[:-1]] == [*range(2, PEOPLE)]


async def test_a_chart_says_by_its_caption_what_its_colours_are(
    questions: Questions, bots: Bots, peer: Peer
) -> None:
    sent = await send_report(wanted("chart"), ANNAS, CAUSE, questions, bots)
    assert isinstance(sent, ReportSent)
    message = (await peer.messages())[-1]
    assert message["file"]["kind"] == "photo"
    assert "🟩 Reached: 7" in message["text"]
    assert "🟥 Blocked the bot: 3" in message["text"]


@pytest.mark.parametrize("kind", ["xlsx", "chart"])
async def test_why_no_report_comes_is_told(
    questions: Questions, bots: Bots, peer: Peer, kind: ReportKind
) -> None:
    stranger = Actor(person=1002, app="documents")
    cause = Envelope(message_id="documents-7-2", actor=stranger, chat=ANNA, locale="en")
    hidden = await send_report(wanted(kind), stranger, cause, questions, bots)
    assert isinstance(hidden, ReportNotSent)
    assert hidden.reason == "no_such_mailing"
    await peer.blocks()
    blocked = await send_report(wanted(kind), ANNAS, CAUSE, questions, bots)
    assert isinstance(blocked, ReportNotSent)
    assert blocked.reason == "unreachable"


def test_what_a_sheet_cannot_hold_goes_on_in_another(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_LIMIT", 4)
    path = scratch / "long.xlsx"
    with sheets.Workbook(path) as book:
        sheet = book.sheet("People", ("n",))
        for number in range(5):
            sheet.add([(number,)])
    found = load_workbook(path)
    assert {page.title: [*page.values] for page in found} == {
        "People": [("n",), (0,), (1,), (2,)],
        "People 2": [("n",), (3,), (4,)],
    }


def test_a_chart_shows_shares_and_pauses() -> None:
    ends = (ResultCount(result="told", people=3), ResultCount(result="blocked", people=1))
    steps = [Pace(at=BEGAN + timedelta(minutes=at), told=at + 1, failed=0) for at in (0, 3)]
    picture = Image.open(BytesIO(drawn(ends, MailingPace(minutes=1, steps=tuple(steps)))))
    told, blocked = (tuple(bytes.fromhex(COLOURS[end.result][1:])) for end in ends)
    assert picture.getpixel((400, 100)) == told
    assert picture.getpixel((1100, 100)) == blocked
    # The third of four minutes was a pause, the last one reached to the top.
    assert picture.getpixel((770, 670)) == (255, 255, 255)
    assert picture.getpixel((1050, 240)) == told


@pytest.mark.parametrize("most", [0, 1, 4, 5, 41, 1918, 100_000])
def test_a_grid_has_round_numbers_and_room(most: int) -> None:
    scale = Bars([Pace(at=BEGAN, told=most, failed=0)], 1).scale
    assert scale * 4 >= most
    assert str(scale).rstrip("0") in {"1", "2", "5"}


def test_a_mailing_that_has_told_nobody_has_a_chart_and_a_long_pause_leaves_bars() -> None:
    assert Image.open(BytesIO(drawn((), MailingPace(minutes=1, steps=())))).format == "PNG"
    steps = tuple(Pace(at=BEGAN + timedelta(days=at), told=1, failed=0) for at in (0, 300))
    assert len(Bars.of(MailingPace(minutes=1, steps=steps)).steps) == len(steps)
