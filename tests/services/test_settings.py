"""Settings: each wrong or missing one stops the start with its name, and no secret is told."""

import hashlib
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.base_settings import refuse_weak_secrets
from services.secret_values import secrets_among, weaknesses
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
def _nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.usefixtures("given")
def test_with_all_that_is_needed_a_service_starts(kind: type[Settings]) -> None:
    assert read_settings(kind).apps == ()


@pytest.mark.parametrize("kind", NEEDED)
def test_all_that_is_missing_is_named_at_once(kind: type[Settings]) -> None:
    lines = refusal(kind).splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(NEEDED[kind])
    assert all(" is missing; expected: " in line for line in lines)


@pytest.mark.parametrize(("kind", "name"), [(kind, n) for kind in NEEDED for n in NEEDED[kind]])
def test_an_empty_setting_is_missing(
    given: pytest.MonkeyPatch, kind: type[Settings], name: str
) -> None:
    given.setenv(name, "")
    assert refusal(kind).startswith(f"{name} is missing; expected: ")


@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        (BotSettings, "NATS_URL", "127.0.0.1:4222", "the address of NATS"),
        (BotSettings, "NATS_URL", "http://127.0.0.1", "the address of NATS"),
        (BotSettings, "BOT_REDIS_URL", "http://s3cret@127.0.0.1", "redis://"),
        (BotSettings, "BOT_TOKENS", "1:s3cret", "a JSON object"),
        (BotSettings, "BOT_TOKENS", '["1:s3cret"]', "a JSON object"),
        (BotSettings, "BOT_TOKENS", '{"documents": {"s3cret": 1}}', "a JSON object"),
        (BotSettings, "BOT_TOKENS", f'{{"elsewhere": "{TOKEN}"}}', "no token for documents"),
        (BotSettings, "TELEGRAM_API_URL", "api.telegram.org", "a Bot API server"),
        (BotSettings, "APPS", "documents,typo", "APPS names typo; there are documents, files"),
        (BotSettings, "LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        (BotSettings, "LOG_FORMAT", "xml", "json for machines"),
        (StorageSettings, "DATABASE_URL", "mysql://root:s3cret@127.0.0.1", "postgresql://"),
        (StorageSettings, "ADMINS", "1001,me", "a comma list of Telegram ids"),
        (QuerySettings, "QUERY_DATABASE_URL", "s3cret", "postgresql://"),
        (GatewaySettings, "TELEGRAM_MODE", "pigeon", "polling or webhook"),
        (GatewaySettings, "GATEWAY_PORT", "70000", "the port to listen on"),
        (FilesSettings, "FILES_URL", "/data/files", "file:///folder or s3://bucket"),
        (FilesSettings, "FILES_URL", "s3://bucket", "S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY"),
        (PlaygroundSettings, "PLAYGROUND_PORT", "eighty", "the port to listen on"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(
    given: pytest.MonkeyPatch, kind: type[Settings], name: str, value: str, expected: str
) -> None:
    given.setenv(name, value)
    words = refusal(kind)
    assert name in words
    assert expected in words
    assert "s3cret" not in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", ""),
        ("WEBHOOK_URL", "bots.example.org"),
        ("WEBHOOK_SECRET", ""),
        ("WEBHOOK_SECRET", "s" * 31),
        ("WEBHOOK_SECRET", "s" * 257),
        ("WEBHOOK_SECRET", "с" * 40),  # Cyrillic: Telegram would refuse it later
    ],
)
def test_webhook_mode_needs_an_address_and_a_safe_secret(
    given: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for webhook, right in WEBHOOK.items():
        given.setenv(webhook, right)
    read_settings(GatewaySettings)
    given.setenv(name, value)
    words = refusal(GatewaySettings)
    assert words.startswith(f"{name} is needed in webhook mode")
    assert not value or value not in words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LINK_SECRET", "s3cret", "LINK_SECRET is too short: 32 characters or more"),
        ("LINK_SECRET", "s3cret" * 6, "LINK_SECRET is well known or easily guessed"),
        ("LINK_SECRET", "changeme-changeme-changeme-changeme", "LINK_SECRET is well known"),
        ("LINK_SECRET", "Secret_Secret_Password_Password_1234", "LINK_SECRET is well known"),
        ("LINK_SECRET", "$(openssl rand -hex 32)-was-not-executed", "LINK_SECRET is well known"),
        ("LINK_SECRET", "<at least 32 characters, of your own>", "LINK_SECRET is well known"),
        ("S3_SECRET_KEY", "s3cret", "S3_SECRET_KEY is too short"),
        ("S3_SECRET_KEY", password("link"), "LINK_SECRET and S3_SECRET_KEY are equal"),
        ("FILES_REDIS_URL", "redis://files:s3cret@x", "the password in FILES_REDIS_URL is too sho"),
        ("NATS_SEED_FILES", "s3cret", "NATS_SEED_FILES is wrong (of another form)"),
        ("BOT_TOKENS", '{"documents": "1:s3cret"}', "BOT_TOKENS is wrong (of another form)"),
        (
            "BOT_TOKENS",
            '{"documents": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}',
            "BOT_TOKENS of documents is well known",
        ),
    ],
)
def test_a_secret_that_is_none_stops_the_start(
    given: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    for right, kept in (S3 | {"LINK_SECRET": password("link")}).items():
        given.setenv(right, kept)
    read_settings(FilesSettings)
    given.setenv(name, value)
    refused = refusal(FilesSettings)
    assert words in refused
    assert value not in refused
    assert "s3cret" not in refused


def test_services_of_one_process_share_no_secret(given: pytest.MonkeyPatch) -> None:
    given.setenv("QUERY_DATABASE_URL", RIGHT["DATABASE_URL"])
    together = read_settings(StorageSettings), read_settings(QuerySettings)
    with pytest.raises(WrongSettings) as wrong:
        refuse_weak_secrets(*together)
    assert str(wrong.value) == (
        "the password in DATABASE_URL and the password in QUERY_DATABASE_URL are equal: "
        "each needs a value of its own"
    )


def test_all_secrets_of_an_installation_can_be_compared() -> None:
    environment = RIGHT | S3 | {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=of-the-collector%21,b=c"}
    found = {secret.name: secret.value.get_secret_value() for secret in secrets_among(environment)}
    assert found["BOT_TOKENS of documents"] == TOKEN
    assert found["the password in DATABASE_URL"] == password("storage")
    assert found["NATS_SEED_BOT"] == seed("BOT")
    assert "FILES_URL" not in found
    stolen = {"LINK_SECRET": password("storage")}
    assert weaknesses(secrets_among(RIGHT)) == []
    assert weaknesses(secrets_among(RIGHT | stolen)) == [
        "the password in DATABASE_URL and LINK_SECRET are equal: each needs a value of its own"
    ]


def test_secrets_come_from_files_and_the_environment_wins(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given.delenv("DATABASE_URL")
    address = f"postgresql://storage:{password('a file')}@db/switchboard"
    (tmp_path / "database_url").write_text(f"{address}\n")
    (tmp_path / "nats_seed_storage").write_text(seed("a file"))

    settings = read_settings(StorageSettings)

    assert settings.database_url == SecretStr(address)
    assert settings.nats_seed_storage == SecretStr(seed("STORAGE"))


def test_tokens_may_come_from_a_file(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.delenv("BOT_TOKENS")
    other = TOKEN.replace("1000001", "1000002")
    (tmp_path / "bot_tokens").write_text(f'{{"documents": "{other}"}}')
    settings = read_settings(BotSettings)
    assert settings.served_tokens == {"documents": SecretStr(other)}


@pytest.mark.parametrize("kind", NEEDED)
def test_secrets_are_never_shown(given: pytest.MonkeyPatch, kind: type[Settings]) -> None:
    for name, value in (S3 | WEBHOOK | {"LINK_SECRET": password("link")}).items():
        given.setenv(name, value)
    settings = read_settings(kind)
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert "s3cret" not in settings.model_dump_json()


@pytest.mark.usefixtures("given")
def test_settings_do_not_change() -> None:
    settings = read_settings(BotSettings)
    with pytest.raises(ValueError, match="frozen"):
        settings.nats_url = "nats://elsewhere"


def test_served_apps_include_those_that_serve_all_others(given: pytest.MonkeyPatch) -> None:
    assert read_settings(BotSettings).served_bots == ("documents",)
    given.setenv("APPS", " files ")
    settings = read_settings(BotSettings)
    assert settings.served_apps == ("files", "people")
    assert settings.served_bots == ()


def test_a_service_sees_no_credentials_of_another(given: pytest.MonkeyPatch) -> None:
    given.setenv("ADMINS", "1001, 1002")
    seen = {kind: set(kind.model_fields) for kind in NEEDED}
    for kind, fields in seen.items():
        assert len([field for field in fields if field.startswith("nats_seed_")]) <= 1, kind
    assert "database_url" not in seen[QuerySettings] | seen[BotSettings]
    assert "bot_tokens" not in seen[StorageSettings] | seen[QuerySettings]
    assert read_settings(StorageSettings).admins == {1001, 1002}
