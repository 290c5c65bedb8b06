"""What people do with the calendar bot: add tasks, do them once they are reminded, undo them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.ledger import IT_IS_DUE, NOT_ACCEPTED, Deed, Sight
from tests.faults.person import STILL_FILLING, Astray, Person

FAR = "31.12.2098 10:00"
"""A deadline whose reminders are due when the run makes them so."""
WAITING_AT_MOST = 4
"""Tasks of which a person is not reminded yet: of many due at once a chat is told one a second."""


@dataclass(eq=False)
class Agenda:
    """One person's tasks."""

    person: Person
    added: dict[str, Sight] = field(default_factory=dict)
    """Where it was said that a task was added, for those that may still be undone."""
    over: set[str] = field(default_factory=set)
    """What is done or deleted, or was tried to be."""

    async def live(self) -> None:
        """Act until the run is over."""
        await self.person.live(self._choose)

    def _choose(self) -> Callable[[], Awaitable[None]]:
        chance, reminded = self.person.chance.random(), self.person.ledger.reminders
        waiting = [each for each in self.added if (self.person.number, each) not in reminded]
        if chance < 0.3 and self._reminder():
            return self.finish
        if chance > 0.9 and self.added:
            return self.drop
        return self.add if len(waiting) < WAITING_AT_MOST else self.person.breathe

    async def add(self) -> None:
        """Add a task in one line."""
        person = self.person
        title = person.new_name("errand")
        deed = Deed(person.number, "task", title, (f"Added: {title}\n",))
        deed.nameless = {STILL_FILLING: NOT_ACCEPTED}
        await person.submit(deed, lambda: person.hands.says(f"/new {FAR} {title}"))
        if "done" not in deed.said:
            raise Astray(f"{title} was not added")
        seen = next(s for s in reversed(person.hands.sights) if deed.done[0] in s.text)
        self.added[title] = seen

    async def finish(self) -> None:
        """Do what a reminder reminds of."""
        reminder = self._reminder()
        if reminder is None:
            raise Astray("nothing is left to do")
        title = reminder.text.partition(IT_IS_DUE)[0]
        self.over.add(title)
        self.added.pop(title, None)
        done, before = (f"Done: {title}",), (f"{title} is done already.",)
        deed = Deed(self.person.number, "finish", title, done, before)
        await self.person.submit(deed, lambda: self.person.touch("Done", reminder))

    async def drop(self) -> None:
        """Take back that a task was added."""
        title, said = self.added.popitem()
        self.over.add(title)
        deed = Deed(self.person.number, "drop", title, (f"Deleted: {title}",))
        await self.person.submit(deed, lambda: self.person.touch("Undo", said))

    def _reminder(self) -> Sight | None:
        """Return a reminder of a task that is still open."""
        for sight in self.person.hands.sights:
            title, due, _ = sight.text.partition(IT_IS_DUE)
            if due and title not in self.over and "Done" in sight.buttons:
                return sight
        return None
