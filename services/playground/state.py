"""All that this Telegram knows, in one place for whoever serves a request."""

import sqlite3
from dataclasses import dataclass, field

from services.playground.bots import Bots
from services.playground.callbacks import CallbackQueries
from services.playground.chats import Chats
from services.playground.commands import Commands
from services.playground.faults import Faults
from services.playground.files import Files
from services.playground.history import History
from services.playground.outbox import Outbox
from services.playground.people import People
from services.playground.polling import Polling
from services.playground.telemetry.store import Telemetry
from services.playground.typing_status import TypingStatus
from services.playground.updates import Updates
from services.playground.webhooks import Webhooks


@dataclass(frozen=True)
class State:
    """What is kept on disk, and what lasts only as long as the process."""

    db: sqlite3.Connection
    bots: Bots
    people: People
    chats: Chats
    history: History
    updates: Updates
    callbacks: CallbackQueries
    files: Files
    commands: Commands
    webhooks: Webhooks
    polling: Polling
    typing: TypingStatus
    faults: Faults = field(default_factory=Faults)
    outbox: Outbox = field(default_factory=Outbox)
    telemetry: Telemetry = field(default_factory=Telemetry)

    def stop_waiting(self) -> None:
        """Let go of every request that waits for a change."""
        self.updates.close()
        self.chats.changed.close()
