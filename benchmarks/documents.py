"""What somebody does with documents, in milliseconds."""

import os
import time

from tests.chat import Chat


async def make_type(person: Chat) -> None:
    """Keep a first document, under a new type."""
    await person.sends(b"the first", "first.pdf")
    await person.presses("New type")
    await person.says("Papers")
    await person.presses("Keep")
    await person.presses("Save")
    await person.sees_new("Saved")


async def keep_document(person: Chat) -> float:
    """Keep a document; return the milliseconds from "Save" to "Saved"."""
    await person.sends(os.urandom(200), f"{os.urandom(6).hex()}.pdf")
    await person.presses("Papers")
    await person.presses("Keep")
    await person.sees_new("Save")
    return await _timed(person, "Save", "Saved")


async def ask(person: Chat) -> float:
    """Return the milliseconds from "My documents" to the list."""
    await person.says("/help")
    await person.sees_new("/documents")
    return await _timed(person, "My documents", "by type")


async def _timed(person: Chat, button: str, answer: str) -> float:
    began = time.perf_counter()
    await person.presses(button)
    await person.sees_new(answer)
    return (time.perf_counter() - began) * 1000
