"""Documents over HTTP: FastAPI with asyncpg, and with an ORM session a request.

Each request is one transaction: the checks, the rows, and a row of its id with what was answered,
by which a repeated request is known.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import msgspec
import pydantic

from benchmarks.commands.documents import Adding, prepared
from benchmarks.harness.child import Given
from benchmarks.peers.http import served
from benchmarks.peers.rows import POOL, NewDocument, Refused, add_document, remember
from benchmarks.places import PORT

PATH = "/documents"


class Wanted(pydantic.BaseModel):
    """What is asked for."""

    type_id: int = pydantic.Field(gt=0)
    name: str = pydantic.Field(min_length=1, max_length=64)
    upload_ids: list[str] = pydantic.Field(min_length=1, max_length=10)


class Added(pydantic.BaseModel):
    """What is answered."""

    document_id: int
    type_id: int
    name: str


@asynccontextmanager
async def by_asyncpg(given: Given) -> AsyncIterator[None]:
    """Serve with hand-written SQL on a pool."""
    from fastapi import FastAPI, Header, HTTPException  # of the group `bench`

    app = FastAPI()
    url = given.settings["DATABASE_URL"].replace("+asyncpg", "")
    pool = await asyncpg.create_pool(url, min_size=POOL, max_size=POOL)

    async def add(wanted: Wanted, person: int = Header(), message_id: str = Header()) -> Added:
        new = NewDocument(person, wanted.type_id, wanted.name, wanted.upload_ids[0])
        try:
            async with pool.acquire() as connection, connection.transaction():
                document = await add_document(connection, new)
                added = Added(document_id=document, type_id=new.type_id, name=new.name)
                await remember(connection, message_id, added.model_dump_json())
        except Refused as refused:
            raise HTTPException(409, str(refused)) from None
        return added

    app.post(PATH)(add)
    async with served(app, given):
        yield
    await pool.close()


@asynccontextmanager
async def by_orm(given: Given) -> AsyncIterator[None]:
    """Serve with SQLAlchemy's ORM."""
    from fastapi import FastAPI, Header, HTTPException  # of the group `bench`

    from benchmarks.peers.documents_orm import add_by_orm, session_maker

    app, sessions = FastAPI(), session_maker(given.settings["DATABASE_URL"])

    async def add(wanted: Wanted, person: int = Header(), message_id: str = Header()) -> Added:
        new = NewDocument(person, wanted.type_id, wanted.name, wanted.upload_ids[0])
        try:
            async with sessions.begin() as session:
                document = await add_by_orm(session, new, message_id)
        except Refused as refused:
            raise HTTPException(409, str(refused)) from None
        return Added(document_id=document, type_id=new.type_id, name=new.name)

    app.post(PATH)(add)
    async with served(app, given):
        yield


@asynccontextmanager
async def adding(given: Given) -> AsyncIterator[Adding]:
    """Add documents over HTTP, on as many connections as there are requests."""
    url = f"http://127.0.0.1:{given.settings[PORT]}{PATH}"
    async with (
        prepared(given.settings["DATABASE_URL"]) as (documents, connection),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):

        async def call() -> None:
            new = documents.next()
            headers = {
                "Content-Type": "application/json",
                "Person": str(new.person),
                "Message-Id": new.message_id,
            }
            body = msgspec.json.encode(new.command)
            async with http.post(url, data=body, headers=headers) as reply:
                answer: dict[str, Any] = msgspec.json.decode(await reply.read())
                assert reply.ok, answer

        yield Adding(call, documents, connection)
