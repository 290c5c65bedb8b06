"""The messages of benchmarks as frameworks on pydantic have them, with the same limits."""

from typing import Annotated

from pydantic import BaseModel, Field

from benchmarks.messages import NOTE, QUESTION, THINGS

Text = Annotated[str, Field(max_length=400)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[int, Field(ge=0, le=10**12)]


class Question(BaseModel):
    """What is asked, and what a command or an event of these benchmarks holds."""

    type: str
    key: Name
    person: Number
    chat: int
    at: float
    text: Text


class Part(BaseModel):
    """A part of an answer."""

    number: Number
    name: Name
    price: float
    is_there: bool


class Answered(BaseModel):
    """What is answered."""

    type: str
    key: Name
    person: Number
    items: Annotated[list[Part], Field(max_length=100)]
    note: Text


PARTS = [
    Part(number=each.number, name=each.name, price=each.price, is_there=each.is_there)
    for each in THINGS
]
ASKED = Question(
    type="LookUp",
    key=QUESTION.key,
    person=QUESTION.person,
    chat=QUESTION.chat,
    at=QUESTION.at,
    text=QUESTION.text,
)


def answered(key: str, person: int) -> Answered:
    """Return what every variant answers."""
    return Answered(type="Answer", key=key, person=person, items=PARTS, note=NOTE)
