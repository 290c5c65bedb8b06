"""A form: a command, and the fields that people are asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.base import Command, Event, Query
from contracts.screens import Screen
from services.bot.conversation import Conversation
from services.bot.forms.fields import AnyMessage, Field
from services.bot.forms.state import FormState
from services.bot.forms.uploads import Uploads

Answers = Mapping[str, Any]
"""What was answered, by the names of the fields."""

Finish = Callable[[Answers, Conversation], Awaitable[None]]
"""Takes the answers of a form; may raise QueryUnavailable as long as it has done nothing."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """Asks for the fields of a command, or of a query, one after another.

    `name` is what the dialog slot remembers it by. `done` is the outcome that ends the form, or
    several; all others are refusals; `then` runs when it is done. `home` is shown, below a word,
    to whoever leaves the form. A form of one question needs no `review`. `build` makes the
    command where the answers are not its fields one by one. A query's form says in `answer` how
    it is answered. Where more than a command is to be sent, `finish` takes the answers and says
    what became of them. Whoever leaves the form is shown `home`, or what `left` shows.
    """

    name: str
    command: AnyMessage
    fields: tuple[Field, ...]
    home: Callable[[Conversation, str], Screen]
    done: type[Event] | tuple[type[Event], ...] | None = None
    review: bool = True
    build: Callable[..., Command[Any]] | None = None
    answer: Callable[[Query[Any], Conversation], Awaitable[None]] | None = None
    then: Callable[[Conversation], Awaitable[None]] | None = None
    finish: Finish | None = None
    left: Callable[[Answers, Conversation, str], Awaitable[None]] | None = None

    def field(self, name: str) -> Field:
        """Return a field by its name; raises KeyError."""
        return {field.name: field for field in self.fields}[name]

    @property
    def uploads(self) -> Uploads | None:
        """The field that files are collected in, if the form has one."""
        return next((field for field in self.fields if isinstance(field, Uploads)), None)

    def before(self, name: str) -> Field | None:
        """Return the field asked for before another, None for the first and for optional ones."""
        names = [field.name for field in self.asked]
        index = names.index(name) if name in names else 0
        return self.asked[index - 1] if index else None

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that are asked for one after another."""
        return tuple(field for field in self.fields if not field.optional)

    @property
    def optional(self) -> tuple[Field, ...]:
        """The fields that the review leads to."""
        return tuple(field for field in self.fields if field.optional)

    def unanswered(self, state: FormState) -> Field | None:
        """Return the first field without an answer, None when there is none left."""
        return next((field for field in self.asked if field.name not in state.answers), None)
