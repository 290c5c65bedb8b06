"""How many connections of a pool are in use; all of them, and whoever comes next waits."""

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool


def watch_connections(pool: AsyncEngine, registry: CollectorRegistry) -> None:
    """Show what the connections do and how many there may be, whenever somebody looks."""
    connections = Gauge(
        "database_connections",
        "Connections to PostgreSQL: in use, idle, and how many there may be",
        ("state",),
        registry=registry,
    )
    connections.labels("in_use").set_function(lambda: _queue(pool).checkedout())
    connections.labels("idle").set_function(lambda: _queue(pool).checkedin())
    connections.labels("allowed").set_function(lambda: _queue(pool).size())


def _queue(pool: AsyncEngine) -> QueuePool:
    # Asked anew each time: an engine that lets go of all connections makes another queue.
    queue = pool.sync_engine.pool
    assert isinstance(queue, QueuePool)
    return queue
