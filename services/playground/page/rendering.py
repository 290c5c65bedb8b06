"""From a chat to the HTML of the page and of its parts."""

from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from zlib import crc32

from aiogram.types import Message, User
from markupsafe import Markup

from services.playground.actions import keyboard_rows
from services.playground.bots import Bot
from services.playground.chats import CallbackAnswer, ChatKey, ChatState
from services.playground.page.templating import out_of_band
from services.playground.page.templating import render as render  # panels bring templates
from services.playground.state import State

Arrival = Literal["known", "new", "edited"]
LANGUAGES = {"en": "English", "ru": "Русский", "de": "Deutsch", "es": "Español", "uk": "Українська"}
SHOWN_AT_FIRST = 50  # messages; earlier ones on demand, as many at a time


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
    parts = render_parts(view) if view else render_lists(state, person, None)
    history = render_history(view) if view else {}
    return render(
        "page.html",
        view=view,
        person=person,
        languages=LANGUAGES,
        selected=bot,
        revision=view.chat.revision if view else 0,
        parts=parts | history,
        shown=digest(parts),
    )


def render_history(view: View) -> dict[str, Markup]:
    """The newest messages, and the way to earlier ones."""
    messages = view.state.history.latest(view.key, SHOWN_AT_FIRST)
    return {"earlier": _way_further_back(view, messages), "log": render_messages(view, messages)}


def render_earlier(view: View, before: int) -> Markup:
    """The messages above one, and the way to those above them."""
    messages = view.state.history.latest(view.key, SHOWN_AT_FIRST, before)
    return _way_further_back(view, messages) + render_messages(view, messages)


def _way_further_back(view: View, messages: list[Message]) -> Markup:
    if not messages:
        return Markup()
    oldest = messages[0].message_id
    above = view.state.history.latest(view.key, 1, before=oldest)
    return render("earlier.html", view=view, oldest=oldest) if above else Markup()


def render_messages(view: View, messages: list[Message]) -> Markup:
    """Bubbles one after the other; the messages of an album share one."""
    bubbles, before = Markup(), None
    for _, together in groupby(messages, key=lambda m: m.media_group_id or m.message_id):
        album = list(together)
        bubbles += render_bubble(view, album, day=_new_day(before, album[0]))
        before = album[-1]
    return bubbles


def render_bubble(
    view: View, messages: list[Message], arrival: Arrival = "known", day: bool = False
) -> Markup:
    """One message, or all that stands of an album; an edited one replaces what the page has."""
    first = messages[0]
    own = first.from_user is not None and first.from_user.id == view.person.id
    return render(
        "message.html",
        view=view,
        message=first,
        messages=messages,
        element=bubble_id(first.message_id, first.media_group_id),
        own=own,
        arrival=arrival,
        day=day,
    )


def render_new_bubble(view: View, messages: list[Message]) -> Markup:
    """A bubble that comes below those the page has, under its day if that has just begun."""
    above = view.state.history.latest(view.key, 1, before=messages[0].message_id)
    day = _new_day(above[-1] if above else None, messages[0])
    return render_bubble(view, messages, arrival="new", day=day)


def bubble_id(message_id: int, media_group_id: str | None) -> str:
    """The id of the element that shows a message."""
    return f"album-{media_group_id}" if media_group_id else f"message-{message_id}"


def _new_day(before: Message | None, message: Message) -> bool:
    if before is None:
        return True
    return before.date.astimezone().date() != message.date.astimezone().date()


def render_parts(view: View) -> dict[str, Markup]:
    """Everything around the messages, by the id of the element that holds each part."""
    chat = view.chat
    placeholder = chat.keyboard.markup.get("input_field_placeholder") if chat.keyboard else None
    return render_lists(view.state, view.person, view.bot) | {
        "status": render("status.html", action=view.state.typing.current(view.key)),
        "keyboard": render(
            "keyboard.html", view=view, rows=keyboard_rows(chat.keyboard), hint=placeholder
        ),
        "commands": render(
            "commands.html", commands=view.state.commands.shown_to(view.bot.id, view.person)
        ),
        "blocked": render("blocked.html", view=view, blocked=chat.blocked),
    }


def digest(parts: dict[str, Markup]) -> str:
    """What tells whether two renderings are the same."""
    return format(crc32("".join(parts.values()).encode()), "x")


def render_lists(state: State, person: User, selected: Bot | None) -> dict[str, Markup]:
    """The people and the bots, each with how much they have not read."""
    unread = state.chats.unread()
    people = [
        (other, sum(count for key, count in unread.items() if key.person_id == other.id))
        for other in state.people.all()
    ]
    chats = [
        (bot, state.history.last(key), unread.get(key, 0), state.typing.current(key))
        for bot in state.bots
        for key in [ChatKey(bot.id, person.id)]
    ]
    return {
        "people": render("people.html", people=people, person=person, selected=selected),
        "bots": render("bots.html", chats=chats, person=person, selected=selected),
    }


def render_answer(answer: CallbackAnswer) -> Markup:
    """A toast or an alert."""
    return render("toast.html", text=answer.text, alert=answer.alert)


def render_refusal(text: str) -> Markup:
    """A toast that says why something could not be done, as an answer to the window's request."""
    return out_of_band("toasts", render("toast.html", text=text, alert=False), "beforeend")
