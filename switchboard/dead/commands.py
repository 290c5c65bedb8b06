"""The commands `list`, `show`, `replay` and `drop`, and what they may be told.

Exit status: 0 all is done, 1 something is not, 2 the command was not understood.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from switchboard.dead.selection import Choice, Filters, filtered

if TYPE_CHECKING:
    from services.settings import OperatorSettings

_directory = click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".local"),
    show_default=True,
    help="A local run whose settings are used when NATS_URL is not set.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="A JSON object a letter and line.")
_number = click.IntRange(min=1)
_all = click.option("--all", "everything", is_flag=True, help="All there are.")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("list")
@filtered
@click.option("--limit", type=_number, default=50, show_default=True, help="So many at most.")
@click.option("--before", type=_number, help="Older than the letter of this number.")
@_as_json
@_directory
def list_(filters: Filters, directory: Path, as_json: bool, **page: Any) -> None:
    """List dead letters, the newest first; what people wrote is in `show` only."""
    from switchboard.dead.work import Page, list_letters

    asyncio.run(list_letters(_settings(directory), filters, Page(as_json=as_json, **page)))


@click.command()
@click.argument("numbers", type=_number, nargs=-1, required=True, metavar="NUMBER...")
@_as_json
@_directory
def show(numbers: tuple[int, ...], as_json: bool, directory: Path) -> None:
    """Show everything of some letters, what people wrote included."""
    from switchboard.dead.work import show_letters

    sys.exit(bool(asyncio.run(show_letters(_settings(directory), numbers, as_json))))


def _choosing(command: Callable[..., None]) -> Callable[..., None]:
    for option in (_directory, _yes, _all):
        command = option(command)
    return click.argument("numbers", type=_number, nargs=-1, metavar="[NUMBER]...")(
        filtered(command)
    )


@click.command()
@_choosing
def replay(yes: bool, directory: Path, **choice: Any) -> None:
    """Send letters to where they came from, the oldest first, and take them out of DEAD.

    Whoever has handled a message before remembers it, so a repetition has no second effect. An
    event is heard again by all its listeners, not only by the one that failed.
    """
    from switchboard.dead.work import replay_letters

    work = replay_letters(_settings(directory), Choice(**choice), yes=yes)
    sys.exit(bool(asyncio.run(work)))


@click.command()
@_choosing
def drop(yes: bool, directory: Path, **choice: Any) -> None:
    """Forget letters for good."""
    from switchboard.dead.work import drop_letters

    work = drop_letters(_settings(directory), Choice(**choice), yes=yes)
    sys.exit(bool(asyncio.run(work)))


COMMANDS = {command.name: command for command in (list_, show, replay, drop) if command.name}


def _settings(directory: Path) -> "OperatorSettings":
    from switchboard.operator import operator_settings

    return operator_settings(directory)
