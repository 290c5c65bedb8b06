"""Settings: each wrong or missing one stops the start with its name, and no secret is told."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from services.settings import (
    BotSettings,
    FilesSettings,
    GatewaySettings,
    PlaygroundSettings,
    QuerySettings,
    Settings,
    StorageSettings,
    read_settings,
)
from tests.services.settings_given import (
    NEEDED,
    S3,
    TOKEN,
    WEBHOOK,
    given,
    nothing_given,
    password,
    refusal,
    seed,
)

__all__ = ["given", "nothing_given"]


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
        (BotSettings, "BOT_TOKENS", f'{{"elsewhere": "{TOKEN}"}}', "BOT_TOKENS names elsewhere"),
        (BotSettings, "BOT_TOKENS", "{}", "BOT_TOKENS is empty; there are bots of broadcasts"),
        (BotSettings, "TELEGRAM_API_URL", "api.telegram.org", "a Bot API server"),
        (BotSettings, "APPS", "documents,typo", "APPS names typo; there are broadcasts"),
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


def test_apps_with_a_token_are_served(given: pytest.MonkeyPatch) -> None:
    other = TOKEN.replace("1000001", "1000002")
    given.setenv("BOT_TOKENS", f'{{"calendar": "{TOKEN}", "documents": "{other}"}}')
    assert read_settings(BotSettings).served_bots == ("calendar", "documents")
    given.setenv("APPS", "documents")
    assert read_settings(BotSettings).served_bots == ("documents",)
    given.setenv("APPS", "broadcasts,documents")
    assert "BOT_TOKENS has no token for broadcasts" in refusal(BotSettings)


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
