"""TLS in front of a server that has none: the wheels' PostgreSQL and Redis are built without."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""With what a client asks PostgreSQL for TLS, before anything else."""


@asynccontextmanager
async def tls_front(
    port: int, context: ssl.SSLContext, *, asked: bool = False
) -> AsyncIterator[int]:
    """Listen with TLS, pass on what comes to `port`; yields our own port.

    `asked` is PostgreSQL's way: TLS begins only after it was asked for.
    """
    piping: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asked:
            if await reader.readexactly(len(SSL_REQUEST)) != SSL_REQUEST:
                writer.close()  # without TLS nobody is let in
                return
            writer.write(b"S")
            await writer.drain()
            await writer.start_tls(context)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        piping.add(asyncio.create_task(_pipe(reader, back)))
        piping.add(asyncio.create_task(_pipe(there, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=None if asked else context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in piping:
            task.cancel()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
