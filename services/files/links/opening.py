"""What a link opens: its signature and end are checked here, all else is asked over the bus."""

from dataclasses import dataclass
from uuid import uuid4

from bus import Envelope, QueryFailed, QueryUnavailable
from bus.caller import ask
from bus.publisher import Publisher
from contracts.files import DeadLink, GetLink, LinkedFiles, LinkId
from observability.handling import bind
from screens.files.pages import LinkTrouble
from services.link_signing import ForgedLink, LinkSigner


class NotOpened(Exception):
    """A link opens nothing; its text says why."""

    def __init__(self, trouble: LinkTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens links."""

    signer: LinkSigner
    publisher: Publisher

    def read(self, token: str) -> LinkId:
        """Return the link that a token stands for. Raises NotOpened, and asks nobody."""
        try:
            signed = self.signer.read(token)
        except ForgedLink:
            raise NotOpened("forged") from None
        if signed.has_expired():
            raise NotOpened("expired")
        return signed.link_id

    async def open(self, link_id: LinkId) -> LinkedFiles:
        """Return the files behind a link that works. Raises NotOpened."""
        cause = Envelope(message_id=f"link-{uuid4().hex}")
        bind(message_id=cause.message_id)
        try:
            found = await ask(GetLink(link_id=link_id), self.publisher, cause)
        except (QueryUnavailable, QueryFailed):
            raise NotOpened("away") from None
        if isinstance(found, DeadLink):
            raise NotOpened(found.reason)
        return found
