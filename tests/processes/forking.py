"""A process that has imported all services and commands, and forks into whichever it is told."""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import switchboard
from services.run import SERVICES, load
from switchboard.local.server import end_with_parent

LARGEST = 2**16
"""Bytes of an order."""
STREAMS = 3


@dataclass(frozen=True)
class Order:
    """What to run: a module that is there to be run, or the file of a script."""

    number: int
    program: str
    arguments: Sequence[str]
    environment: dict[str, str]
    directory: str
    """Where it is run."""
    in_session: bool
    """Whether it has a session of its own, as a command under a terminal of its own."""

    def encoded(self) -> bytes:
        """Return it as it is sent."""
        return json.dumps(asdict(self)).encode()


class Forking:
    """Takes orders from a channel, each with three files: input, output and errors.

    Answers `["started", number, pid]`, and later `["ended", pid, status]`.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        self._die_with_parent: Callable[[], object] | None = end_with_parent(signal.SIGKILL)

    def serve(self) -> None:
        """Serve until nobody holds the channel's other end."""
        while True:
            for ready, _ in self._selector.select():
                if ready.data is not None:
                    self._reap(ready.fd, ready.data)
                elif not self._obey():
                    return

    def _obey(self) -> bool:
        told, streams, _, _ = socket.recv_fds(self._channel, LARGEST, STREAMS)
        if not told:
            return False
        order = Order(**json.loads(told))
        pid = os.fork()
        if pid == 0:
            self._forget()
            become(order, streams)
        for stream in streams:
            os.close(stream)
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
        self._say("started", order.number, pid)
        return True

    def _reap(self, fd: int, pid: int) -> None:
        self._selector.unregister(fd)
        os.close(fd)
        _, status = os.waitpid(pid, 0)
        self._say("ended", pid, os.waitstatus_to_exitcode(status))

    def _say(self, word: str, key: int, value: int) -> None:
        self._channel.send(json.dumps([word, key, value]).encode())

    def _forget(self) -> None:
        """Have nothing any more of what only the parent needs."""
        if self._die_with_parent:
            self._die_with_parent()
        for each in list(self._selector.get_map().values()):
            if each.fileobj is not self._channel:
                os.close(each.fd)
        self._selector.close()
        self._channel.close()


def become(order: Order, streams: Sequence[int]) -> None:
    """Be what the interpreter is that runs it; never returns."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if order.in_session:
            os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(order.directory)
        os.environ.clear()
        os.environ.update(order.environment)
        sys.argv = [order.program, *order.arguments]
        if os.path.isabs(order.program):
            runpy.run_path(order.program, run_name="__main__")
        else:
            runpy.run_module(order.program, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = _status(ended.code)
    except BaseException as error:  # noqa: BLE001 # as the interpreter does
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _status(code: object) -> int:
    if isinstance(code, int):
        return code
    if code is not None:
        sys.stderr.write(f"{code}\n")
    return code is not None


def main() -> None:
    """Serve whoever holds the other end of the standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who gives the orders
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for name in SERVICES:
        load(name)
    for module in pkgutil.walk_packages(switchboard.__path__, f"{switchboard.__name__}."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()  # so that collections of the children do not copy what they share
    Forking(channel).serve()


if __name__ == "__main__":
    main()
