"""A process that has imported all services, and forks into whichever it is told to start."""

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence

from services.run import SERVICES, load
from switchboard.local.server import end_with_parent

LARGEST = 2**16
"""Bytes of an order: arguments and settings of a service."""


class Forking:
    """Takes orders from a channel: `[number, arguments, settings]`, with a file for the output.

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
        order, outputs, _, _ = socket.recv_fds(self._channel, LARGEST, 1)
        if not order:
            return False
        number, arguments, environment = json.loads(order)
        pid = os.fork()
        if pid == 0:
            self._forget()
            become(arguments, environment, outputs[0])
        os.close(outputs[0])
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
        self._say("started", number, pid)
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


def become(arguments: Sequence[str], environment: Mapping[str, str], output: int) -> None:
    """Be what `python -m services` is; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["services", *arguments]
        runpy.run_module("services", run_name="__main__", alter_sys=True)
    except BaseException as error:  # noqa: BLE001 # as the interpreter does
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)  # it exits by itself, unless something was raised


def main() -> None:
    """Serve whoever holds the other end of the standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who gives the orders
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for name in SERVICES:
        load(name)
    gc.collect()
    gc.freeze()  # so that collections of the children do not copy what they share
    Forking(channel).serve()


if __name__ == "__main__":
    main()
