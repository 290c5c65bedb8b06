"""The settings under which services find the local servers, as environment variables."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from database.roles import DATABASE
from switchboard.errors import Trouble
from switchboard.keys import seed_variable
from switchboard.local.ports import HOST
from switchboard.local.postgres import postgres_url
from switchboard.local.private_files import write_private
from switchboard.local.redis import redis_url
from switchboard.local.setup import Setup
from switchboard.redis_users import OPERATOR, REDIS_USERS

OUTSIDE = {"DATABASE_URL": "postgres", "REDIS_URL": "redis", "NATS_URL": "nats"}
"""Given such an address, the server of this name is not started: that one is used.

NATS comes last: who may do what there is asked of all services' code, while the others start.
"""

HEALTH = "health"
"""The folder in which running processes leave their addresses."""

FIRST_PERSON = "1001"
"""Anna of the playground, who may do there what needs an administrator."""

_TOGETHER = {
    "DATABASE_URL": ("QUERY_DATABASE_URL",),
    "REDIS_URL": tuple(user.variable for user in REDIS_USERS if user.name != OPERATOR),
    "TELEGRAM_API_URL": ("BOT_TOKENS",),
}

_COLLECTORS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
)


def has_playground(given: Mapping[str, str]) -> bool:
    """Tokens are given for a Telegram that knows them; without any, it is the playground."""
    return given.get("BOT_TOKENS", "").strip() in {"", "{}"}


def local_environment(setup: Setup) -> dict[str, str]:
    """What is given wins. Raises `Trouble` when it is given in part only."""
    for name, partners in _TOGETHER.items():
        missing = [partner for partner in partners if not setup.given.get(partner)]
        if setup.given.get(name) and missing:
            raise Trouble(f"{name} is set, so {' and '.join(missing)} must be set, too.")
    return {
        **_given(setup, "APPS", "TELEGRAM_MODE"),
        **_nats(setup),
        **_postgres(setup),
        **_redis(setup),
        **_common(setup),
        **(_playground(setup) if has_playground(setup.given) else _telegram(setup)),
    }


def _nats(setup: Setup) -> dict[str, str]:
    seeds = {seed_variable(user): seed for user, seed in setup.secrets.nats.items()}
    if setup.given.get("NATS_URL"):  # our seeds mean nothing to another server
        return _given(setup, "NATS_URL", *seeds)
    return {"NATS_URL": f"nats://{HOST}:{setup.ports.chosen('nats')}", **seeds}


def _postgres(setup: Setup) -> dict[str, str]:
    roles = {
        "DATABASE_URL": "storage",
        "QUERY_DATABASE_URL": "query",
        "MIGRATION_DATABASE_URL": "migrator",
    }
    if setup.given.get("DATABASE_URL"):
        return _given(setup, *roles)
    port = setup.ports.chosen("postgres")
    return {
        name: postgres_url(role, port, setup.secrets, DATABASE).replace("://", "+asyncpg://", 1)
        for name, role in roles.items()
    }


def _redis(setup: Setup) -> dict[str, str]:
    if setup.given.get("REDIS_URL"):
        return _given(setup, *(user.variable for user in REDIS_USERS))
    port = setup.ports.chosen("redis")
    return {user.variable: redis_url(user.name, port, setup.secrets) for user in REDIS_USERS}


def _common(setup: Setup) -> dict[str, str]:
    files_port = _port(setup, "FILES_PORT", "files")
    made = {
        "FILES_URL": (setup.directory / "files").as_uri(),
        "FILES_PORT": files_port,
        "PUBLIC_URL": f"http://{HOST}:{files_port}",
        "LINK_SECRET": setup.secrets.links,
        "GATEWAY_PORT": _port(setup, "GATEWAY_PORT", "gateway"),
        "WEBHOOK_SECRET": setup.secrets.webhook,
        "LOG_FORMAT": "console",  # somebody is looking
        "LOG_PERSON_KEY": setup.secrets.people,
        "HEALTH_PORT": "0",  # services started by hand are several processes
        "HEALTH_DIR": str(setup.directory / HEALTH),
    }
    return made | _given(setup, *made)


def _playground(setup: Setup) -> dict[str, str]:
    port = _port(setup, "PLAYGROUND_PORT", "playground")
    made = {
        "BOT_TOKENS": json.dumps(setup.secrets.bots),
        "TELEGRAM_API_URL": f"http://{HOST}:{port}",
        "WEBHOOK_URL": f"http://{HOST}:{_port(setup, 'GATEWAY_PORT', 'gateway')}",
        "PLAYGROUND_PORT": port,
        "PLAYGROUND_DIR": str(setup.directory / "playground"),
        "ADMINS": FIRST_PERSON,
        **_described(),
        **_telemetry(setup, f"http://{HOST}:{port}"),
    }
    return made | _given(setup, "WEBHOOK_URL", "PLAYGROUND_DIR", "ADMINS", "ASYNCAPI_FILE")


def _described() -> dict[str, str]:
    """The document of all messages, where the whole checkout is at hand."""
    file = Path(__file__).parents[2] / "docs" / "asyncapi.json"
    return {"ASYNCAPI_FILE": str(file)} if file.exists() else {}


def _telemetry(setup: Setup, playground: str) -> dict[str, str]:
    """Shown beside the chats, as soon as somebody looks, unless a collector is given."""
    made = {"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BLRP_SCHEDULE_DELAY": "200"}  # milliseconds
    if not _given(setup, *_COLLECTORS):
        made |= {"OTEL_EXPORTER_OTLP_ENDPOINT": playground, "LOG_EXPORT_LEVEL": "DEBUG"}
    return made | _given(setup, *made, *_COLLECTORS)


def _telegram(setup: Setup) -> dict[str, str]:
    return _given(setup, "BOT_TOKENS", "TELEGRAM_API_URL", "WEBHOOK_URL", "ADMINS")


def _port(setup: Setup, variable: str, name: str) -> str:
    port = setup.ports.keep if setup.services_run else setup.ports.get
    return setup.given.get(variable) or str(port(name))


def _given(setup: Setup, *names: str) -> dict[str, str]:
    return {name: setup.given[name] for name in names if setup.given.get(name)}


def foreign(environment: Mapping[str, str], file: Path) -> dict[str, str]:
    """What is set otherwise than the file says: a shell that sourced it gives nothing of its own.

    Its addresses are those of servers that need not run any more.
    """
    ours = read_environment(file)
    return {name: value for name, value in environment.items() if ours.get(name) != value}


def read_environment(file: Path) -> dict[str, str]:
    """What the file sets; nothing where there is none."""
    try:
        lines = shlex.split(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # none, or edited by hand
        return {}
    pairs = (word.partition("=") for word in lines if word != "export")
    return {name: value for name, _, value in pairs}


def write_environment(file: Path, environment: Mapping[str, str]) -> None:
    """Writes a file for `. file` in any shell."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()]
    write_private(file, "".join(lines))
