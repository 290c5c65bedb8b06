"""HTTP: FastAPI and Litestar behind uvicorn, aiohttp and httpx as clients."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from benchmarks.harness.child import Given
from benchmarks.harness.load import Call
from benchmarks.messages import NOTE, QUESTION, Answer, LookUp, answer
from benchmarks.peers.models import Answered, Question, answered
from benchmarks.places import PORT

PATH = "/questions"
JSON = {"content-type": "application/json"}
LOOKED_EVERY = 0.02


async def look_up(question: Question) -> Answered:
    """Answer."""
    return answered(question.key, question.person)


async def look_up_with_msgspec(data: LookUp) -> Answer:
    """Answer; Litestar gives the body as `data`."""
    return answer(data.key, data.person)


@asynccontextmanager
async def fastapi(given: Given) -> AsyncIterator[None]:
    """Serve with FastAPI."""
    async with served(fastapi_app(), given):
        yield


def fastapi_app() -> Any:
    """Return an application that answers."""
    from fastapi import FastAPI  # others of this module need not have it

    app = FastAPI()
    app.post(PATH)(look_up)
    return app


@asynccontextmanager
async def litestar(given: Given) -> AsyncIterator[None]:
    """Serve with Litestar, which decodes with msgspec."""
    from litestar import Litestar, post  # others of this module need not have it

    app = Litestar([post(PATH)(look_up_with_msgspec)], openapi_config=None)
    async with served(app, given):
        yield


@asynccontextmanager
async def served(app: Any, given: Given) -> AsyncIterator[None]:
    """Serve an ASGI application without a log of accesses."""
    import uvicorn  # clients need not have it

    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=int(given.settings[PORT]),
        loop="none",  # the one that runs
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        timeout_keep_alive=60,  # a connection that rests meanwhile is not closed under a request
        log_level="warning",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not (server.started or serving.done()):  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(LOOKED_EVERY)
    yield
    serving.cancel()


def address(given: Given) -> str:
    """Return where questions go."""
    return f"http://127.0.0.1:{given.settings[PORT]}{PATH}"


@asynccontextmanager
async def asking_by_aiohttp(given: Given) -> AsyncIterator[Call]:
    """Ask with aiohttp, over as many connections as there are questions."""
    decoder, encoder = msgspec.json.Decoder(Answer), msgspec.json.Encoder()
    url, connector = address(given), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:

        async def call() -> None:
            async with http.post(url, data=encoder.encode(QUESTION), headers=JSON) as reply:
                assert reply.ok
                assert decoder.decode(await reply.read()).note == NOTE

        yield call


@asynccontextmanager
async def asking_by_httpx(given: Given) -> AsyncIterator[Call]:
    """Ask with httpx, over as many connections as there are questions."""
    import httpx  # others of this module need not have it

    decoder, encoder = msgspec.json.Decoder(Answer), msgspec.json.Encoder()
    url = address(given)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=256)
    async with httpx.AsyncClient(limits=limits, timeout=10) as http:

        async def call() -> None:
            reply = await http.post(url, content=encoder.encode(QUESTION), headers=JSON)
            assert reply.is_success
            assert decoder.decode(reply.content).note == NOTE

        yield call
