"""Reports on a mailing are made and sent to whoever may look at it: a sheet, or a chart."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from aiogram import Bot
from aiogram.types import BufferedInputFile, FSInputFile, InputFile

from bus import Actor, Envelope, Router
from contracts.base import ChatId
from contracts.broadcasts import (
    GetMailing,
    GetMailingPace,
    ListRecipients,
    Mailing,
    MailingId,
    MailingPace,
    NoMailing,
    Recipient,
    ReportNotSent,
    ReportSent,
    SendReport,
)
from contracts.screens import Screen
from screens.broadcasts import reports as screens
from screens.texts import Texts, texts
from services.files import charts
from services.files.archives import safe_name
from services.files.asking import Questions
from services.files.sheets import Workbook
from telegram_api import show
from telegram_api.client import Bots
from telegram_api.errors import Blocked

router = Router()


@router.handle
async def send_report(
    command: SendReport, actor: Actor, envelope: Envelope, questions: Questions, bots: Bots
) -> ReportSent | ReportNotSent:
    """Make it of what `query` says now; a crash after the upload can bring it twice."""
    chat = _Chat(bots[command.app], command.chat_id, texts(envelope.locale))
    asking = _Asking(questions, envelope, command.mailing_id)
    try:
        if command.kind == "chart":
            await _send_chart(asking, chat)
        else:
            await _send_sheet(asking, chat)
    except _Gone:
        return _not_sent(command, actor, "no_such_mailing")
    except Blocked:
        return _not_sent(command, actor, "unreachable")
    return ReportSent(person_id=actor.person, mailing_id=command.mailing_id, kind=command.kind)


class _Gone(Exception):
    """There is no such mailing, or no longer, or not for who asks."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks about one mailing; raises _Gone, and what Questions does."""

    questions: Questions
    cause: Envelope
    mailing_id: MailingId

    async def mailing(self) -> Mailing:
        found = await self.questions.ask(GetMailing(mailing_id=self.mailing_id), self.cause)
        if isinstance(found, NoMailing):
            raise _Gone
        return found

    async def pace(self) -> MailingPace:
        found = await self.questions.ask(GetMailingPace(mailing_id=self.mailing_id), self.cause)
        if isinstance(found, NoMailing):
            raise _Gone
        return found

    async def recipients(self) -> AsyncIterator[tuple[Recipient, ...]]:
        """Yield all of them in pages: there may be a hundred thousand."""
        after = 0
        while True:
            wanted = ListRecipients(mailing_id=self.mailing_id, after=after)
            page = await self.questions.ask(wanted, self.cause)
            if isinstance(page, NoMailing):
                raise _Gone
            yield page.recipients
            after = page.after
            if not after:
                return


@dataclass(frozen=True, slots=True)
class _Chat:
    """Where a report goes, and in which language."""

    bot: Bot
    chat_id: ChatId
    say: Texts

    async def send(self, screen: Screen, kind: str, file: InputFile) -> None:
        await show.upload(self.bot, self.chat_id, screen, kind, file)


async def _send_chart(asking: _Asking, chat: _Chat) -> None:
    mailing, pace = await asking.mailing(), await asking.pace()
    picture = await asyncio.to_thread(charts.drawn, mailing.sent, pace)
    file = BufferedInputFile(picture, filename="mailing.png")
    await chat.send(screens.chart(mailing, chat.say), "photo", file)


async def _send_sheet(asking: _Asking, chat: _Chat) -> None:
    mailing = await asking.mailing()
    with TemporaryDirectory(prefix="switchboard-report-") as directory:
        path = Path(directory) / "report.xlsx"
        rows = await _write_sheets(path, mailing, asking, chat.say)
        name = f"{safe_name(mailing.title or str(mailing.mailing_id))}.xlsx"
        file = FSInputFile(path, filename=name)
        await chat.send(screens.sheet(mailing, rows, chat.say), "document", file)


async def _write_sheets(path: Path, mailing: Mailing, asking: _Asking, say: Texts) -> int:
    """Write the sums and all recipients; returns how many those are."""
    sums, people = screens.report_names(say)
    written = 0
    with Workbook(path) as book:
        book.sheet(sums, screens.sum_columns(say)).add(screens.sum_rows(mailing.sent, say))
        sheet = book.sheet(people, screens.report_columns(say))
        async for page in asking.recipients():
            rows = [screens.recipient_row(each, say) for each in page]
            await asyncio.to_thread(sheet.add, rows)
            written += len(rows)
        await asyncio.to_thread(book.close)
    return written


def _not_sent(
    command: SendReport, actor: Actor, reason: Literal["no_such_mailing", "unreachable"]
) -> ReportNotSent:
    return ReportNotSent(
        person_id=actor.person, mailing_id=command.mailing_id, kind=command.kind, reason=reason
    )
