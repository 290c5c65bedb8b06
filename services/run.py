"""Runs services side by side in one process, until one fails or all are told to stop."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import click
import structlog

from observability.discretion import speak_of_people
from observability.handling import bind
from observability.log_export import export_logs_by
from observability.logs import configure_logs
from observability.masking import discreet
from observability.uncaught import mask_uncaught
from services import event_loop
from services.base_settings import refuse_weak_secrets
from services.health import health
from services.life import Life
from services.secret_values import hide_all, secrets_among
from services.settings import Settings, WrongSettings, read_settings
from telegram_api.lean import import_lean

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
OURS = ("bus", "database", "services", "telegram_api")
LINE_LENGTH = 300

STOP_TIMEOUT = 8.0
"""Seconds that services have to finish what is in hand; then they are cancelled."""
CANCEL_TIMEOUT = 1.0
LEAVE_AFTER = 9.5
"""Seconds from the signal to the end of the process, whatever still runs in it then."""

Service = Callable[[Settings, Life], Awaitable[None]]


class ServiceFailed(Exception):
    """A service ended although nobody told it to."""


def load(name: str) -> tuple[type[Settings], Service]:
    """Return a service's settings and its function: `services/<name>/service.py`."""
    module = import_lean(f"services.{name}.service")
    return module.SETTINGS, getattr(module, name)


async def serve(names: Sequence[str], on_ready: Callable[[], None] | None = None) -> None:
    """Run services until cancelled; `on_ready` is called when all work.

    Cancelled, every service finishes what it has in hand first.

    Raises:
        WrongSettings: before anything is started.
        ServiceFailed: a service ended by itself.
    """
    gc.disable()  # what is imported stays: to look for garbage among it takes time for nothing
    loaded = [(name, *load(name)) for name in names]
    gc.enable()
    read = {name: _read(name, wanted) for name, wanted, _ in loaded}
    refuse_weak_secrets(*read.values())
    common = next(iter(read.values()))
    lives = [Life.begin(name) for name, _, _ in loaded]
    _speak(common, lives)
    async with health(lives, common):
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
            raise ServiceFailed(f"{task.get_name()} failed: {_in_a_line(error)}") from error
    raise ServiceFailed(f"{', '.join(task.get_name() for task in ended)} ended by itself")


def _speak(settings: Settings, lives: Sequence[Life]) -> None:
    """Have the process log as it is told; what is of no service is the process's own."""
    own = lives[0] if len(lives) == 1 else None
    configure_logs(
        settings.log_level,
        settings.log_format,
        export_level=settings.log_export_level,
        service=own.service if own else "switchboard",
    )
    key = settings.log_person_key.get_secret_value()
    speak_of_people(key, content=settings.log_content)
    if own:
        _export_by(own)
    if settings.log_content:
        log.warning("logs.with_content", advice="switch LOG_CONTENT off when you have seen enough")
    if not key:
        log.warning("logs.without_people", advice="LOG_PERSON_KEY is not set")


def _export_by(life: Life) -> None:
    if life.service != PLAYGROUND:  # it would tell itself, to the last line after it has ended
        export_logs_by(life.logs)


def _in_a_line(error: BaseException) -> str:
    text = " ".join(discreet(str(error)).split())
    return (text if _is_ours(error) else f"{type(error).__name__}: {text}")[:LINE_LENGTH]


def _is_ours(error: BaseException) -> bool:
    """Whether its text is made for people; what libraries raise needs its class and place."""
    return type(error).__module__.split(".")[0] in OURS


async def _live(life: Life, service: Service, settings: Settings) -> None:
    bind(service=life.service)
    _export_by(life)
    try:
        await service(settings, life)
        log.info("service.stopped")
    except Exception as error:
        log.critical("service.failed", error=_in_a_line(error), exc_info=not _is_ours(error))
        raise
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
    deadline = asyncio.get_running_loop().time() + STOP_TIMEOUT
    for last in (False, True):
        together = [pair for pair in running if (pair[0].service == PLAYGROUND) is last]
        if together:
            await _stop_together(together, deadline)


async def _stop_together(running: list[tuple[Life, "asyncio.Task[None]"]], deadline: float) -> None:
    for life, task in running:
        life.stopping.set()
        if not life.ready.is_set():
            task.cancel()  # it still waits for a dependency, and has nothing in hand
    left = max(deadline - asyncio.get_running_loop().time(), CANCEL_TIMEOUT)
    _, unfinished = await asyncio.wait([task for _, task in running], timeout=left)
    for task in unfinished:
        log.warning("service.cancelled", name=task.get_name())
        task.cancel()
    if unfinished:
        await asyncio.wait(unfinished, timeout=CANCEL_TIMEOUT)


async def _until_signalled(names: Sequence[str]) -> None:
    serving = asyncio.create_task(serve(names))

    def stop() -> None:
        if not serving.cancelling():  # a second Ctrl-C must not disturb the end
            serving.cancel()
            _leave_in_any_case()

    _heed_signals(stop)
    with suppress(asyncio.CancelledError):
        await serving


def _heed_signals(stop: Callable[[], None]) -> None:
    """Heed them until the process is gone.

    The loop's own handlers end with it: a second, impatient signal would kill what has ended well.
    """
    loop = asyncio.get_running_loop()

    def heed(_number: int, _frame: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the process is about to
            loop.call_soon_threadsafe(stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heed)


def _leave_in_any_case() -> None:
    """End the process when something in it does not: a thread, or a loop that is stuck.

    What was in hand was not acknowledged, so that another copy is given it.
    """

    def leave() -> None:
        sys.stderr.write(f"Something did not end within {LEAVE_AFTER} s; what it had is left.\n")
        sys.stderr.flush()
        os._exit(1)

    timer = threading.Timer(LEAVE_AFTER, leave)
    timer.daemon = True
    timer.start()


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
    mask_uncaught()
    hide_all(secrets_among(os.environ))
    try:
        event_loop.run(_until_signalled(names))
    except (WrongSettings, ServiceFailed) as error:
        click.echo(discreet(str(error)), err=True)
        return 1
    return 0


def _listing() -> list[str]:
    return [f"  {name:<11} {does}" for name, does in SERVICES.items()]
