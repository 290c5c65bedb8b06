"""`switchboard hand-out` and `switchboard roles`: what containers are given before they start."""

import json
from pathlib import Path

import asyncpg
import pytest

from database.roles import DATABASE
from observability.masking import masked
from services.run import SERVICES, load
from services.settings import OperatorSettings, Settings, read_settings
from switchboard.errors import Trouble
from switchboard.handing_out import hand_out
from switchboard.installation import make_roles
from switchboard.local.environment import FIRST_PERSON
from switchboard.local.secrets_file import SUPERUSER
from switchboard.local.servers import LocalServers
from tests.switchboard.probes import plain_url

CONTAINERS = (*SERVICES, "operator", "migrate", "nats", "nats-box", "postgres", "redis", "s3")
TOKENS = json.dumps({"documents": "1234567890:AAF-of-telegram-0123456789abcdefghijk"})


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """The folder with all secrets, and below it the containers' own."""
    for name in ("keys", *CONTAINERS):
        (tmp_path / name).mkdir()
    return tmp_path


def held(folders: Path, container: str) -> dict[str, str]:
    """Return the files of a container."""
    files = (folders / container).iterdir()
    return {file.name: file.read_text("utf-8") for file in files if file.is_file()}


def test_each_is_handed_what_its_settings_want_and_no_more(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(hand_out(folders / "keys", folders, "")) == set(CONTAINERS) - {"nats-box"}
    assert hand_out(folders / "keys", folders, "") == []

    monkeypatch.setenv("NATS_URL", "nats://nats:4222")
    monkeypatch.setenv("FILES_URL", "s3://files")
    monkeypatch.setenv("S3_ENDPOINT", "http://s3:8333")
    monkeypatch.setenv("PLAYGROUND_DIR", "/data")
    readers: dict[str, type[Settings]] = {service: load(service)[0] for service in SERVICES}
    readers["operator"] = OperatorSettings
    for name, settings in readers.items():
        monkeypatch.setenv("SECRETS_DIR", str(folders / name))
        assert read_settings(settings)  # all are there, strong and different
        assert masked(DATABASE) == DATABASE, "from then on missing in every line"
        fields = {field.upper() for field in settings.model_fields}
        assert set(held(folders, name)) <= fields
    (mode,) = {file.stat().st_mode & 0o777 for file in (folders / "redis").iterdir()}
    assert mode == 0o444, "Redis is another user there"
    assert (folders / "keys" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_with_tokens_nobody_is_given_anything_of_the_playground(folders: Path) -> None:
    hand_out(folders / "keys", folders, "")
    assert held(folders, "bot")["TELEGRAM_API_URL"] == "http://playground:8081"
    assert held(folders, "storage")["ADMINS"] == FIRST_PERSON
    users = held(folders, "nats")["nats.conf"].count('"nkey"')

    changed = hand_out(folders / "keys", folders, TOKENS)
    assert changed == ["bot", "files", "gateway", "nats", "notifier", "playground", "storage"]
    assert "ADMINS" not in held(folders, "storage")
    assert held(folders, "playground") == {}
    assert held(folders, "bot")["BOT_TOKENS"] == TOKENS
    assert "TELEGRAM_API_URL" not in held(folders, "bot")
    assert held(folders, "nats")["nats.conf"].count('"nkey"') == users - 1

    with pytest.raises(Trouble, match="BOT_TOKENS is not set now"):
        hand_out(folders / "keys", folders, "")
    assert held(folders, "bot")["BOT_TOKENS"] == TOKENS
    for name in held(folders, "bot"):
        (folders / "bot" / name).unlink()
    hand_out(folders / "keys", folders, "")
    assert held(folders, "bot")["TELEGRAM_API_URL"] == "http://playground:8081"


async def test_roles_are_made_with_the_passwords_of_the_addresses(
    servers: LocalServers, environment: dict[str, str]
) -> None:
    kept = json.loads((servers.directory / "secrets.json").read_text())["databases"]
    url = plain_url(environment["DATABASE_URL"])
    place = url.partition("@")[2].partition("/")[0]
    superuser = f"postgresql://{SUPERUSER}:{kept[SUPERUSER]}@{place}/postgres"
    names = ("DATABASE_URL", "QUERY_DATABASE_URL", "MIGRATION_DATABASE_URL")
    addresses = {name: environment[name] for name in names}
    replaced = {**addresses, "DATABASE_URL": f"postgresql://storage:replaced@{place}/{DATABASE}"}
    try:
        await make_roles({"SUPERUSER_DATABASE_URL": superuser, **replaced})
        await (await asyncpg.connect(replaced["DATABASE_URL"])).close()
    finally:
        await make_roles({"SUPERUSER_DATABASE_URL": superuser, **addresses})
    await (await asyncpg.connect(url)).close()


async def test_what_roles_lack_is_named() -> None:
    url = "postgresql://{}:p@127.0.0.1:1/switchboard"
    given = {
        "DATABASE_URL": url.format("storage"),
        "QUERY_DATABASE_URL": url.format("storage"),
        "MIGRATION_DATABASE_URL": url.format("migrator"),
    }
    with pytest.raises(Trouble, match="QUERY_DATABASE_URL must name query"):
        await make_roles(given)
    with pytest.raises(Trouble, match="SUPERUSER_DATABASE_URL must be set"):
        await make_roles({**given, "QUERY_DATABASE_URL": url.format("query")})
