"""The pages behind links, in the language that a browser asks for."""

from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from contracts.base import Language
from contracts.files import LinkedFiles
from screens import files as screens
from screens.files.pages import LinkTrouble, Page
from screens.texts import Texts, texts
from services.files.links.headers import PRIVATE

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_HEADERS = PRIVATE | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-downloads"
    ),
}
STATUS: dict[LinkTrouble, int] = {
    "forged": 403,
    "expired": 410,
    "revoked": 410,
    "gone": 404,
    "away": 503,
}
RETRY_AFTER = "30"
"""Seconds."""


TroubleWords = Callable[[LinkTrouble, Texts, str], Page]
"""How a page says why something does not open, given the trace id."""


def trouble_page(
    trouble: LinkTrouble, accept_language: str, code: str, words: TroubleWords
) -> web.Response:
    """Return the answer to an address that does not open; `code` is the trace id."""
    language = language_of(accept_language)
    page = words(trouble, texts(language), code)
    response = _answer(STATUS[trouble], language=language, page=page, files=[])
    if trouble == "away":
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def list_page(found: LinkedFiles, token: str, accept_language: str) -> web.Response:
    """Return the answer to a link with several files: a list to choose from."""
    language = language_of(accept_language)
    page, lines = screens.file_list(found.title, found.files, texts(language))
    return _answer(200, language=language, page=page, files=lines, token=token)


def language_of(accept_language: str) -> Language:
    """Return Russian where it is wanted more than English, as in `ru;q=0.8, en;q=0.5`."""
    wanted = {"en": 0.0, "ru": 0.0}
    for item in accept_language.lower().split(","):
        tag, _, weight = item.partition(";q=")
        code = tag.strip().partition("-")[0]
        if code in wanted:
            wanted[code] = max(wanted[code], _weight(weight))
    return "ru" if wanted["ru"] > wanted["en"] else "en"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _answer(status: int, **values: object) -> web.Response:
    text = _TEMPLATES.get_template("page.html").render(**values)
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)
