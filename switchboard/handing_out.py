"""Hands every container of an installation what is its own: a folder each, files by setting."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bus.server_config import ServerPlace, nats_config
from bus.users import USERS
from database.roles import DATABASE
from services.discovery import bot_apps, consumers
from services.run import SERVICES, load
from services.settings import OperatorSettings, Settings
from switchboard.errors import Trouble
from switchboard.keys import seed_variable
from switchboard.local.environment import FIRST_PERSON
from switchboard.local.private_files import write_private
from switchboard.local.secrets_file import SUPERUSER, Secrets, load_secrets
from switchboard.nats_context import NAME, write_context
from switchboard.redis_users import REDIS_USERS, acl

S3_NAME = "switchboard"
"""Who the service files is for S3: the name that belongs to the secret key."""
PLAYGROUND = "playground"

_READABLE = 0o444
"""A folder is shown to its container only, whose processes are of other users than ours."""
_ROLES = {
    "DATABASE_URL": "storage",
    "QUERY_DATABASE_URL": "query",
    "MIGRATION_DATABASE_URL": "migrator",
}
_S3_ACTIONS = ("Read", "Write", "List", "Tagging")

Folders = Mapping[str, Mapping[str, str]]
"""By container the texts of its files, by their names."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where containers find the servers, as host:port, and the local Telegram, as an address."""

    nats: str = "nats:4222"
    postgres: str = "postgres:5432"
    redis: str = "redis:6379"
    playground: str = "http://playground:8081"
    bucket: str = "files"


@dataclass(frozen=True, slots=True)
class Installation:
    """The secrets of one installation, and the tokens of its bots where Telegram knows them."""

    secrets: Secrets
    tokens: str = ""
    """BOT_TOKENS as given; without any, the bots are those of the playground."""
    places: Places = Places()

    def folders(self) -> Folders:
        """Return what each container is given."""
        everything = self._settings()
        readers = {name: load(name)[0] for name in SERVICES} | {"operator": OperatorSettings}
        if self.tokens:
            del readers[PLAYGROUND]
        return {
            **{reader: _read_by(settings, everything) for reader, settings in readers.items()},
            "migrate": {
                **{name: everything[name] for name in _ROLES},
                "SUPERUSER_DATABASE_URL": self._database(SUPERUSER, "postgres"),
            },
            "nats": {"nats.conf": self._nats_conf()},
            "postgres": {"POSTGRES_PASSWORD": self.secrets.databases[SUPERUSER]},
            "redis": {"users.acl": acl(self.secrets.redis_passwords)},
            "s3": {"s3.json": self._s3_identities()},
        }

    def _settings(self) -> dict[str, str]:
        secrets = self.secrets
        found = {
            **{seed_variable(user): seed for user, seed in self._users().items()},
            **{name: self._database(role, DATABASE) for name, role in _ROLES.items()},
            **{user.variable: self._redis(user.name) for user in REDIS_USERS},
            "BOT_TOKENS": self.tokens or json.dumps(secrets.bots),
            "LINK_SECRET": secrets.links,
            "WEBHOOK_SECRET": secrets.webhook,
            "LOG_PERSON_KEY": secrets.people,
            "S3_ACCESS_KEY": S3_NAME,
            "S3_SECRET_KEY": secrets.objects,
        }
        if self.tokens:
            return found
        # Of the playground only: on the real Telegram the same id is a stranger's.
        return {**found, "TELEGRAM_API_URL": self.places.playground, "ADMINS": FIRST_PERSON}

    def _users(self) -> Mapping[str, str]:
        """The seeds of the users of NATS; the playground hears all, so only where it is wanted."""
        return {
            user: seed
            for user, seed in self.secrets.nats.items()
            if not (self.tokens and USERS[user].only_development)
        }

    def _database(self, role: str, database: str) -> str:
        password = quote(self.secrets.databases[role], safe="")
        return f"postgresql://{role}:{password}@{self.places.postgres}/{database}"

    def _redis(self, user: str) -> str:
        password = quote(self.secrets.redis_passwords[user], safe="")
        return f"redis://{user}:{password}@{self.places.redis}/0"

    def _nats_conf(self) -> str:
        known = self._users()
        keys = {user: key for user, key in self.secrets.public_keys().items() if user in known}
        place = ServerPlace(store_dir="/data", listen="0.0.0.0:4222", http="0.0.0.0:8222")
        return nats_config(keys, consumers(), place) + "\n"

    def _s3_identities(self) -> str:
        """What SeaweedFS lets in: nobody but the service files, and that to its bucket."""
        identity = {
            "name": S3_NAME,
            "credentials": [{"accessKey": S3_NAME, "secretKey": self.secrets.objects}],
            "actions": [f"{action}:{self.places.bucket}" for action in _S3_ACTIONS],
        }
        return json.dumps({"identities": [identity]}, indent=2) + "\n"


def hand_out(keys: Path, target: Path, tokens: str) -> Sequence[str]:
    """Make the secrets that the folder `keys` does not hold yet, and write everybody's folder.

    The folders below `target` exist, one a container. Returns the containers whose files changed.

    Raises:
        Trouble: it served the real Telegram so far, and there are no tokens.
    """
    if not tokens and _serves_telegram(target / "bot"):
        raise Trouble(
            "This installation serves the real Telegram, and BOT_TOKENS is not set now: set it, "
            "best in .env. For the local Telegram again take away the volume secrets-bot first."
        )
    secrets = load_secrets(keys / "secrets.json", users=list(USERS), apps=bot_apps())
    installation = Installation(secrets, tokens)
    folders = installation.folders()
    changed = [
        name
        for name in sorted({*folders, PLAYGROUND})
        if _replace_files(target / name, folders.get(name, {}))
    ]
    seed = secrets.nats["operator"]
    write_context(target / "nats-box", NAME, f"nats://{installation.places.nats}", seed)
    return changed


def _serves_telegram(folder: Path) -> bool:
    return (folder / "BOT_TOKENS").exists() and not (folder / "TELEGRAM_API_URL").exists()


def _read_by(settings: type[Settings], everything: Mapping[str, str]) -> dict[str, str]:
    names = [field.upper() for field in settings.model_fields]
    return {name: everything[name] for name in names if name in everything}


def _replace_files(folder: Path, texts: Mapping[str, str]) -> bool:
    """Make the folder hold these files and no others; say whether it did not already."""
    found = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}
    for name in found.keys() - texts.keys():
        (folder / name).unlink()
    for name, text in texts.items():
        if found.get(name) != text:
            write_private(folder / name, text)
            (folder / name).chmod(_READABLE)
    return found != dict(texts)
