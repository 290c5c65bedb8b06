"""Fails in every way that the interpreter itself reports, with a secret in the error's text."""

import asyncio
import logging
import threading
import warnings

from observability.logs import configure_logs
from observability.masking import hide
from observability.uncaught import mask_uncaught

SECRET = "open sesame, please"
hide(SECRET)
mask_uncaught()
configure_logs("INFO", "json")


def fail() -> None:
    raise RuntimeError(f"it is {SECRET}")


def in_main() -> None:
    fail()


def in_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


class _FailsAtTheEnd:
    def __del__(self) -> None:
        fail()


def in_finalizer() -> None:
    _FailsAtTheEnd()


def in_asyncio() -> None:
    async def nobody_waits() -> None:
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.sleep(0)

    asyncio.run(nobody_waits())


def in_warning() -> None:
    warnings.warn(f"it is {SECRET}", stacklevel=2)


def in_wrong_line() -> None:
    logging.getLogger("library").error("said %d", SECRET)
