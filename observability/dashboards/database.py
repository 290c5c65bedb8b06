"""The dashboard "Database": PostgreSQL, what handlers do in it, and where else data lies."""

from observability.dashboards.expressions import rates, slowest
from observability.dashboards.page import Page, Row
from observability.dashboards.panel import Graph, Query

CALLS = "integration_call_duration_seconds"
POSTGRESQL = '{target="postgresql"}'
REDIS = '{target="redis"}'
OBJECTS = '{target="object_storage"}'
STORAGE = '{service="storage"}'

DATABASE = Page(
    "Switchboard: database",
    "PostgreSQL, what handlers do in it, and where else data lies.",
    (
        Row(
            "PostgreSQL",
            (
                Graph(
                    "Statements",
                    "A second, by service and how they ended.",
                    unit="reqps",
                    stacked=True,
                    queries=(rates(f"{CALLS}_count{POSTGRESQL}", "service", "result"),),
                ),
                Graph(
                    "How long statements take",
                    "95 % are faster, the ten slowest. A point leads to a trace.",
                    unit="s",
                    queries=(slowest(f"{CALLS}{POSTGRESQL}", "service", "operation"),),
                ),
                Graph(
                    "Connections",
                    "In use, idle, and how many are allowed. When all are in use, work waits.",
                    unit="short",
                    queries=(
                        Query(
                            "sum by (service, state) (database_connections)",
                            "{{service}} {{state}}",
                        ),
                    ),
                ),
                Graph(
                    "Handlers of storage",
                    "Transaction and all, 95 % are faster; the ten slowest types of message.",
                    unit="s",
                    queries=(slowest(f"messaging_process_duration_seconds{STORAGE}", "message"),),
                ),
                Graph(
                    "What storage handled",
                    "A second, by type of message and how it ended.",
                    unit="reqps",
                    queries=(
                        rates(
                            f"messaging_process_duration_seconds_count{STORAGE}",
                            "message",
                            "result",
                        ),
                    ),
                ),
            ),
        ),
        Row(
            "Redis",
            (
                Graph(
                    "Commands",
                    "A second, by service and how they ended.",
                    unit="reqps",
                    stacked=True,
                    queries=(rates(f"{CALLS}_count{REDIS}", "service", "result"),),
                ),
                Graph(
                    "How long commands take",
                    "95 % are faster, the ten slowest.",
                    unit="s",
                    queries=(slowest(f"{CALLS}{REDIS}", "service", "operation"),),
                ),
            ),
        ),
        Row(
            "Object storage",
            (
                Graph(
                    "Calls",
                    "A second, by operation and how they ended.",
                    unit="reqps",
                    stacked=True,
                    queries=(rates(f"{CALLS}_count{OBJECTS}", "operation", "result"),),
                ),
                Graph(
                    "How long calls take",
                    "95 % are faster, by operation.",
                    unit="s",
                    queries=(slowest(f"{CALLS}{OBJECTS}", "operation"),),
                ),
            ),
        ),
    ),
)
