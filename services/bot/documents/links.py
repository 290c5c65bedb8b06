"""Links lead to the files that a document consists of now."""

from contracts.documents import Document, GetDocument
from services.bot.conversation import Conversation
from services.bot.links import Linkable, Links


async def find_document(conversation: Conversation, target: str) -> Linkable | None:
    """Return what a link to a document leads to; a button made by hand leads nowhere."""
    if not target.isdecimal() or not 0 < int(target) < 2**63:
        return None
    found = await conversation.ask(GetDocument(document_id=int(target)))
    if not isinstance(found, Document):
        return None
    files = tuple(file.upload_id for file in found.files)
    return Linkable(title=found.name, upload_ids=files)


LINKS = Links(find=find_document)
