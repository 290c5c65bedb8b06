"""A door between one service and one server, which can be slow, stuck, half-open or slammed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CHUNK = 64 * 1024


@dataclass(eq=False)
class Connection:
    """Both sides of one connection through the door, and whether bytes may pass."""

    writers: list[asyncio.StreamWriter]
    passing: asyncio.Event = field(default_factory=asyncio.Event)

    def abort(self) -> None:
        """Reset both sides."""
        for writer in self.writers:
            writer.transport.abort()


@dataclass(eq=False)
class Proxy:
    """Forwards to the port that `target` names when a connection is opened."""

    target: Callable[[], int]
    latency: float = 0.0
    """Seconds by which every chunk is late."""
    port: int = field(default=0, init=False)
    _held: bool = field(default=False, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)
    _open: set[Connection] = field(default_factory=set, init=False)

    async def open(self) -> None:
        """Listen on a free port, which is `port` from now on."""
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening, and reset what is open."""
        if self._server:
            self._server.close()
        self.reset()

    def hold(self, *, only_old: bool = False) -> None:
        """Let no byte pass, and say nothing of it: of new connections, too, unless `only_old`."""
        self._held = not only_old
        for connection in self._open:
            connection.passing.clear()

    def heal(self) -> None:
        """Let everything pass, what was held first."""
        self._held, self.latency = False, 0.0
        for connection in self._open:
            connection.passing.set()

    def reset(self) -> None:
        """Break every open connection."""
        for connection in list(self._open):
            connection.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection([writer])
        self._open.add(connection)
        if not self._held:
            connection.passing.set()
        try:
            await connection.passing.wait()
            there, back = await asyncio.open_connection(HOST, self.target())
            connection.writers.append(back)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, back, connection))
                pumps.create_task(self._pump(there, writer, connection))
        except (OSError, ExceptionGroup):
            pass  # one side is gone: so is the other, below
        finally:
            self._open.discard(connection)
            connection.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.latency:
                await asyncio.sleep(self.latency)
            await connection.passing.wait()
            writer.write(data)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()
