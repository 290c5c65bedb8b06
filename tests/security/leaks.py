"""Looks for secrets in all that an installation has said, sent and stored."""

import base64
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import asyncpg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from pydantic import SecretStr
from redis.asyncio import Redis

from bus.connection import connect
from services.secret_values import secrets_among
from tests.switchboard.probes import plain_url

AROUND = 60
"""Characters shown on either side of a leak."""


class Leak(NamedTuple):
    """A secret where nobody should find it."""

    secret: str
    place: str
    around: str
    """The words beside it, the secret itself cut out."""


Texts = Iterable[tuple[str, str | bytes]]
"""Where something stands, and what."""


def secrets_of_installation(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return every secret of a local installation by the words for it.

    `directory` is that of its data, `environment` the settings of its services.
    """
    found = {name: value.get_secret_value() for name, value in secrets_among(environment)}
    kept = json.loads((directory / "secrets.json").read_text())
    found |= dict(_leaves("secrets.json", kept))
    # Of a token, only the second half is secret.
    return {name: value.rpartition(":")[2] for name, value in found.items()}


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(f"{name}: {key}", part)


def find_leaks(secrets: Mapping[str, str], texts: Texts) -> list[Leak]:
    """Return where a secret stands: as it is, percent-encoded, or in base64, also among others."""
    forms = {form: name for name, secret in secrets.items() for form in _forms(secret)}
    found = []
    for place, text in texts:
        data = text.encode() if isinstance(text, str) else text
        for form, name in forms.items():
            at = data.find(form)
            if at >= 0:
                before, after = data[max(at - AROUND, 0) : at], data[at + len(form) :][:AROUND]
                around = f"{before.decode(errors='replace')}###{after.decode(errors='replace')}"
                found.append(Leak(name, place, around))
                break
    return found


def _forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    yield plain
    yield quote(secret, safe="").encode()
    yield json.dumps(secret)[1:-1].encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            # Its first and last characters depend on what stands beside the secret.
            yield encode(b"\0" * shift + plain)[2 * bool(shift) + 2 : -4]


async def stored(directory: Path, environment: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Return all that the servers hold: streams, keys, rows, and what they have logged."""
    texts = [text async for text in _messages(environment)]
    texts += [text async for text in _keys(environment)]
    texts += [text async for text in _rows(environment)]
    logs = sorted((directory / "logs").iterdir())
    return texts + [(f"logs/{file.name}", file.read_bytes()) for file in logs]


async def _messages(environment: Mapping[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    seed = SecretStr(environment["NATS_SEED_OPERATOR"])
    async with connect(environment["NATS_URL"], "operator", seed) as link:
        for stream in await link.jetstream.streams_info():
            name, state = str(stream.config.name), stream.state
            for seq in range(state.first_seq, state.last_seq + 1):
                try:
                    message = await link.jetstream.get_msg(name, seq)
                except (NotFoundError, NatsError):  # handled, and gone
                    continue
                headers = json.dumps(message.headers or {}, ensure_ascii=False).encode()
                yield (
                    f"stream {name} {message.subject}",
                    b"%b\n%b\n%b"
                    % ((message.subject or "").encode(), headers, message.data or b""),
                )


async def _keys(environment: Mapping[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    readers = {"string": "GET", "hash": "HGETALL", "set": "SMEMBERS"}
    async with Redis.from_url(environment["REDIS_URL"]) as redis:
        async for key in redis.scan_iter(count=1000):
            kind = _text(await redis.type(key))
            read = [readers[kind], key] if kind in readers else ["DUMP", key]
            value = await redis.execute_command(*read)  # type: ignore[no-untyped-call] # its gap
            yield f"Redis {_text(key)}", key + b" " + repr(value).encode()


def _text(value: bytes | str) -> str:
    """What the client returns as bytes, although its types allow both."""
    return value if isinstance(value, str) else value.decode(errors="replace")


async def _rows(environment: Mapping[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    database = await asyncpg.connect(plain_url(environment["MIGRATION_DATABASE_URL"]))
    try:
        tables = await database.fetch(
            "SELECT oid::regclass::text AS name FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        for table in tables:
            rows = await database.fetch(f"SELECT t::text FROM {table['name']} AS t")
            for (row,) in rows:
                yield f"table {table['name']}", row.encode()
        settings = await database.fetch("SELECT name || '=' || setting FROM pg_settings")
        yield "PostgreSQL's settings", "\n".join(row[0] for row in settings).encode()
    finally:
        await database.close()
