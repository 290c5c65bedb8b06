"""What fields of a line quote goes without secrets, values of rows, and ids of people."""

from collections.abc import Iterator

from structlog.typing import EventDict

from observability.handling import SHORTEST_ID, has_words, ids_of_people, without_ids, without_words
from observability.masking import discreet

_OF_ERRORS = frozenset({"exception", "error", "reason", "text"})
"""Fields that hold what an error says: anything, also what somebody wrote."""
_PLAIN = frozenset({str, int, float, bool, type(None)})


def quotes_nobody(event: EventDict, line: str) -> bool:
    """Whether it is certain that nothing is to be cut from an event, by its line of JSON.

    Most say nothing that is to be cut, and are so looked through once. Where something is escaped,
    its texts are not what stands in the line.
    """
    if "\\" in line:
        return False
    if not _OF_ERRORS.isdisjoint(event) and has_words():
        return False
    for number in ids_of_people():
        if number in line and len(number) >= SHORTEST_ID:
            return False
    return are_plain(event) and discreet(line) == line


def are_plain(event: EventDict) -> bool:
    """Whether nothing in an event is more than a text, a number or a truth."""
    return _PLAIN.issuperset(map(type, event.values()))


def quoting_nobody(event: EventDict) -> EventDict:
    """Cut what must not be said out of all texts of an event."""
    for name, value in event.items():
        if isinstance(value, BaseException):
            event[name] = without_words(f"{type(value).__name__}({discreet(str(value))!r})")
        elif name in _OF_ERRORS:
            event[name] = without_words(str(value))
    said = {name: value for name, value in event.items() if not name.startswith("_")}
    # Looked through together first: of most lines there is nothing to cut.
    together = "\0".join(_texts(said))
    if _cut(together) != together:
        event.update({name: _without(value) for name, value in said.items()})
    return event


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _without(value: object) -> object:
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, dict):
        return {name: _without(part) for name, part in value.items()}
    return [_without(part) for part in value] if isinstance(value, list | tuple) else value


def _cut(text: str) -> str:
    return without_ids(discreet(text))
