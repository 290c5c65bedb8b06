"""The secrets of the local servers: made once, kept beside the data they open."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from database.roles import ROLES
from switchboard.errors import Trouble
from switchboard.keys import new_seed, public_key
from switchboard.local.private_files import write_private
from switchboard.redis_users import REDIS_USERS

SUPERUSER = "postgres"


class Secrets(msgspec.Struct, kw_only=True):
    """Everything the local servers and services identify themselves with."""

    databases: dict[str, str] = {}
    """Passwords in PostgreSQL, by role."""
    nats: dict[str, str] = {}
    """Seeds of the nkeys, by user."""
    bots: dict[str, str] = {}
    """Tokens that the playground accepts, by app."""
    redis_passwords: dict[str, str] = {}
    """By user; a file of the time when there was one for all has it under another name."""
    links: str = msgspec.field(default_factory=secrets.token_urlsafe)
    webhook: str = msgspec.field(default_factory=secrets.token_urlsafe)
    people: str = msgspec.field(default_factory=secrets.token_urlsafe)
    """By which log lines hash people's ids."""
    objects: str = msgspec.field(default_factory=secrets.token_urlsafe)
    """The secret key to S3, where files are in containers."""

    def __repr__(self) -> str:
        """Nothing of them, since a traceback or a failed test may show this."""
        return "Secrets(...)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Nothing for printers that look here first."""
        return []

    def public_keys(self) -> dict[str, str]:
        """What the NATS server knows its users by."""
        return {user: public_key(seed) for user, seed in self.nats.items()}


def load_secrets(file: Path, *, users: Sequence[str], apps: Sequence[str]) -> Secrets:
    """Reads the secrets; makes and writes those that are missing, for new users and apps too."""
    kept = _read(file)
    for role in (SUPERUSER, *ROLES):
        kept.databases.setdefault(role, secrets.token_urlsafe())
    for redis_user in REDIS_USERS:
        kept.redis_passwords.setdefault(redis_user.name, secrets.token_urlsafe())
    for user in users:
        kept.nats.setdefault(user, new_seed())
    for app in apps:
        kept.bots.setdefault(app, _new_token())
    write_private(file, msgspec.json.format(msgspec.json.encode(kept)).decode() + "\n")
    return kept


def _read(file: Path) -> Secrets:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Secrets)
    except FileNotFoundError:
        return Secrets()
    except msgspec.MsgspecError as error:
        raise Trouble(
            f"{file} is damaged ({error}): put it right, or `make reset` to begin anew."
        ) from None


def _new_token() -> str:
    """A bot's token in Telegram's own form, which clients check: number, colon, 35 characters."""
    number = secrets.randbelow(9_000_000_000) + 1_000_000_000
    return f"{number}:{secrets.token_urlsafe(35)[:35]}"
