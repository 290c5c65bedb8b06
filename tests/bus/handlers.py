"""Handlers that tests of the bus work with."""

from bus import Actor
from contracts.documents import AddType, TypeAdded


def type_added(name: str) -> TypeAdded:
    """Return the outcome of adding a type of that name."""
    return TypeAdded(person_id=1001, type_id=1, name=name, emoji="")


async def add_type(command: AddType, actor: Actor) -> TypeAdded:
    """Add a type, and nothing else."""
    return TypeAdded(person_id=actor.person, type_id=1, name=command.name, emoji=command.emoji)
