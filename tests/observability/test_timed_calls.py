"""No call of a server is made beside the clock: read in the sources of all services."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.sources import place, sources, tree

OF_OPERATORS = {"bus/attempt.py", "bus/checkup.py", "bus/graveyard.py", "bus/untaken.py"}
"""Of commands that are typed, at which nobody looks later."""
CALLS = re.compile(r"(?:client\.request|jetstream\.\w+|obstore\.\w+)$")
NO_CALLS = {"jetstream.pull_subscribe_bind"}
"""What only prepares a call."""
CLOCKS = re.compile(r"\.(?:asking|asking_server|publishing|timed|_asking)\(")
TIMED_BY_CALLERS = {"services/files/store.py:_make_bucket"}


def calls(node: ast.AST, timed: bool, where: str) -> Iterator[tuple[str, str, bool]]:
    """Yield calls of servers with their place, and whether a block around them is timed."""
    for child in ast.iter_child_nodes(node):
        inside, function = timed, where
        if isinstance(child, ast.With | ast.AsyncWith):
            inside |= any(CLOCKS.search(ast.unparse(item)) for item in child.items)
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inside, function = False, f"{where.partition(':')[0]}:{child.name}"
        if isinstance(child, ast.Call) and CALLS.search(called := ast.unparse(child.func)):
            yield function, called, inside
        yield from calls(child, inside, function)


def of_services() -> Iterator[Path]:
    """Yield the sources of what services consist of."""
    for file in sources():
        room = place(file).split("/")
        is_of_services = room[0] in {"bus", "services"} and room[1] != "playground"
        if is_of_services and place(file) not in OF_OPERATORS:
            yield file


def test_every_call_of_nats_and_of_object_storage_is_timed() -> None:
    found = [call for file in of_services() for call in calls(tree(file), False, place(file))]
    untimed = {
        (where, called)
        for where, called, is_timed in found
        if not (is_timed or where in TIMED_BY_CALLERS) and not called.endswith(tuple(NO_CALLS))
    }
    assert untimed == set()
    assert len(found) - len(untimed) > 12, "these are not read as they should be"


def test_servers_are_reached_through_what_is_timed() -> None:
    """Clients are made in one place each: services/redis_client.py, database/engine.py."""
    texts = {place(file): file.read_text("utf-8") for file in of_services()}
    made = re.compile(r"\bRedis\.from_url|create_async_engine|\bengine\(")
    reaching = {where for where, text in texts.items() if made.search(text)}
    assert reaching == {"services/storage/service.py", "services/query/service.py"}
    watching = "watch_statements(pool, life.tracer, life.calls)"
    assert all(watching in texts[where] for where in reaching)
