"""An archive on its way to a chat, a part at a time, with a message there that says how far."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiogram import Bot
from aiogram.types import FSInputFile
from msgspec.structs import replace

from bus import Envelope, NotYet
from contracts.base import PersonId
from contracts.files import ArchivedFile, ArchiveNotSent, ArchiveSent, SendArchive
from contracts.screens import Screen
from screens import files as screens
from screens import screen_of
from screens.texts import Texts, texts
from services.files import archives
from services.files.archives import Bookmark, Progress
from services.files.keep import folder_of
from services.files.store import ObjectStore
from telegram_api import show
from telegram_api.errors import Blocked


@dataclass(frozen=True, slots=True)
class Sending:
    """One command's archive; all that is remembered between its calls is in the store."""

    command: SendArchive
    person_id: PersonId
    envelope: Envelope
    store: ObjectStore
    bot: Bot

    async def go_on(self) -> ArchiveSent | ArchiveNotSent:
        """Send the next part; raises NotYet while there are more, Blocked if nobody may write."""
        parts = archives.divide(archives.named_apart(self.command.files), archives.PART_SIZE)
        bookmark = Bookmark.of(self.command, self.person_id, self.store)
        progress = await bookmark.read(self.command, self.envelope.message_id)
        if progress.parts < len(parts):
            progress = await self._send_next(parts, progress)
            await bookmark.write(progress)
        if progress.parts < len(parts):
            raise NotYet(f"{progress.parts} of {len(parts)} parts of an archive are sent")
        return await self._end(progress)

    async def _send_next(
        self, parts: list[tuple[ArchivedFile, ...]], progress: Progress
    ) -> Progress:
        """Return how far it is once the part is in the chat."""
        name, number, of = self.command.name, progress.parts + 1, len(parts)
        part = screens.archive_part(name, number, of, self._say)
        message_id = await self._show(part, progress.message_id)
        file_name = screens.archive_file_name(name, number, of, self._say)
        missing = await self._send(parts[progress.parts], file_name)
        return replace(
            progress,
            message_id=message_id,
            parts=number,
            missing=(*progress.missing, *missing),
        )

    async def _send(self, part: tuple[ArchivedFile, ...], name: str) -> tuple[str, ...]:
        """Pack and send a part; return the names of its files that are gone."""
        folder = folder_of(self.command.app, self.person_id)
        with TemporaryDirectory(prefix="switchboard-archive-") as directory:
            path = Path(directory) / "part.zip"
            missing = await archives.pack(path, part, folder, self.store)
            if len(missing) < len(part):
                file = FSInputFile(path, filename=f"{archives.safe_name(name)}.zip")
                chat_id = self.command.chat_id
                await show.upload(self.bot, chat_id, Screen(text=""), "document", file)
        return missing

    async def _end(self, progress: Progress) -> ArchiveSent | ArchiveNotSent:
        outcome = self._outcome(progress)
        screen = screen_of(outcome, self._say)
        with suppress(Blocked):  # the files are there, whatever happens to the word about them
            if screen:
                await self._show(screen, progress.message_id)
        return outcome

    def _outcome(self, progress: Progress) -> ArchiveSent | ArchiveNotSent:
        files = len(self.command.files) - len(progress.missing)
        if not files:
            return ArchiveNotSent(person_id=self.person_id, name=self.command.name, reason="gone")
        return ArchiveSent(
            person_id=self.person_id,
            name=self.command.name,
            parts=progress.parts,
            files=files,
            missing=progress.missing,
        )

    async def _show(self, screen: Screen, message_id: int) -> int:
        return await show.edit(self.bot, self.command.chat_id, message_id, screen)

    @property
    def _say(self) -> Texts:
        return texts(self.envelope.locale)
