"""How far a mailing is, told about once a second while it goes out."""

from msgspec import Struct

from contracts.base import Event, Language, PersonId
from contracts.broadcasts.addressing import MailingPass
from contracts.broadcasts.composing import MailingTitle
from contracts.broadcasts.fields import Count, MailingId, MailingState, RecipientResult, Work


class ResultCount(Struct, frozen=True, kw_only=True):
    """How many recipients it ended for in one way."""

    result: RecipientResult
    people: Count


class Progress(Struct, frozen=True, kw_only=True):
    """How far a mailing's sending, edit or withdrawal is, in recipients.

    `people` have rows, `gathering` while more are added. Of them `done` have been told (or edited,
    or withdrawn), `failed` not; `on_their_way` are addressed, `left` are still to be.
    `ends` counts all that ended. `per_second` is the rate of the last seconds, and `seconds_left` a
    guess by it, None while there is none.
    """

    work: Work
    state: MailingState
    people: Count
    gathering: bool
    done: Count
    failed: Count
    on_their_way: Count
    left: Count
    ends: tuple[ResultCount, ...] = ()
    per_second: float = 0.0
    seconds_left: Count | None = None


class MailingProgressed(Event, frozen=True, kw_only=True):
    """A mailing got further; `finished` with the last word on this pass, cancelled or complete.

    `version` counts these events of one mailing: a lower one is older. `halted` where it was paused
    by itself, since Telegram refuses all that it says.
    """

    person_id: PersonId
    mailing_id: MailingId
    number: MailingPass
    version: Count
    title: MailingTitle
    language: Language
    progress: Progress
    finished: bool
    halted: bool = False
