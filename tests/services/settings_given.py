"""Settings of every service that are right, and in which words wrong ones are refused."""

import hashlib
from pathlib import Path

import pytest

from services.settings import (
    BotSettings,
    FilesSettings,
    GatewaySettings,
    NotifierSettings,
    OperatorSettings,
    PlaygroundSettings,
    QuerySettings,
    Settings,
    StorageSettings,
    WrongSettings,
    read_settings,
)

IN_BASE32 = str.maketrans("0189", "GHIJ")
WEBHOOK_SECRET = "s3cret-of-the-webhook-0123456789abcdef"
TOKEN = "1000001:AAF-s3cret-half-of-a-token-of-this-test"


def seed(user: str) -> str:
    """Return what looks as a seed of an nkey."""
    return f"SU{hashlib.sha512(user.encode()).hexdigest()[:200].upper()}".translate(IN_BASE32)[:58]


def password(role: str) -> str:
    """Return a password that is long enough."""
    return f"s3cret-{hashlib.sha256(role.encode()).hexdigest()}"


RIGHT = {
    "NATS_URL": "nats://127.0.0.1:4222",
    "NATS_SEED_GATEWAY": seed("GATEWAY"),
    "NATS_SEED_BOT": seed("BOT"),
    "NATS_SEED_STORAGE": seed("STORAGE"),
    "NATS_SEED_QUERY": seed("QUERY"),
    "NATS_SEED_NOTIFIER": seed("NOTIFIER"),
    "NATS_SEED_FILES": seed("FILES"),
    "NATS_SEED_OPERATOR": seed("OPERATOR"),
    "DATABASE_URL": f"postgresql://storage:{password('storage')}@127.0.0.1/switchboard",
    "QUERY_DATABASE_URL": f"postgresql+asyncpg://query:{password('query')}@127.0.0.1/switchboard",
    "BOT_REDIS_URL": f"redis://bot:{password('redis bot')}@127.0.0.1:6379/0",
    "NOTIFIER_REDIS_URL": f"redis://notifier:{password('redis notifier')}@127.0.0.1:6379/0",
    "FILES_REDIS_URL": f"redis://files:{password('redis files')}@127.0.0.1:6379/0",
    "FILES_URL": "file:///data/files",
    "BOT_TOKENS": f'{{"documents": "{TOKEN}"}}',
    "PLAYGROUND_DIR": "/data/playground",
}
NEEDED: dict[type[Settings], tuple[str, ...]] = {
    GatewaySettings: ("NATS_URL", "NATS_SEED_GATEWAY", "BOT_TOKENS"),
    BotSettings: ("NATS_URL", "NATS_SEED_BOT", "BOT_TOKENS", "BOT_REDIS_URL"),
    StorageSettings: ("NATS_URL", "NATS_SEED_STORAGE", "DATABASE_URL"),
    QuerySettings: ("NATS_URL", "NATS_SEED_QUERY", "QUERY_DATABASE_URL"),
    NotifierSettings: ("NATS_URL", "NATS_SEED_NOTIFIER", "BOT_TOKENS", "NOTIFIER_REDIS_URL"),
    FilesSettings: ("NATS_URL", "NATS_SEED_FILES", "BOT_TOKENS", "FILES_REDIS_URL", "FILES_URL"),
    PlaygroundSettings: ("BOT_TOKENS", "PLAYGROUND_DIR"),
    OperatorSettings: ("NATS_URL", "NATS_SEED_OPERATOR"),
}
S3 = {
    "FILES_URL": "s3://documents",
    "S3_ENDPOINT": "http://127.0.0.1:8333",
    "S3_ACCESS_KEY": "s3cret-access",
    "S3_SECRET_KEY": password("s3"),
}
WEBHOOK = {
    "TELEGRAM_MODE": "webhook",
    "WEBHOOK_URL": "https://bots.example.org",
    "WEBHOOK_SECRET": WEBHOOK_SECRET,
}


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine is read."""
    fields = {field for kind in NEEDED for field in kind.model_fields}
    for name in fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """All that any service needs is in the environment."""
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal(kind: type[Settings]) -> str:
    """Return in which words settings are refused."""
    with pytest.raises(WrongSettings) as wrong:
        read_settings(kind)
    assert wrong.value.__cause__ is None
    assert wrong.value.__suppress_context__ or wrong.value.__context__ is None
    return str(wrong.value)
