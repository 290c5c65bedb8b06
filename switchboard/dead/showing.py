"""How dead letters look: as a table for people, as JSON for programs."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from bus.letters import Letter
from observability.masking import masked

_COLUMNS = ("NUMBER", "BURIED (UTC)", "SUBJECT", "TRIES", "REASON")
_REASON_WIDTH = 80
_HEX_BYTES = 256
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def table(letters: Sequence[Letter]) -> str:
    """Return a row a letter, without anything that people wrote."""
    rows = [_COLUMNS, *map(_row, letters)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(letter: Letter) -> tuple[str, ...]:
    reason = _plain(masked(letter.reason)).replace("\n", " ")
    if len(reason) > _REASON_WIDTH:
        reason = reason[: _REASON_WIDTH - 1] + "…"
    at = letter.at.strftime("%Y-%m-%d %H:%M:%S")
    return (str(letter.seq), at, _plain(letter.subject), str(letter.attempts), reason)


def as_object(letter: Letter) -> dict[str, Any]:
    """Return what `list --json` prints of a letter; docs/operating.md lists the keys."""
    return {
        "number": letter.seq,
        "buried_at": letter.at.isoformat().replace("+00:00", "Z"),
        "kind": letter.kind,
        "app": letter.app,
        "subject": letter.subject,
        "reason": masked(letter.reason),
        "attempts": letter.attempts,
        "place": letter.place,
        "trace_id": letter.trace_id,
        "message_id": letter.message_id,
        "actor": letter.actor,
        "size": letter.size,
        "truncated": letter.truncated,
    }


def in_full_as_object(letter: Letter, body: bytes) -> dict[str, Any]:
    """Return what `show --json` prints: that of `list`, headers, and the body in one of two forms.

    `body` is its JSON or its text, or null where it is neither; then `body_hex` has all of it.
    """
    headers = {name: masked(value) for name, value in letter.headers.items()}
    found = {**as_object(letter), "headers": headers, "body": None, "body_hex": None}
    try:
        found["body"] = json.loads(body)
    except (ValueError, RecursionError):
        try:
            found["body"] = body.decode()
        except UnicodeDecodeError:
            found["body_hex"] = body.hex()
    return found


def in_full(letter: Letter, body: bytes) -> str:
    """Return everything of a letter, the body last."""
    facts = {name: value for name, value in as_object(letter).items() if value not in (None, "")}
    lines = [f"{name.replace('_', ' '):<11} {_plain(str(value))}" for name, value in facts.items()]
    headers = (f"  {_plain(name)}: {_plain(masked(v))}" for name, v in _readable(letter))
    return "\n".join([*lines, "headers", *headers, "body", _indented(_body(body)), ""])


def _readable(letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield the headers; those that say why it is dead were encoded for the wire."""
    for name, value in letter.headers.items():
        yield name, unquote(value) if name.lower().startswith("dead-") else value


def as_line(found: dict[str, Any]) -> str:
    """Return one line of JSON; ASCII only, so that no terminal takes it for commands."""
    return json.dumps(found)


def _body(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _hex(body)
    with suppress(ValueError, RecursionError):  # no JSON is shown as it came
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return _plain(text)


def _hex(body: bytes) -> str:
    shown = body[:_HEX_BYTES]
    lines = [
        f"{start:08x}  {shown[start : start + 16].hex(' '):<47}  {_printable(shown[start:][:16])}"
        for start in range(0, len(shown), 16)
    ]
    if len(body) > len(shown):
        lines.append(f"... and {len(body) - len(shown)} bytes more")
    return "\n".join(lines)


def _printable(some: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in some)


def _plain(text: str) -> str:
    """Show control characters as escapes: a letter must not write to the operator's terminal."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
