"""Takes back what privileges granted ahead give too much, on the tables that say so."""

from sqlalchemy import Connection, inspect, text

from database.base import Base
from database.roles import SERVICES

_REVISIONS = "alembic_version"


def take_back(connection: Connection) -> None:
    """Leave nobody but the migrator the revisions to write, and storage's own tables to storage.

    Roles that do not exist are left out: a database may be migrated without ours.
    """
    roles = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    tables = set(inspect(connection).get_table_names())
    for role in roles.intersection(SERVICES):
        if _REVISIONS in tables:
            connection.execute(text(f"REVOKE ALL ON {_REVISIONS} FROM {role}"))
            connection.execute(text(f"GRANT SELECT ON {_REVISIONS} TO {role}"))
    if "query" in roles:
        for table in Base.metadata.sorted_tables:
            if table.info.get("only") == "storage" and table.name in tables:
                connection.execute(text(f"REVOKE ALL ON {table.name} FROM query"))
    connection.commit()
