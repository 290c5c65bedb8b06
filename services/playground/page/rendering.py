"""From a chat to the HTML of the page and of its parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from aiogram.types import Message, User
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from services.playground.actions import keyboard_rows
from services.playground.bots import Bot
from services.playground.chats import CallbackAnswer, ChatKey, ChatState
from services.playground.page.entities import message_html
from services.playground.state import State

Arrival = Literal["known", "new", "edited"]
AVATAR_COLOURS = 7
LANGUAGES = {"en": "English", "ru": "Русский", "de": "Deutsch", "es": "Español", "uk": "Українська"}

_environment = Environment(
    loader=PackageLoader("services.playground.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M")


def _file_size(size: int) -> str:
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1024 or unit == "MB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    raise AssertionError("unreachable")


_environment.filters.update(
    local_time=_local_time,
    file_size=_file_size,
    message_html=message_html,
    avatar_colour=lambda number: number % AVATAR_COLOURS,
)


@dataclass(frozen=True)
class View:
    """What one window shows: a person, and the bot they talk to."""

    state: State
    person: User
    bot: Bot

    @property
    def key(self) -> ChatKey:
        """The chat."""
        return ChatKey(self.bot.id, self.person.id)

    @property
    def chat(self) -> ChatState:
        """Where the chat stands."""
        return self.state.chats.state(self.key) or ChatState(0, blocked=False, keyboard=None)

    @property
    def base(self) -> str:
        """The address that the window's actions begin with."""
        return f"/page/{self.bot.app}/{self.person.id}"


def render_page(state: State, person: User, bot: Bot | None) -> str:
    """The whole page; without a bot only the lists."""
    view = View(state, person, bot) if bot else None
    return render(
        "page.html",
        view=view,
        person=person,
        people=state.people.all(),
        languages=LANGUAGES,
        bots=_bots(state, person),
        selected=bot,
        revision=view.chat.revision if view else 0,
        parts=render_parts(view) if view else {},
        messages=render_messages(view) if view else "",
    )


def render_messages(view: View) -> Markup:
    """Everything that stands in the chat."""
    history = view.state.history.all(view.key)
    return Markup("").join(render_message(view, message) for message in history)


def render_message(view: View, message: Message, arrival: Arrival = "known") -> Markup:
    """One bubble; an edited one replaces the bubble that is on the page already."""
    own = message.from_user is not None and message.from_user.id == view.person.id
    return render("message.html", view=view, message=message, own=own, arrival=arrival)


def render_parts(view: View) -> dict[str, Markup]:
    """The parts beside the messages, by the id of the element that holds each."""
    chat = view.chat
    placeholder = chat.keyboard.markup.get("input_field_placeholder") if chat.keyboard else None
    return {
        "bots": render(
            "bots.html",
            bots=_bots(view.state, view.person),
            person=view.person,
            selected=view.bot,
        ),
        "status": render("status.html", action=view.state.typing.current(view.key)),
        "keyboard": render(
            "keyboard.html", view=view, rows=keyboard_rows(chat.keyboard), hint=placeholder
        ),
        "commands": render(
            "commands.html", commands=view.state.commands.shown_to(view.bot.id, view.person)
        ),
        "blocked": render("blocked.html", view=view, blocked=chat.blocked),
    }


def render_answer(answer: CallbackAnswer) -> Markup:
    """A toast or an alert."""
    return render("toast.html", text=answer.text, alert=answer.alert)


def render_refusal(text: str) -> Markup:
    """A toast that says why something could not be done, as an answer to the window's request."""
    return out_of_band("toasts", render("toast.html", text=text, alert=False), "beforeend")


def out_of_band(element: str, content: str, swap: str = "innerHTML") -> Markup:
    """Content for an element of the page, wherever the answer is swapped in."""
    return Markup('<div id="{}" hx-swap-oob="{}">{}</div>').format(element, swap, content)


def _bots(state: State, person: User) -> list[tuple[Bot, Message | None]]:
    return [(bot, state.history.last(ChatKey(bot.id, person.id))) for bot in state.bots]


def render(template: str, **context: Any) -> Markup:
    """Any template with what it asks for."""
    rendered = _environment.get_template(template).render(**context)
    return Markup(rendered)  # noqa: S704 - the templates escape
