"""Looks at the bus where the NATS CLI is not at hand: commands as `nats` has them, plain output.

Needs the settings of the local servers: `. .local/env`.
"""

import click

from bus.connection import Link
from scripts.bus_looking import (
    all_answers,
    ask,
    listen,
    pairs,
    print_way,
    run,
    show_headers,
    show_rest,
    table,
)

_header = click.option(
    "-H", "--header", "headers", multiple=True, help="Name:value; as many as needed."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def look() -> None:
    """Look at the bus."""


@look.command()
@click.argument("subjects", nargs=-1, required=True)
@click.option("--count", type=click.IntRange(min=1), help="Stop after so many messages.")
@click.option("--headers-only", is_flag=True, help="No bodies.")
def sub(subjects: tuple[str, ...], count: int | None, headers_only: bool) -> None:
    """Print what is published on SUBJECTS, until Ctrl-C."""
    show = show_headers if headers_only else show_rest
    run(lambda link: listen(link, subjects, count, show))


@look.command()
@click.argument("subject")
@click.argument("body", default="")
@_header
def req(subject: str, body: str, headers: tuple[str, ...]) -> None:
    """Print the answer to a request."""
    run(lambda link: ask(link, subject, body.encode(), pairs(headers)))


@look.command()
@click.argument("subject")
@click.argument("body", default="")
@_header
def pub(subject: str, body: str, headers: tuple[str, ...]) -> None:
    """Publish a message."""

    async def publish(link: Link) -> None:
        await link.client.publish(subject, body.encode(), headers=pairs(headers))
        await link.client.flush()
        click.echo(f"Published {len(body.encode())} bytes to {subject}")

    run(publish)


@look.command()
@click.argument("subject")
@click.argument("body", default="")
@click.option("--deliver", is_flag=True, help="Deliver the message, too.")
@_header
def trace(subject: str, body: str, deliver: bool, headers: tuple[str, ...]) -> None:
    """Print where the server would bring a message."""
    only = {} if deliver else {"Nats-Trace-Only": "true"}
    run(lambda link: print_way(link, subject, body.encode(), {**pairs(headers), **only}))


@look.group()
def stream() -> None:
    """Look at streams."""


@stream.command("ls")
def list_streams() -> None:
    """List streams with what they hold."""

    async def show(link: Link) -> None:
        found = await link.jetstream.streams_info()
        rows = [
            (each.config.name, each.state.messages, each.state.bytes, each.config.description)
            for each in sorted(found, key=lambda each: str(each.config.name))
        ]
        table(("Name", "Messages", "Bytes", "Description"), rows)

    run(show)


@stream.command()
@click.argument("name")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("-S", "--last-for", help="The last message of this subject.")
def get(name: str, number: int | None, last_for: str | None) -> None:
    """Print one message of a stream, by its number or its subject."""

    async def show(link: Link) -> None:
        found = await link.jetstream.get_msg(name, number, subject=last_for, direct=True)
        click.echo(f"{name}#{found.seq} on {found.subject}")
        show_rest(found.headers, found.data or b"")

    run(show)


@look.group()
def consumer() -> None:
    """Look at consumers."""


@consumer.command()
@click.argument("name")
def report(name: str) -> None:
    """Show how far the consumers of a stream are behind."""

    async def show(link: Link) -> None:
        found = await link.jetstream.consumers_info(name)
        rows = [
            (each.name, each.num_ack_pending, each.num_redelivered, each.num_pending)
            for each in sorted(found, key=lambda each: each.name)
        ]
        table(("Consumer", "Ack Pending", "Redelivered", "Unprocessed"), rows)

    run(show)


@look.group()
def service() -> None:
    """Look at services that answer requests."""


@service.command("ls")
def list_services() -> None:
    """List them."""

    async def show(link: Link) -> None:
        found = await all_answers(link, "$SRV.INFO")
        rows = [(each["name"], each["version"], each["id"], each["description"]) for each in found]
        table(("Name", "Version", "ID", "Description"), rows)

    run(show)


@service.command()
@click.argument("name")
def info(name: str) -> None:
    """Show what can be asked of one."""

    async def show(link: Link) -> None:
        (found, *_) = await all_answers(link, f"$SRV.INFO.{name}")
        click.echo(f"{found['name']} {found['version']}: {found['description']}")
        for endpoint in found["endpoints"]:
            click.echo(f"{endpoint['subject']}, queue group {endpoint['queue_group']}")
            for key, value in sorted(endpoint["metadata"].items()):
                click.echo(f"  {key}: {value}")

    run(show)


@service.command()
@click.argument("name")
def stats(name: str) -> None:
    """Show how often and how fast one has answered."""

    async def show(link: Link) -> None:
        rows = [
            (
                each["name"],
                each["num_requests"],
                each["num_errors"],
                each["average_processing_time"],
            )
            for copy in await all_answers(link, f"$SRV.STATS.{name}")
            for each in copy["endpoints"]
        ]
        table(("Endpoint", "Requests", "Errors", "Average ns"), rows)

    run(show)


if __name__ == "__main__":
    look()
