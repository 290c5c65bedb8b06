"""What can go wrong on the bus, as its users see it."""

from observability.masking import discreet


class BusError(Exception):
    """Base of all errors that the bus raises to its users."""


class NotInTime(BusError):
    """A command was accepted, but its outcome has not come yet; it will be told when it comes."""


class CommandFailed(BusError):
    """Nobody could do a command, now or later; `code` is the trace under which it is found."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class QueryUnavailable(BusError):
    """Nobody answered a query in time."""


class QueryFailed(BusError):
    """A query was answered with an error; `text` is safe to show to a person."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


class NotPublished(BusError):
    """No stream acknowledged a message before the deadline; it may be published again."""


class Overloaded(NotPublished):
    """A stream is full: it did not take the message, and nothing will come of it."""


class StreamRefused(BusError):
    """A stream refused a message for good: retrying cannot help."""


class MalformedMessage(BusError):
    """Bytes that do not decode, break a limit of the contract, or lack a header."""


class NotYet(BusError):
    """Raised by a handler whose message cannot be handled yet, but will be able to.

    The message is kept in hand and the handler runs again a little later; this is no failure.
    """


class Forfeited(BusError):
    """The server heard nothing of a message for `ACK_WAIT`: it is another copy's by now.

    Its handling ends without effect, and settles nothing.
    """


class UnresolvedParameter(BusError):
    """A handler asks for a parameter whose type nobody provides; stops the start."""


class WrongHandler(BusError):
    """A function cannot be a handler, for the reason given; stops the start."""


def in_short(error: BaseException) -> str:
    """Return an error as one line of a log; a TimeoutError alone would say nothing."""
    return discreet(f"{type(error).__name__}: {error}").splitlines()[0][:200]
