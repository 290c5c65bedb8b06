"""`switchboard`: one command for everything that is not a service.

What a command needs is imported when it runs: `--help` and errors shall not wait for all of it.
"""

import asyncio
import os
import sys
from pathlib import Path

import click

from observability.masking import discreet
from observability.uncaught import mask_uncaught
from switchboard.errors import Trouble
from switchboard.looking import asyncapi, context
from switchboard.setting_up import COMMANDS

_INTERRUPTED = 130

_directory = click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".local"),
    show_default=True,
    help="Where the data of the local servers lies.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def switchboard() -> None:
    """Many Telegram bots on one NATS JetStream bus."""


switchboard.add_command(asyncapi)
switchboard.add_command(context)
for each in COMMANDS:
    switchboard.add_command(each)


@switchboard.command()
@_directory
def run(directory: Path) -> None:
    """Start servers and all services here, and say where to look."""
    from services import event_loop
    from switchboard.foreground import until_stopped
    from switchboard.run import run_all

    event_loop.run(until_stopped(run_all(directory)))


@switchboard.command()
@_directory
def servers(directory: Path) -> None:
    """Start the servers only; their settings go to DIRECTORY/env."""
    from switchboard.foreground import until_stopped
    from switchboard.run import run_servers

    asyncio.run(until_stopped(run_servers(directory)))


@switchboard.command()
@_directory
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(directory: Path, yes: bool) -> None:
    """Forget all local data: messages, tables, files, keys."""
    from switchboard.local.reset import check_is_local_data, forget

    check_is_local_data(directory)
    if yes or click.confirm(f"Forget everything in {directory.absolute()}?"):
        asyncio.run(forget(directory))
        click.echo("Forgotten.")


@switchboard.command("person-hash")
@click.argument("person_id", type=click.IntRange(min=1))
@_directory
def hash_person(person_id: int, directory: Path) -> None:
    """Show what stands for a person in log lines and traces, by Telegram's id of them."""
    from switchboard.people import hash_of

    click.echo(hash_of(person_id, directory))


@switchboard.group()
def files() -> None:
    """Look after the files that people sent."""


@files.command()
@click.option(
    "--from",
    "source",
    envvar="FILES_URL",
    required=True,
    show_envvar=True,
    help="Where the files are: file:///folder or s3://bucket.",
)
@click.option("--to", "target", required=True, help="Where they shall be.")
@click.option("--delete-source", is_flag=True, help="Delete them there once all are copied.")
def move(source: str, target: str, delete_source: bool) -> None:
    """Copy all files to another place, and compare each.

    Stop the service `files` first: whatever the bots ask of it waits on the bus. S3 is reached by
    S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY. Interrupted, the same command goes on.
    """
    from switchboard.files import move_files

    asyncio.run(move_files(source, target, os.environ, delete_source=delete_source))


@switchboard.command()
@_directory
@click.option(
    "--monitoring",
    envvar="NATS_MONITORING_URL",
    default="",
    show_envvar=True,
    help="Of nats-server, e.g. http://127.0.0.1:8222; a local run's is known.",
)
@click.option(
    "--health",
    envvar="HEALTH_URLS",
    multiple=True,
    show_envvar=True,
    help="Of a service's process, e.g. http://bot:8083; several with more than one --health.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a finding and line.")
def doctor(directory: Path, monitoring: str, health: tuple[str, ...], as_json: bool) -> None:
    """Look at the running installation, and say what to do about each finding.

    Nothing is changed. Exit status: 0 no problems, 1 problems, 2 it could not look.
    """
    from switchboard.doctor.report import COULD_NOT_LOOK, Addresses, consult
    from switchboard.operator import operator_settings

    try:
        operator_settings(directory)
    except Trouble as trouble:
        click.echo(f"switchboard: {trouble}", err=True)
        sys.exit(COULD_NOT_LOOK)
    addresses = Addresses(monitoring, health)
    sys.exit(consult(directory, addresses, as_json=as_json))


class _Dead(click.Group):
    """Its commands know what there is on the bus, which takes its time to import."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from switchboard.dead.commands import COMMANDS

        return COMMANDS.get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        from switchboard.dead.commands import COMMANDS

        return list(COMMANDS)


@switchboard.group(cls=_Dead)
def dead() -> None:
    """Look at messages that nobody could handle, send them again, or drop them."""


def main() -> None:
    """Runs the command; trouble is one sentence, and Ctrl-C no trouble at all."""
    mask_uncaught()
    try:
        switchboard(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except Trouble as trouble:
        _hide_secrets()
        click.echo(discreet(f"switchboard: {trouble}"), err=True)
        sys.exit(1)
    except Exception:
        _hide_secrets()
        raise


def _hide_secrets() -> None:
    from services.secret_values import hide_all, secrets_among
    from switchboard.secret_files import given_settings

    hide_all(secrets_among(given_settings()))
