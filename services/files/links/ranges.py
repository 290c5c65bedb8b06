"""Which part of a file is asked for, by the rules of RFC 9110."""

import re

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The part begins behind the end of the file."""


def part_of(header: str, size: int) -> range | None:
    """Return the part that a Range header asks for, None for the whole file.

    A header of another form, or one that asks for several parts, counts as none: nobody is
    obliged to serve parts. Raises Unsatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return _last_bytes(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return range(int(first), min(int(last) + 1, size) if last else size)


def _last_bytes(count: int, size: int) -> range:
    if count == 0 or size == 0:
        raise Unsatisfiable
    return range(max(0, size - count), size)
