"""Runs services side by side in one process, until one fails or all are told to stop."""

import asyncio
import importlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import click
import structlog
from structlog.contextvars import bind_contextvars

from observability.log_export import export_logs_by
from observability.logs import configure_logs
from services.life import Life
from services.settings import Settings, WrongSettings, read_settings

log = structlog.get_logger()

SERVICES = {
    "gateway": "takes updates from Telegram and puts them on the bus",
    "bot": "handles updates: answers in chat, commands and queries to the bus",
    "storage": "does what commands say, in PostgreSQL, and what is scheduled",
    "query": "answers questions from PostgreSQL, read-only",
    "notifier": "tells chats what they are told unasked, and late outcomes",
    "files": "keeps the bytes that people send, in object storage, and serves links to them",
    "playground": "a local Telegram, with a page to chat in",
}

PLAYGROUND = "playground"

STOP_TIMEOUT = 10.0
"""Seconds that services have to finish what is in hand."""

Service = Callable[[Settings, Life], Awaitable[None]]


class ServiceFailed(Exception):
    """A service ended although nobody told it to."""


def load(name: str) -> tuple[type[Settings], Service]:
    """Return a service's settings and its function: `services/<name>/service.py`."""
    module = importlib.import_module(f"services.{name}.service")
    return module.SETTINGS, getattr(module, name)


async def serve(names: Sequence[str], on_ready: Callable[[], None] | None = None) -> None:
    """Run services until cancelled; `on_ready` is called when all work.

    Cancelled, every service finishes what it has in hand first.

    Raises:
        WrongSettings: before anything is started.
        ServiceFailed: a service ended by itself.
    """
    loaded = [(name, *load(name)) for name in names]
    read = {name: _read(name, wanted) for name, wanted, _ in loaded}
    common = next(iter(read.values()))
    configure_logs(common.log_level, common.log_format, export_level=common.log_export_level)
    lives = [Life.begin(name) for name, _, _ in loaded]
    tasks = [
        asyncio.create_task(_live(life, service, read[name]), name=name)
        for life, (name, _, service) in zip(lives, loaded, strict=True)
    ]
    announce = asyncio.create_task(_announce(lives, on_ready))
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        announce.cancel()
        await _stop(lives, tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            raise ServiceFailed(f"{task.get_name()} failed: {error}") from error
    raise ServiceFailed(f"{', '.join(task.get_name() for task in ended)} ended by itself")


async def _live(life: Life, service: Service, settings: Settings) -> None:
    bind_contextvars(service=life.service)
    if life.service != PLAYGROUND:  # it would tell itself, to the last line after it has ended
        export_logs_by(life.logs)
    try:
        await service(settings, life)
        log.info("service.stopped")
    finally:
        await life.end()


async def _announce(lives: list[Life], on_ready: Callable[[], None] | None) -> None:
    for life in lives:
        await life.ready.wait()
    log.info("services.ready", services=[life.service for life in lives])
    if on_ready:
        on_ready()


async def _stop(lives: list[Life], tasks: list["asyncio.Task[None]"]) -> None:
    """Stop the playground last: it is the others' Telegram, and takes the last of their spans."""
    running = list(zip(lives, tasks, strict=True))
    for last in (False, True):
        together = [pair for pair in running if (pair[0].service == PLAYGROUND) is last]
        if together:
            await _stop_together(together)


async def _stop_together(running: list[tuple[Life, "asyncio.Task[None]"]]) -> None:
    for life, task in running:
        life.stopping.set()
        if not life.ready.is_set():
            task.cancel()  # it still waits for a dependency, and has nothing in hand
    _, unfinished = await asyncio.wait([task for _, task in running], timeout=STOP_TIMEOUT)
    for task in unfinished:
        log.warning("service.cancelled", name=task.get_name())
        task.cancel()
    if unfinished:
        await asyncio.wait(unfinished, timeout=STOP_TIMEOUT)


async def _until_signalled(names: Sequence[str]) -> None:
    serving = asyncio.create_task(serve(names))

    def stop() -> None:
        if not serving.cancelling():  # a second Ctrl-C must not disturb the end
            serving.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await serving


def _read(name: str, wanted: type[Settings]) -> Settings:
    try:
        return read_settings(wanted)
    except WrongSettings as error:
        raise WrongSettings(f"{name} cannot start:\n{error}") from None


def main(arguments: Sequence[str]) -> int:
    """Run the services named on the command line; without any, list them."""
    names = list(SERVICES) if list(arguments) == ["all"] else list(dict.fromkeys(arguments))
    unknown = [name for name in names if name not in SERVICES]
    if unknown or not names:
        for name in unknown:
            click.echo(f"There is no service {name}.", err=True)
        click.echo("\n".join(["python -m services NAME... | all\n", *_listing()]))
        return 2 if unknown else 0
    try:
        asyncio.run(_until_signalled(names))
    except (WrongSettings, ServiceFailed) as error:
        click.echo(error, err=True)
        return 1
    return 0


def _listing() -> list[str]:
    return [f"  {name:<11} {does}" for name, does in SERVICES.items()]
