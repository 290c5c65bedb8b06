"""What people did and what they were told of it: a book that is kept outside the product."""

import time
from dataclasses import dataclass, field

FAILED = "Something broke"
ACCEPTED = "It is accepted"
REFUSED = "this was not accepted"
CANNOT_LOOK_UP = "I can't look that up right now."
IT_IS_DUE = "\nIt is due in "
"""Stands below the title in the reminder of a task."""
MAILING = "Mailing no. "
"""Begins what is sent to many."""
NOT_ACCEPTED = "not accepted"
"""How what issued no command ended: in words that end no command."""


@dataclass(frozen=True)
class Press:
    """A button of a message that somebody pressed; the id is Telegram's."""

    person: int
    message_id: int
    press_id: str


@dataclass(frozen=True)
class Sight:
    """A message of the bot as a person saw it at a moment; an edited one is seen anew."""

    place: int
    """Counts what this person has seen."""
    message_id: int
    text: str
    buttons: tuple[str, ...]
    at: float


@dataclass(eq=False)
class Deed:
    """Something that one command does, and the words by which its ending is known.

    `name` is part of its effect and of nobody else's. `done` and `refused` are words with a name in
    them, looked for from `since` on; `nameless` are words that end it only while it is waited for.
    """

    person: int
    kind: str
    name: str
    done: tuple[str, ...]
    refused: tuple[str, ...] = ()
    nameless: dict[str, str] = field(default_factory=dict)
    since: int = 0
    at: float = field(default_factory=time.time)
    endings: dict[int, str] = field(default_factory=dict)
    """`done`, `refused`, `failed` or `not accepted`, by the message that said so."""
    ended_at: list[float] = field(default_factory=list)
    """When each of those messages was seen first."""
    accepted: bool = False

    def see(self, sight: Sight) -> None:
        """Take note of an ending."""
        if sight.place < self.since:
            return
        for said, words in (("done", self.done), ("refused", self.refused)):
            if any(word in sight.text for word in words):
                self.end(said, sight)

    def see_nameless(self, sight: Sight) -> None:
        """Take what has no name in it for its ending: it is in flight."""
        if FAILED in sight.text:
            self.end("failed", sight)
        elif not self.endings and self._issued_nothing(sight.text):
            self.end(NOT_ACCEPTED, sight)
        for words, said in self.nameless.items():
            if words in sight.text:
                self.end(said, sight)

    def _issued_nothing(self, text: str) -> bool:
        # What goes on with a form looks something up after its command was accepted.
        return REFUSED in text or (CANNOT_LOOK_UP in text and not self.accepted)

    def end(self, said: str, sight: Sight) -> None:
        """Note how it ended; where an ending comes, that it was not accepted was none."""
        if said != NOT_ACCEPTED and self.said == {NOT_ACCEPTED}:
            self.endings.clear()
            self.ended_at.clear()
        if sight.message_id not in self.endings:
            self.ended_at.append(sight.at)
        self.endings[sight.message_id] = said

    @property
    def said(self) -> set[str]:
        """All that was said of how it ended."""
        return set(self.endings.values())

    @property
    def times_told(self) -> int:
        """In how many messages its ending stood."""
        return len(self.ended_at)


@dataclass(eq=False)
class Burst:
    """Said in one go: each of these texts is answered, in this order."""

    person: int
    answers: tuple[str, ...]
    since: int


@dataclass(eq=False)
class Ledger:
    """All deeds of all people."""

    deeds: list[Deed] = field(default_factory=list)
    reminders: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    """By person and document or task: when each message that reminds of it was seen."""
    broken: list[str] = field(default_factory=list)
    """Where somebody was told that something broke."""
    bursts: list["Burst"] = field(default_factory=list)
    silences: list[tuple[str, Press]] = field(default_factory=list)
    """Presses that nothing answered that could be seen within a person's patience."""
    astray: list[str] = field(default_factory=list)
    """Where a conversation took another way than the person expected; no invariant."""
    _of: dict[int, list[Deed]] = field(default_factory=dict)

    def begin(self, deed: Deed) -> Deed:
        """Note a deed, just before it is done."""
        self.deeds.append(deed)
        self._of.setdefault(deed.person, []).append(deed)
        return deed

    def withdraw(self, deed: Deed) -> None:
        """Forget a deed that could not even be begun."""
        self.deeds.remove(deed)
        self._of[deed.person].remove(deed)

    def see(self, person: int, sight: Sight, *, first: bool) -> None:
        """Take note of what a person sees; `first`: this message was not seen before."""
        for deed in self._of.get(person, []):
            deed.see(sight)
        if ACCEPTED in sight.text and (deeds := self._of.get(person)):
            deeds[-1].accepted = True
        if first and (reminded := _reminded_of(sight.text)):
            self.reminders.setdefault((person, reminded), []).append(sight.at)
        if first and FAILED in sight.text:
            self.broken.append(f"person {person}, message {sight.message_id}: {sight.text!r}")

    def in_flight(self) -> list[Deed]:
        """Return what was begun and has no ending yet."""
        return [deed for deed in self.deeds if not deed.endings]


def _reminded_of(text: str) -> str:
    """Return the document or task that a message reminds of, empty for none."""
    found = (text.partition(words) for words in (" expires in ", IT_IS_DUE))
    return next((name for name, words, _ in found if words), "")
