"""Rows that a statement is told column by column: it is made once, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, TableValuedAlias, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.types import TypeEngine


def table_given(name: str, columns: Mapping[str, tuple[str, TypeEngine[Any]]]) -> TableValuedAlias:
    """Return a table of values: columns by name, each with its `bindparam` of an array and type."""
    # In a subquery the planner sees no lengths: it expects as many rows each time, and so keeps one
    # plan. Seen, a single row would have it plan anew at each use, for longer than it then takes.
    given = (
        select(bindparam(parameter, type_=ARRAY(kind))).scalar_subquery()
        for parameter, kind in columns.values()
    )
    return (
        func.unnest(*given)
        .table_valued(*(column(each, kind) for each, (_, kind) in columns.items()))
        .render_derived(name)
    )


def rows_given(
    table: Table, names: Sequence[str], in_json: Collection[str] = ()
) -> TableValuedAlias:
    """Return rows with these columns of a table; those `in_json` are texts, still to be cast."""
    kinds = {name: Text() if name in in_json else table.c[name].type for name in names}
    return table_given("given", {name: (name, kind) for name, kind in kinds.items()})


def insert_given(table: Table, names: Sequence[str], in_json: Collection[str] = ()) -> Insert:
    """Return what writes rows that are given; values of columns `in_json` are JSON as a text."""
    given = rows_given(table, names, in_json)
    values = (
        cast(each, table.c[each.name].type) if each.name in in_json else each for each in given.c
    )
    return insert(table).from_select(list(names), select(*values))


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return what to tell a statement of rows, of which there is one at least."""
    return {name: [row[name] for row in rows] for name in rows[0]}
