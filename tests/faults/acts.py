"""What people do with the documents bot, step by step as its screens lead them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.faults.hands import Gone
from tests.faults.ledger import Burst, Deed, Sight
from tests.faults.person import Astray, Closed, Person

CHANGED_MEANWHILE = "was changed meanwhile"
REFUSALS = {CHANGED_MEANWHILE: "refused", "is no longer there": "refused"}
LONGEST_NAME = 128
LONGEST_MESSAGE = 4000
TYPES_AT_MOST = 3
EXPIRES_IN_DAYS = 40


@dataclass(eq=False)
class Paper:
    """A document as its person knows it; what was done once is not done again."""

    name: str
    type_name: str
    done: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Life:
    """One person's documents, and what the person does with them."""

    person: Person
    types: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    _length: int = LONGEST_NAME

    async def live(self) -> None:
        """Act until the run is over; whoever went astray finds back and does something else."""
        astray: list[str] = []
        while True:
            act = self._choose()
            try:
                if astray:
                    await self.person.find_back()
                    astray.clear()
                await act()
            except Closed:
                return
            except Astray as reason:
                astray.append(str(reason))
                self.person.ledger.astray.append(f"person {self.person.number}: {reason}")

    def _choose(self) -> Callable[[], Awaitable[None]]:
        acts: Mapping[Callable[[], Awaitable[None]], int] = {
            self.add: 5,
            self.rename: 4,
            self.note: 3,
            self.delete_and_restore: 3,
            self.link: 2,
            self.expire: 2,
            self.add_a_twin: 2,
            self.change_a_stale_one: 2,
            self.look_around: 1,
        }
        enough = len([paper for paper in self.papers if "expire" not in paper.done]) > 1
        if not enough:
            return self.add
        return self.person.chance.choices(list(acts), list(acts.values()))[0]

    def _some(self, what: str) -> Paper:
        """Return a paper with which that was not done yet."""
        free = [p for p in self.papers if what not in p.done and "expire" not in p.done]
        if not free:
            raise Astray(f"nothing left to {what}")
        return self.person.chance.choice(free)

    async def add(self) -> None:
        """Add a document under a type, a new one if there are few; now and then impatiently."""
        person = self.person
        name = person.new_name("d")
        review, type_name = await self._fill_in(name, person.chance.random() < 0.3)
        deed = Deed(person.number, "add", name, (f"Saved: {name},",), (f"{name} was not saved",))
        times = 2 if person.chance.random() < 0.2 else 1

        async def save() -> None:
            await self._press("Save", review)
            if times == 2:
                with suppress(Astray):  # it is answered, and the button gone
                    await self._press("Save", review)

        await person.submit(deed, save)
        if "done" in deed.said:
            self.papers.append(Paper(name, type_name))

    async def _fill_in(self, name: str, with_mistakes: bool = False) -> tuple[Sight, str]:
        """Answer everything up to the review."""
        data = f"{self.person.number} {name} {self.person.new_name('bytes')}".encode()
        asked = await self.person.send(f"{name}.bin", data, "New type")
        offered = [each for each in self.types if each in asked.buttons]
        if len(self.types) < TYPES_AT_MOST and (not offered or self.person.chance.random() < 0.2):
            type_name = self.person.new_name("t")
            asked = await self._create_type(type_name, asked)
        elif offered:
            type_name = self.person.chance.choice(offered)
            asked = await self.person.press(type_name, asked, "What shall it be called?")
        else:
            raise Astray("none of the types is offered")
        if with_mistakes:
            asked = await self._make_mistakes()
        return await self.person.press("Keep", asked, "Is everything right?"), type_name

    async def _create_type(self, name: str, asked: Sight) -> Sight:
        question = "What shall it be called?"
        await self.person.press("New type", asked, "What is the new type called?")
        deed = Deed(self.person.number, "type", name, (f"New type: {name}",))
        deed.nameless = {question: "done"}
        await self.person.submit(deed, lambda: self.person.hands.says(name))
        self.types.append(name)
        last = self.person.hands.sights[-1]
        if question not in last.text:
            raise Astray(f"the type {name} came late")
        return last

    async def _make_mistakes(self) -> Sight:
        """Send names that are too long, in one go; each is answered with its length, in order."""
        lengths = []
        for _ in range(self.person.chance.randint(2, 3)):
            self._length = self._length + 1 if self._length < LONGEST_MESSAGE else LONGEST_NAME + 1
            lengths.append(self._length)
        since = self.person.hands.place
        burst = Burst(self.person.number, tuple(f"that was {n}." for n in lengths), since)
        self.person.ledger.bursts.append(burst)
        for length in lengths:
            await self.person.hands.says("x" * length)
        return await self.person.answer("said long names", since, burst.answers[-1])

    async def rename(self) -> None:
        """Give a document another name."""
        paper = self._some("rename")
        opened = await self._open(paper)
        await self._rename(paper, opened)

    async def _rename(self, paper: Paper, opened: Sight) -> None:
        name = self.person.new_name("r")
        await self.person.press("Rename", opened, "from now on?")
        deed = Deed(self.person.number, "rename", name, (f"It is now called {name}.",))
        deed.nameless = REFUSALS
        await self.person.submit(deed, lambda: self.person.hands.says(name))
        if "done" in deed.said:
            paper.name, paper.done = name, set()

    async def note(self) -> None:
        """Write something about a document."""
        paper = self._some("note")
        opened = await self._open(paper)
        await self.person.press("Note", opened, "What shall I note")
        paper.done.add("note")
        text = self.person.new_name("note")
        deed = Deed(self.person.number, "note", text, (f"Noted about {paper.name}.",))
        deed.nameless = REFUSALS
        await self.person.submit(deed, lambda: self.person.hands.says(text))

    async def delete_and_restore(self) -> None:
        """Delete a document, and have it back."""
        paper = self._some("delete")
        opened = await self._open(paper)
        paper.done.add("delete")
        deed = Deed(self.person.number, "delete", paper.name, (f"Deleted: {paper.name}",))
        deed.nameless = REFUSALS
        await self.person.submit(deed, lambda: self._press("Delete", opened))
        if "done" not in deed.said:
            return
        gone = next(s for s in reversed(self.person.hands.sights) if deed.done[0] in s.text)
        back = Deed(self.person.number, "restore", paper.name, (f"{paper.name} is back.",))
        await self.person.submit(back, lambda: self._press("Undo", gone))

    async def link(self) -> None:
        """Make a link to a document."""
        paper = self._some("link")
        opened = await self._open(paper)
        shown = await self.person.press("Link", opened, "1 day")
        paper.done.add("link")
        deed = Deed(self.person.number, "link", paper.name, ())
        deed.nameless = {"The link is ready.": "done", "No link was made": "refused"}
        await self.person.submit(deed, lambda: self._press("1 day", shown))

    async def expire(self) -> None:
        """Say when a document expires; from then on it is left alone, and its reminder comes."""
        paper = self._some("expire")
        opened = await self._open(paper)
        await self.person.press("Expiry", opened, "When does it expire?")
        paper.done.add("expire")
        day = (datetime.now(UTC) + timedelta(days=EXPIRES_IN_DAYS)).date().isoformat()
        words = f"{paper.name}: the expiry date is"
        deed = Deed(self.person.number, "expire", paper.name, (words,), nameless=dict(REFUSALS))
        await self.person.submit(deed, lambda: self.person.hands.says(day))

    async def add_a_twin(self) -> None:
        """Try to add a second document of the same name under the same type."""
        paper = self._some("twin")
        if self.person.chance.random() < 0.5 or paper.type_name not in self.types:
            await self.look_around()
            return
        data = f"twin {paper.name} {self.person.new_name('bytes')}".encode()
        asked = await self.person.send(f"{paper.name}.bin", data, "New type")
        asked = await self.person.press(paper.type_name, asked, "What shall it be called?")
        review = await self.person.press("Keep", asked, "Is everything right?")
        paper.done.add("twin")
        refusal = f"There is a document called {paper.name} under"
        deed = Deed(self.person.number, "twin", paper.name, (), (refusal,))
        await self.person.submit(deed, lambda: self._press("Save", review))
        await self.person.find_back()

    async def change_a_stale_one(self) -> None:
        """Delete a document as it was before it was renamed."""
        paper = self._some("stale")
        before = await self._open(paper)
        now = await self._open(paper)
        if now.message_id == before.message_id:
            raise Astray("a document was not sent again")
        await self._rename(paper, now)
        paper.done.add("stale")
        deed = Deed(self.person.number, "stale", paper.name, (), nameless=dict(REFUSALS))
        await self.person.submit(deed, lambda: self._press("Delete", before))

    async def look_around(self) -> None:
        """Look at what there is."""
        await self.person.say("/documents", "Your documents by type", "no documents yet")

    async def _open(self, paper: Paper) -> Sight:
        """Find a document and have it sent."""
        found = await self.person.say(f"/search {paper.name}", paper.name)
        if paper.name not in found.buttons:
            raise Astray(f"{paper.name} is not found: {found.text!r}")
        return await self.person.press(paper.name, found, "Rename")

    async def _press(self, label: str, sight: Sight) -> None:
        try:
            await self.person.hands.presses(label, sight.message_id)
        except Gone as gone:
            raise Astray(f"{label}: {gone}") from None


async def live_all(lives: list[Life]) -> None:
    """Let everybody live until the run is over."""
    await asyncio.gather(*(life.live() for life in lives))
