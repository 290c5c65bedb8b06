"""Every change of documents that was made on a stale version is refused, in words."""

from typing import Any

import pytest
from msgspec.structs import fields, replace

from contracts.base import Command, Language, app_of
from contracts.documents import DocumentRefused, TypeRefused
from contracts.messages import command_types
from screens import screen_of
from screens.texts import texts
from tests.examples import EXAMPLES
from tests.services.acting import Acting
from tests.services.storage.keeping import add_document, add_type

STALE = 99

VERSIONED = [
    command
    for command in command_types()
    if app_of(command) == "documents" and "version" in {field.name for field in fields(command)}
]


def example_of(command_type: type[Command[Any]]) -> Command[Any]:
    """Return a command as it travels."""
    everything = [example for examples in EXAMPLES.values() for example in examples]
    (example,) = (example for example in everything if type(example) is command_type)
    assert isinstance(example, Command)
    return example


def test_changes_carry_the_version_they_were_made_on() -> None:
    names = {command.__name__ for command in VERSIONED}
    assert names >= {"RenameDocument", "DeleteDocument", "MoveDocument", "RenameType", "DeleteType"}
    assert names >= {"ChangeNote", "SetExpiry", "RestoreVersion"}


@pytest.mark.parametrize("command_type", VERSIONED, ids=lambda each: each.__name__)
async def test_a_stale_version_is_refused(
    command_type: type[Command[Any]], somebody: Acting
) -> None:
    type_id = await add_type(somebody)
    document_id = await add_document(somebody, type_id)
    known = {"document_id": document_id, "type_id": type_id, "version": STALE}
    names = {field.name for field in fields(command_type)}
    command = replace(
        example_of(command_type), **{name: known[name] for name in known.keys() & names}
    )
    refused = await somebody.do(command)
    assert isinstance(refused, DocumentRefused | TypeRefused)
    assert refused.reason == "changed_meanwhile"
    languages: tuple[Language, ...] = ("en", "ru")
    for language in languages:
        screen = screen_of(refused, texts(language))
        assert screen
        assert ("changed meanwhile" if language == "en" else "измен") in screen.text
