"""Tells a database that is away, or in each other's way, from a statement that is wrong."""

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bus.trouble import AWAY, BUG, Trouble, held_up, is_unreachable

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    # It stops, starts, or is restored under its name.
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidCatalogNameError,
    # No room: disk, memory, connections.
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    # A password is being replaced, or another server takes over.
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.ReadOnlySQLTransactionError,
    PoolTimeout,
)
_IN_EACH_OTHERS_WAY = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""The database is there, and others may go on: this one has to be repeated."""


def is_away(error: BaseException) -> bool:
    """Whether the same work may succeed later, with nothing changed by us."""
    return trouble_of(error) is not BUG


def trouble_of(error: BaseException) -> Trouble:
    """Tell what a failure at the database means."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, InterfaceError):
            return AWAY
        cause = error.orig
        return BUG if cause is None else trouble_of(cause.__cause__ or cause)
    if isinstance(error, AsyncAdapt_asyncpg_dbapi.Error) and error.__cause__:
        # Of a connection that a pool could not make, with no statement that was under way.
        return trouble_of(error.__cause__)
    if isinstance(error, _IN_EACH_OTHERS_WAY):
        return held_up()
    return AWAY if isinstance(error, _AWAY) or is_unreachable(error) else BUG
