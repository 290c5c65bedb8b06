"""What a failed attempt at a message means, as those who know the dependencies tell it."""

import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Whom a failure concerns."""

    BUG = "bug"
    """The message or our code: trying again hardly helps."""
    AWAY = "away"
    """A dependency is not there: nothing that needs it can be done, and it is useless to try."""
    HELD_UP = "held up"
    """This message alone has to wait, such as for a chat that Telegram asks to spare."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a failure means; `seconds` after which another attempt makes sense, where known.

    `lasts` says of a message that is held up that it is none of its own doing, and ends without it:
    it waits for as long as that takes.
    """

    kind: Kind
    seconds: float | None = None
    lasts: bool = False


BUG = Trouble(Kind.BUG)
AWAY = Trouble(Kind.AWAY)

Judge = Callable[[BaseException], Trouble]
"""Tells what a failure means."""

_UNREACHABLE = (ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError)
_UNREACHABLE_NUMBERS = frozenset(
    {
        *(errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.ENETRESET),
        # The machine has no more of it for now.
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL),
        *(errno.ENOSPC, errno.EDQUOT, errno.EIO),
    }
)
_SEVERAL = "Multiple exceptions: "
"""So asyncio begins what it says of a name with several addresses, each of which failed."""


def held_up(seconds: float | None = None, *, lasts: bool = False) -> Trouble:
    """One message has to wait, for `seconds` if that is known."""
    return Trouble(Kind.HELD_UP, seconds, lasts)


def is_unreachable(error: BaseException) -> bool:
    """Tell what the network or a lack of room did from other errors of the system, our bugs.

    A file that is not found, or may not be read, is an `OSError`, too.
    """
    if isinstance(error, _UNREACHABLE):
        return True
    if not isinstance(error, OSError):
        return False
    return error.errno in _UNREACHABLE_NUMBERS or str(error).startswith(_SEVERAL)
