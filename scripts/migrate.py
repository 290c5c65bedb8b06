"""Brings the database to the newest tables: `alembic upgrade heads`, once it answers."""

import os
import sys

from migrations.upgrade import MigrationError, migration_url, upgrade

if __name__ == "__main__":
    try:
        upgrade(migration_url(os.environ))
    except KeyError:
        sys.exit("MIGRATION_DATABASE_URL (or DATABASE_URL) must be set.")
    except MigrationError as error:
        sys.exit(str(error))
