"""TLS to PostgreSQL and Redis: an address switches it on, and only the right authority passes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.engine import engine
from migrations.upgrade import MigrationError, upgrade
from services.life import Life
from tests.security.tls_front import tls_front


@dataclass
class Front:
    """Addresses behind TLS, without what says whom to believe."""

    database: str
    redis: str
    authority: Path
    other_authority: Path


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


@pytest.fixture
def authorities(tmp_path: Path) -> tuple[ssl.SSLContext, Path, Path]:
    """What a server shows, the authority that has signed it, and another one."""
    ours, other = trustme.CA(), trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.issue_cert("localhost").configure_cert(context)
    files = tmp_path / "ours.pem", tmp_path / "other.pem"
    for authority, file in zip((ours, other), files, strict=True):
        authority.cert_pem.write_to_path(str(file))
    return context, *files


@pytest_asyncio.fixture
async def front(
    migrated: dict[str, str], authorities: tuple[ssl.SSLContext, Path, Path]
) -> AsyncIterator[Front]:
    """Both servers behind TLS, under a name that their certificate has."""
    context, ours, other = authorities
    database, redis = migrated["DATABASE_URL"], migrated["BOT_REDIS_URL"]
    async with (
        tls_front(_port(database), context, asked=True) as database_port,
        tls_front(_port(redis), context) as redis_port,
    ):
        yield Front(
            database.replace(f"127.0.0.1:{_port(database)}", f"localhost:{database_port}"),
            redis.replace(f"127.0.0.1:{_port(redis)}", f"localhost:{redis_port}").replace(
                "redis:", "rediss:", 1
            ),
            ours,
            other,
        )


async def _asked(url: str) -> int:
    pool = engine(url, application_name="tests")
    try:
        async with pool.connect() as connection:
            return int(await connection.scalar(text("SELECT 7")) or 0)
    finally:
        await pool.dispose()


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_postgresql_is_reached_by_tls(front: Front, mode: str) -> None:
    assert await _asked(f"{front.database}?sslmode={mode}&sslrootcert={front.authority}") == 7


async def test_postgresql_under_another_authority_is_not_believed(front: Front) -> None:
    for mode in ("verify-ca", "verify-full"):
        with pytest.raises(ssl.SSLCertVerificationError):
            await _asked(f"{front.database}?sslmode={mode}&sslrootcert={front.other_authority}")


async def test_postgresql_under_another_name_is_not_believed(front: Front) -> None:
    address = front.database.replace("@localhost", "@127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        await _asked(f"{address}?sslmode=verify-full&sslrootcert={front.authority}")
    assert await _asked(f"{address}?sslmode=verify-ca&sslrootcert={front.authority}") == 7


async def test_without_tls_the_front_lets_nobody_in(front: Front) -> None:
    with pytest.raises(DBAPIError):
        await _asked(f"{front.database}?sslmode=disable")


async def test_redis_is_reached_by_tls(front: Front) -> None:
    life = Life.begin("bot")
    url = SecretStr(f"{front.redis}?ssl_ca_certs={front.authority}")
    async with life.redis(url) as redis:
        assert await redis.set("seen:tls", 1, ex=60)
        assert await redis.delete("seen:tls") == 1
    await life.end()


async def test_redis_under_another_authority_or_name_is_not_believed(front: Front) -> None:
    wrong = (
        f"{front.redis}?ssl_ca_certs={front.other_authority}",
        f"{front.redis}?ssl_ca_certs={front.authority}".replace("@localhost", "@127.0.0.1"),
        front.redis,
    )
    for url in wrong:
        async with Redis.from_url(url) as redis:
            with pytest.raises(RedisConnectionError, match=r"(?i)certificate"):
                await redis.ping()


async def test_migrations_go_by_tls(front: Front, migrated: dict[str, str]) -> None:
    credential = migrated["MIGRATION_DATABASE_URL"].partition("@")[0]
    address = f"{credential}@{front.database.partition('@')[2]}?sslmode=verify-full"
    await asyncio.to_thread(upgrade, f"{address}&sslrootcert={front.authority}")
    with pytest.raises(MigrationError):
        await asyncio.to_thread(upgrade, f"{address}&sslrootcert={front.other_authority}")
