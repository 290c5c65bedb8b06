"""What owners of documents are told unasked: that one of them expires soon."""

from bus import Router
from contracts.documents import ExpiryNear
from contracts.notices import Notice
from screens.documents import expiry_near
from screens.texts import texts

APP = "documents"

router = Router()


@router.handle
async def remind_on_expiry_near(event: ExpiryNear) -> Notice:
    """Tell it in the private chat, which has the id of its person; once for each date."""
    return Notice(
        app=APP,
        chat_id=event.person_id,
        screen=expiry_near(event, texts(event.language)),
        key=f"expiry:{event.document_id}:{event.expires_on}:{event.days_before}",
        urgency="reminder",
    )
