"""Addresses of servers that are elsewhere, so that a test starts only the one it needs."""

_BUS = {"NATS_URL": "nats://127.0.0.1:1"}
_DATABASE = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/elsewhere",
    "QUERY_DATABASE_URL": "postgresql://127.0.0.1:1/elsewhere",
}
ONLY_REDIS = _BUS | _DATABASE
ONLY_POSTGRES = _BUS | {"REDIS_URL": "redis://127.0.0.1:1"}
