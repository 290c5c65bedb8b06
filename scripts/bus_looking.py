"""What scripts/look.py does on the bus, and how it prints what it finds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import click
import msgspec

from bus.connection import Link, connect
from services.settings import OperatorSettings, WrongSettings, read_settings

ANSWER_WITHIN = 5.0
QUIET_FOR = 0.5
"""Seconds without a further answer after which all who are there have answered."""
Show = Callable[[Mapping[str, str] | None, bytes], None]
_KINDS = {"in": "ingress", "js": "jetstream", "eg": "egress"}


def run(work: Callable[[Link], Coroutine[Any, Any, None]]) -> None:
    """Do something as the operator; what goes wrong is one sentence."""

    async def connected() -> None:
        async with _operator() as link:
            try:
                await work(link)
            except click.ClickException:
                raise
            except Exception as error:
                raise click.ClickException(str(error) or "no answer in time") from error

    try:
        asyncio.run(connected())
    except WrongSettings as error:
        raise click.ClickException(str(error)) from error


@asynccontextmanager
async def _operator() -> AsyncIterator[Link]:
    settings = read_settings(OperatorSettings)
    async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
        yield link


async def listen(link: Link, subjects: tuple[str, ...], count: int | None, show: Show) -> None:
    """Print `count` messages, or all there are until the end."""
    heard: asyncio.Queue[Any] = asyncio.Queue()
    for subject in subjects:
        await link.client.subscribe(subject, cb=heard.put)
    await link.client.flush()
    click.echo(f"Listening to {' '.join(subjects)}", err=True)
    while count is None or count > 0:
        message = await heard.get()
        click.echo(message.subject)
        show(message.headers, message.data)
        count = None if count is None else count - 1


async def ask(link: Link, subject: str, body: bytes, headers: dict[str, str]) -> None:
    """Print the first answer."""
    try:
        answer = await link.client.request(subject, body, ANSWER_WITHIN, headers=headers)
    except Exception as error:
        raise click.ClickException(f"{subject}: {error}") from error
    click.echo(answer.subject)
    show_rest(answer.headers, answer.data)


async def all_answers(link: Link, subject: str, body: bytes = b"", **headers: str) -> list[Any]:
    """Ask everybody; whoever is there answers."""
    return [answer async for answer in _answers(link, subject, body, headers)]


async def _answers(
    link: Link, subject: str, body: bytes, headers: dict[str, str]
) -> AsyncIterator[Any]:
    inbox = link.client.new_inbox()
    answers = await link.client.subscribe(inbox)
    sent = {name: value.replace("$INBOX", inbox) for name, value in headers.items()}
    await link.client.publish(subject, body, reply=inbox, headers=sent or None)
    patience = ANSWER_WITHIN
    try:
        while True:
            yield msgspec.json.decode((await answers.next_msg(patience)).data)
            patience = QUIET_FOR
    except TimeoutError:
        if patience == ANSWER_WITHIN:
            raise TimeoutError(f"{subject}: nobody answers") from None


async def print_way(link: Link, subject: str, body: bytes, headers: dict[str, str]) -> None:
    """Print what the server sends to the subject that Nats-Trace-Dest names."""
    async for told in _answers(link, subject, body, {**headers, "Nats-Trace-Dest": "$INBOX"}):
        for event in told["events"]:
            said = {name: value for name, value in event.items() if name not in ("type", "ts")}
            words = " ".join(f"{name}={value}" for name, value in said.items())
            click.echo(f"{_KINDS.get(event['type'], event['type'])} {words}")


def pairs(headers: Iterable[str]) -> dict[str, str]:
    """Read headers as the command line has them: `Name:value`."""
    parted = (header.partition(":") for header in headers)
    return {name: value.strip() for name, _, value in parted}


def table(heading: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Print columns."""
    lines = [heading, *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def show_headers(headers: Mapping[str, str] | None, _: bytes = b"") -> None:
    """Print headers."""
    for name, value in (headers or {}).items():
        click.echo(f"  {name}: {value}")


def show_rest(headers: Mapping[str, str] | None, data: bytes) -> None:
    """Print headers and body."""
    show_headers(headers)
    click.echo(data.decode(errors="replace"))
