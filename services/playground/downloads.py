"""Files of a chat for the person's side: the page and /sim."""

from urllib.parse import quote

from aiohttp import web

from services.playground.bot_api import STATE
from services.playground.chats import ChatKey
from services.playground.files import StoredFile
from services.playground.media import file_id_of


def download(request: web.Request, key: ChatKey) -> web.FileResponse:
    """The file of message `message_id`; raises HTTPNotFound. Only photos may be shown in place:
    anything else that somebody uploaded must not run as a page of ours.
    """
    state = request.app[STATE]
    message = state.chats.message(key, int(request.match_info["message_id"]))
    file_id = file_id_of(message) if message else None
    stored = state.files.find(key.bot_id, file_id) if file_id else None
    if stored is None:
        raise web.HTTPNotFound(reason="that message has no file")
    return web.FileResponse(state.files.content_path(stored), headers=_headers(stored))


def _headers(stored: StoredFile) -> dict[str, str]:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    if stored.kind == "photo":
        return {**headers, "Content-Type": "image/jpeg", "Cache-Control": "max-age=86400"}
    return {
        **headers,
        "Content-Type": stored.mime_type or "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name or 'file')}",
    }
