"""Looks at the bus where the NATS CLI is not at hand: `sub` and `req`, as `nats` has them.

Needs the settings of the local servers: `. .local/env`.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import click

from bus.connection import Link, connect
from services.settings import OperatorSettings, WrongSettings, read_settings

ANSWER_WITHIN = 2.0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def look() -> None:
    """Look at the bus."""


@look.command()
@click.argument("subjects", nargs=-1, required=True)
def sub(subjects: tuple[str, ...]) -> None:
    """Print what is published on SUBJECTS, until Ctrl-C."""
    _run(_listen(subjects))


@look.command()
@click.argument("subject")
@click.argument("body", default="")
@click.option("-H", "--header", "headers", multiple=True, help="Name:value; as many as needed.")
def req(subject: str, body: str, headers: tuple[str, ...]) -> None:
    """Print the answer to a request."""
    pairs = (header.partition(":") for header in headers)
    _run(_ask(subject, body.encode(), {name: value.strip() for name, _, value in pairs}))


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except WrongSettings as error:
        raise click.ClickException(str(error)) from error


async def _listen(subjects: tuple[str, ...]) -> None:
    async with _operator() as link, asyncio.TaskGroup() as group:
        for subject in subjects:
            messages = (await link.client.subscribe(subject)).messages
            group.create_task(_show_all(messages))
        await link.client.flush()
        click.echo(f"Listening to {' '.join(subjects)}", err=True)


async def _ask(subject: str, body: bytes, headers: Mapping[str, str]) -> None:
    async with _operator() as link:
        try:
            answer = await link.client.request(subject, body, ANSWER_WITHIN, headers=dict(headers))
        except Exception as error:
            raise click.ClickException(f"{subject}: {error}") from error
        _show(answer.subject, answer.headers, answer.data)


@asynccontextmanager
async def _operator() -> AsyncIterator[Link]:
    settings = read_settings(OperatorSettings)
    async with connect(settings.nats_url, "operator", settings.nats_seed_operator) as link:
        yield link


async def _show_all(messages: AsyncIterator[Any]) -> None:
    async for message in messages:
        _show(message.subject, message.headers, message.data)


def _show(subject: str, headers: Mapping[str, str] | None, data: bytes) -> None:
    click.echo(subject)
    for name, value in (headers or {}).items():
        click.echo(f"  {name}: {value}")
    click.echo(data.decode(errors="replace"))


if __name__ == "__main__":
    look()
