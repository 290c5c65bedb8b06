"""What all tables share: types of columns, names of constraints, limits read from the contracts."""

from datetime import datetime
from typing import Any, ClassVar, get_args

import msgspec
from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Table, Text, inspect
from sqlalchemy.orm import DeclarativeBase

from contracts.base import Language

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


ONLY_STORAGE = {"info": {"only": "storage"}}
"""At the end of a table's `__table_args__`: the role of query has no business there."""


class Base(DeclarativeBase):
    """Base of every table; moments are kept with their time zone, whole numbers in 64 bits."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        Language: Text(),
    }


def length_within(column: str, text_type: Any) -> CheckConstraint:
    """Return a check that a column keeps the length limits of an annotated type of the contracts.

    Characters are counted by both sides as Unicode code points.
    """
    limits = next(item for item in get_args(text_type) if isinstance(item, msgspec.Meta))
    shortest, longest = limits.min_length or 0, limits.max_length
    return CheckConstraint(
        f"char_length({column}) BETWEEN {shortest} AND {longest}", name=f"{column}_length"
    )


def one_of(column: str, literal: Any) -> CheckConstraint:
    """Return a check that a column holds one of the texts of a Literal."""
    texts = ", ".join(f"'{text}'" for text in get_args(literal))
    return CheckConstraint(f"{column} IN ({texts})", name=f"{column}_known")


def table_of(mapped: type[Base]) -> Table:
    """Return the table itself: statements on it go no detour by mapped objects."""
    table = inspect(mapped).local_table
    assert isinstance(table, Table)
    return table
