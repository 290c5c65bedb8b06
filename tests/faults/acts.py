"""What people do with the documents bot, step by step as its screens lead them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.faults.adding import Adding, Paper
from tests.faults.ledger import Deed, Sight
from tests.faults.person import Astray

CHANGED_MEANWHILE = "was changed meanwhile"
REFUSALS = {CHANGED_MEANWHILE: "refused", "is no longer there": "refused"}
EXPIRES_IN_DAYS = 40
ZONES = tuple(
    f"{part}/{place}"
    for part, places in {
        "Europe": "Berlin Paris Rome Madrid Vienna Oslo Athens Dublin Lisbon Prague Riga Sofia",
        "Asia": "Tokyo Seoul Dubai Tbilisi Baku Almaty Bangkok Singapore Manila Kabul Tehran",
        "America": "New_York Chicago Denver Toronto Lima Bogota Caracas Havana Jamaica Panama",
    }.items()
    for place in places.split()
)


@dataclass(eq=False)
class Life(Adding):
    """One person's documents, and what the person does with them."""

    _been: set[str] = field(default_factory=set)

    async def live(self) -> None:
        """Act until the run is over."""
        await self.person.live(self._choose)

    def _choose(self) -> Callable[[], Awaitable[None]]:
        acts: Mapping[Callable[[], Awaitable[None]], int] = {
            self.add: 5,
            self.rename: 4,
            self.note: 3,
            self.delete_and_restore: 3,
            self.link: 2,
            # A move plans reminders anew, also those that have come: travellers have none.
            (self.travel if self.person.number % 3 == 0 else self.expire): 2,
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

    async def rename(self) -> None:
        """Give a document another name."""
        paper = self._some("rename")
        opened = await self._open(paper)
        await self._rename(paper, opened)

    async def _rename(self, paper: Paper, opened: Sight) -> bool:
        """Return whether it has another name now."""
        name = self.person.new_name("r")
        await self.person.press("Rename", opened, "from now on?")
        deed = Deed(self.person.number, "rename", name, (f"It is now called {name}.",))
        deed.nameless = REFUSALS
        await self.person.submit(deed, lambda: self.person.hands.says(name))
        renamed = "done" in deed.said
        if renamed:
            paper.name, paper.done = name, set()
        return renamed

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
        await self.person.submit(deed, lambda: self.person.touch("Delete", opened))
        if "done" not in deed.said:
            return
        gone = next(s for s in reversed(self.person.hands.sights) if deed.done[0] in s.text)
        back = Deed(self.person.number, "restore", paper.name, (f"{paper.name} is back.",))
        await self.person.submit(back, lambda: self.person.touch("Undo", gone))

    async def link(self) -> None:
        """Make a link to a document."""
        paper = self._some("link")
        opened = await self._open(paper)
        shown = await self.person.press("Link", opened, "1 day")
        paper.done.add("link")
        deed = Deed(self.person.number, "link", paper.name, ())
        made = ("The link is ready.", "The address could not be shown just now.")
        deed.nameless = {**dict.fromkeys(made, "done"), "No link was made": "refused"}
        await self.person.submit(deed, lambda: self.person.touch("1 day", shown))

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

    async def travel(self) -> None:
        """Change the time zone: the app people, which every bot serves."""
        free = [zone for zone in ZONES if zone not in self._been]
        if not free:
            raise Astray("nowhere left to travel")
        zone = self.person.chance.choice(free)
        shown = await self.person.say("/settings", "Time zone")
        await self.person.press("Time zone", shown, "Choose your time zone")
        self._been.add(zone)
        words = f"Saved.\nLanguage: English\nTime zone: {zone}"
        deed = Deed(self.person.number, "zone", f"{self.person.number} {zone}", (words,))
        await self.person.submit(deed, lambda: self.person.hands.says(zone))

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
        await self.person.submit(deed, lambda: self.person.touch("Save", review))
        await self.person.find_back()

    async def change_a_stale_one(self) -> None:
        """Delete a document as it was before it was renamed."""
        paper = self._some("stale")
        before = await self._open(paper)
        now = await self._open(paper)
        if now.message_id == before.message_id:
            raise Astray("a document was not sent again")
        if not await self._rename(paper, now):
            return  # refused on a full bus, say: what was seen before is not stale then
        paper.done.add("stale")
        deed = Deed(self.person.number, "stale", paper.name, (), nameless=dict(REFUSALS))
        await self.person.submit(deed, lambda: self.person.touch("Delete", before))

    async def look_around(self) -> None:
        """Look at what there is."""
        await self.person.say("/documents", "Your documents by type", "no documents yet")

    async def _open(self, paper: Paper) -> Sight:
        """Find a document and have it sent."""
        found = await self.person.say(f"/search {paper.name}", paper.name)
        if paper.name not in found.buttons:
            raise Astray(f"{paper.name} is not found: {found.text!r}")
        return await self.person.press(paper.name, found, "Rename")
