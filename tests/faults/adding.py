"""How people add documents: a file, its type, its name, with mistakes and impatience."""

from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.ledger import Burst, Deed, Sight
from tests.faults.person import Astray, Person

LONGEST_NAME = 128
LONGEST_MESSAGE = 4000
TYPES_AT_MOST = 3


@dataclass(eq=False)
class Paper:
    """A document as its person knows it; what was done once is not done again."""

    name: str
    type_name: str
    done: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Adding:
    """A person's documents, and how further ones are added."""

    person: Person
    types: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    _length: int = LONGEST_NAME

    async def add(self) -> None:
        """Add a document under a type, a new one if there are few; now and then impatiently."""
        person = self.person
        name = person.new_name("d")
        review, type_name = await self._fill_in(name, person.chance.random() < 0.3)
        deed = Deed(person.number, "add", name, (f"Saved: {name},",), (f"{name} was not saved",))
        times = 2 if person.chance.random() < 0.2 else 1

        async def save() -> None:
            await person.touch("Save", review)
            if times == 2:
                with suppress(Astray):  # it is answered, and the button gone
                    await person.touch("Save", review)

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
