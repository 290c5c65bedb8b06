"""Addresses of servers that are elsewhere, so that a test starts only the one it needs."""

from switchboard.redis_users import REDIS_USERS

REDIS_URLS = tuple(user.variable for user in REDIS_USERS)
"""The settings that say where Redis is."""
_BUS = {"NATS_URL": "nats://127.0.0.1:1"}
_DATABASE = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/elsewhere",
    "QUERY_DATABASE_URL": "postgresql://127.0.0.1:1/elsewhere",
}
ONLY_REDIS = _BUS | _DATABASE
ONLY_POSTGRES = _BUS | dict.fromkeys(REDIS_URLS, "redis://127.0.0.1:1")
ONLY_NATS = _DATABASE | dict.fromkeys(REDIS_URLS, "redis://127.0.0.1:1")
