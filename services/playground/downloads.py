"""Files of a chat for the person's side: the page and /sim."""

from urllib.parse import quote

from aiohttp import web

from services.playground.bot_api import STATE
from services.playground.chats import ChatKey
from services.playground.files import StoredFile
from services.playground.media import attachment_of


def download(request: web.Request, key: ChatKey) -> web.FileResponse:
    """The file of message `message_id`; raises HTTPNotFound. Only pictures may be opened in place:
    anything else that somebody uploaded must not run as a page of ours.
    """
    state = request.app[STATE]
    message = state.history.message(key, int(request.match_info["message_id"]))
    shown = attachment_of(message) if message else None
    stored = state.files.find(key.bot_id, shown[1].file_id) if shown else None
    if stored is None:
        raise web.HTTPNotFound(reason="that message has no file")
    return web.FileResponse(state.files.content_path(stored), headers=_headers(stored))


def _headers(stored: StoredFile) -> dict[str, str]:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    if stored.kind in ("photo", "sticker"):
        kind = "image/jpeg" if stored.kind == "photo" else "image/webp"
        return {**headers, "Content-Type": kind, "Cache-Control": "max-age=86400"}
    return {
        **headers,
        "Content-Type": stored.mime_type or "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name or 'file')}",
    }
