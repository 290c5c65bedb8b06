"""What queries ask of PostgreSQL: questions that are made once, and asked by the driver itself.

SQLAlchemy makes their text, from the tables, and keeps the connections. Executed by it, each would
cost eight times the processor time that the driver takes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.util.concurrency import greenlet_spawn

from contracts.base import Page
from database.statements import Statements, summary

PERSON = bindparam("person", type_=BigInteger)
"""Whose rows are asked for."""
LIMIT = bindparam("limit", type_=BigInteger)
OFFSET = bindparam("offset", type_=BigInteger)

GOODBYE_WITHIN = 1.0
"""Seconds to cancel a question that was given up, before its connection is cut."""

Row = Mapping[str, Any]
Connection = Any
"""The driver's, which is published without types."""
Taken = Callable[[], AbstractAsyncContextManager[Connection]]

_PLACE = "place"
_DIALECT = dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's gap


class Question:
    """A statement that is made once, and asked with values for its named `bindparam`s.

    It goes to the driver as it is: a list is compared by `= any(...)`, for `in_` would make a
    statement of its own for each length.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement

    @cached_property
    def text(self) -> str:
        """The statement as PostgreSQL reads it, made at its first use."""
        return str(self._compiled)

    @cached_property
    def summary(self) -> str:
        """What metrics and spans call it."""
        return summary(self.text)

    def values(self, given: Mapping[str, object]) -> list[object]:
        """Return the values in the order of the text; KeyError for one that is missing."""
        return [given[name] if name in given else known[name] for name, known in self._order]

    @cached_property
    def _compiled(self) -> Any:
        compiled = self._statement.compile(dialect=_DIALECT)
        if compiled.post_compile_params:
            raise ValueError(f"a list by `in_`: {compiled}")
        return compiled

    @cached_property
    def _order(self) -> list[tuple[str, Mapping[str, object]]]:
        """The names of the parameters in their order, each with its value if it is always one."""
        compiled = self._compiled
        always = {
            name: compiled.params[name]
            for name in compiled.positiontup
            if not compiled.binds[name].required
        }
        return [(name, always) for name in compiled.positiontup]


class Found(NamedTuple):
    """The one row that tells of the whole, and the rows of a part."""

    head: dict[str, Any]
    rows: Sequence[Row]


class Headed(Question):
    """Asks for one row that tells of the whole and for a part of it, in one round trip.

    `head` finds one row or none; `part` may refer to nothing in it. The part is in `order`.
    """

    def __init__(
        self,
        head: Select[*tuple[Any, ...]],
        part: Select[*tuple[Any, ...]],
        order: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    ) -> None:
        first = head.subquery("head")
        place = func.row_number().over(order_by=order).label(_PLACE)
        each = part.add_columns(place).order_by(*order).subquery("part")
        self.head = first.c.keys()
        self.part = [name for name in each.c.keys() if name != _PLACE]  # noqa: SIM118 # no dict
        super().__init__(
            select(each.c[_PLACE], *first.c, *(each.c[name] for name in self.part))
            .select_from(first.outerjoin(each, true()))
            .order_by(each.c[_PLACE])
        )

    def split(self, rows: Sequence[Any]) -> Found | None:
        """Return what the rows tell, None where there is no whole."""
        if not rows:
            return None
        begins = 1 + len(self.head)
        head = dict(zip(self.head, rows[0][1:begins], strict=True))
        is_empty = rows[0][0] is None
        listed = () if is_empty else rows
        return Found(head, [dict(zip(self.part, row[begins:], strict=True)) for row in listed])


def part(page: Page) -> dict[str, int]:
    """Return the values of OFFSET and LIMIT."""
    return {"offset": page.offset, "limit": page.limit}


class Reader:
    """Asks PostgreSQL; each question is a transaction, and sees a moment of its own.

    Raises what the driver raises. Who asks has a deadline, for taking a connection, too.
    """

    def __init__(self, taken: Taken, statements: Statements) -> None:
        self._taken = taken
        self._statements = statements

    async def rows(self, question: Question, **values: object) -> Sequence[Row]:
        """Return all that is found."""
        async with self._taken() as connection:
            with self._statements.running(question.summary, question.text):
                found: Sequence[Row] = await connection.fetch(
                    question.text, *question.values(values)
                )
        return found

    async def row(self, question: Question, **values: object) -> Row | None:
        """Return the one row that there is, if any."""
        found = await self.rows(question, **values)
        return found[0] if found else None

    async def page(self, question: Headed, **values: object) -> Found | None:
        """Return the whole and a part of it, None where there is no whole."""
        return question.split(await self.rows(question, **values))

    async def whole(self, question: Headed, **values: object) -> Found:
        """Return a whole that there always is, such as a count, and a part of it."""
        found = await self.page(question, **values)
        assert found is not None
        return found

    @asynccontextmanager
    async def planning_anew(self) -> AsyncIterator["Reader"]:
        """Have each question of a `with` block planned for its very values."""
        async with self._taken() as connection:
            await self._say(connection, "SET plan_cache_mode = force_custom_plan")
            try:
                yield Reader(lambda: nullcontext(connection), self._statements)
            except asyncio.CancelledError:
                raise  # the connection is used no more
            except Exception:
                with suppress(Exception):  # the block's own trouble is what is to be told
                    await self._say(connection, "RESET plan_cache_mode")
                raise
            await self._say(connection, "RESET plan_cache_mode")

    async def _say(self, connection: Connection, statement: str) -> None:
        with self._statements.running(summary(statement), statement):
            await connection.execute(statement)


def reader_of(pool: AsyncEngine, statements: Statements) -> Reader:
    """Return a reader that takes the connections of a pool whose statements are watched."""

    goodbyes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def taken() -> AsyncIterator[Connection]:
        connection = await pool.raw_connection()
        driver: Connection = connection.driver_connection
        try:
            yield driver
        except asyncio.CancelledError:
            # The pool is free of it at once, also where the server froze.
            connection.detach()
            goodbye = asyncio.create_task(_say_goodbye(driver))
            goodbyes.add(goodbye)
            goodbye.add_done_callback(goodbyes.discard)
            raise
        finally:
            if not connection.is_detached:
                await greenlet_spawn(connection.close)

    return Reader(taken, statements)


async def _say_goodbye(driver: Connection) -> None:
    """Have PostgreSQL give up what nobody waits for any more, and then the connection."""
    with suppress(Exception):  # what does not hear of it is cut off
        await driver.close(timeout=GOODBYE_WITHIN)
