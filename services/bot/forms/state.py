"""What the dialog slot holds of a form: everything answered so far and where it stands."""

from typing import Literal

import msgspec

from screens.forms import Place

Stage = Literal["asking", "creating", "reviewing", "submitted"]


class Answer(msgspec.Struct, frozen=True):
    """The value that goes into the command, and how people read it (plain).

    Where the value is several files, `label` has their names line by line.
    """

    value: int | str | tuple[str, ...] | None
    label: str


class FormState(msgspec.Struct, frozen=True, kw_only=True, tag="form"):
    """A form of one person.

    It is `submitted` until its outcome is known, and stays so if that is a refusal: then the
    refused field can be answered anew, or what was in the way be `settled`; what is typed next,
    after the update `refused_in`, answers the field `refused`. `message_id` is the message that
    shows the form, `album` the group of messages that was answered last.
    """

    form: str
    form_id: str
    field: str
    stage: Stage = "asking"
    turn: int = 0
    answers: dict[str, Answer] = {}
    proposal: Answer | None = None
    offered: tuple[Answer, ...] = ()
    offset: int = 0
    total: int = 0
    submission: int = 0
    settled: dict[str, int] = {}
    refused: str = ""
    refused_in: str = ""
    message_id: int = 0
    album: str = ""
    unknown_offer: bool = False
    """Whether the answers to press could not be looked up."""
    remarks: tuple[str, ...] = ()
    view: int = 0
    """Which buttons of its own the field shows, where it has several sets of them."""

    @property
    def place(self) -> Place:
        """Where the buttons of the form are valid."""
        return Place(self.form_id, self.turn)

    @property
    def unfinished(self) -> bool:
        """Whether the person is still at it."""
        return self.stage != "submitted"


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """A form that was saved or left: who presses a button of it twice need not begin again."""

    form_id: str
