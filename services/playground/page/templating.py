"""The page's templates, and how they write times, sizes and messages in brief."""

from datetime import datetime
from typing import Any

from aiogram.types import Message
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from services.playground.media import attachment_of
from services.playground.page.entities import message_html

AVATAR_COLOURS = 7
IN_BRIEF = {"photo": "Photo", "video": "Video", "voice": "Voice message", "sticker": "Sticker"}


def render(template: str, **context: Any) -> Markup:
    """A template of this package, filled in; the templates escape."""
    rendered = _environment.get_template(template).render(**context)
    return Markup(rendered)  # noqa: S704 - escaped by the templates


def out_of_band(element: str, content: str, swap: str = "innerHTML") -> Markup:
    """Content for an element of the page, wherever the answer is swapped in."""
    return Markup('<div id="{}" hx-swap-oob="{}">{}</div>').format(element, swap, content)


def in_brief(message: Message) -> str:
    """A message in one line: its words, or what it shows."""
    if words := message.text or message.caption:
        return words
    if message.location:
        return "Location"
    if message.contact:
        return "Contact"
    shown = attachment_of(message)
    if message.document:
        return message.document.file_name or "File"
    return IN_BRIEF[shown[0]] if shown else "Message"


def _local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M")


def _local_day(moment: datetime) -> str:
    local = moment.astimezone()
    this_year = local.year == datetime.now(local.tzinfo).year
    return f"{local.day} {local:%B}" if this_year else f"{local.day} {local:%B %Y}"


def _file_size(size: int) -> str:
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1024 or unit == "MB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    raise AssertionError("unreachable")


def _duration(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


_environment = Environment(
    loader=PackageLoader("services.playground.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    local_time=_local_time,
    local_day=_local_day,
    file_size=_file_size,
    duration=_duration,
    in_brief=in_brief,
    message_html=message_html,
    avatar_colour=lambda number: number % AVATAR_COLOURS,
)
