"""Settings given from outside win over those of the local servers."""

import json
from pathlib import Path

import pytest
from msgspec.structs import asdict

from services.playground.people import FIRST_PEOPLE
from switchboard.errors import Trouble
from switchboard.local.environment import foreign, local_environment, write_environment
from switchboard.local.ports import Ports
from switchboard.local.secrets_file import Secrets, load_secrets
from switchboard.local.setup import Setup


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return load_secrets(tmp_path / "secrets.json", users=["bot"], apps=["documents"])


def _environment(directory: Path, secrets: Secrets, **given: str) -> dict[str, str]:
    ports = Ports(directory / "ports.json")
    for name in ("nats", "postgres", "redis"):
        ports.get(name)
    return local_environment(
        Setup(directory=directory, apps=["documents"], given=given, ports=ports, secrets=secrets)
    )


def test_without_tokens_there_is_a_playground(tmp_path: Path, secrets: Secrets) -> None:
    environment = _environment(tmp_path, secrets, BOT_TOKENS="", PLAYGROUND_PORT="9000")
    assert environment["TELEGRAM_API_URL"] == "http://127.0.0.1:9000"
    assert json.loads(environment["BOT_TOKENS"]).keys() == {"documents"}


def test_the_playgrounds_first_person_is_an_administrator(tmp_path: Path, secrets: Secrets) -> None:
    environment = _environment(tmp_path, secrets)
    assert environment["ADMINS"] == str(FIRST_PEOPLE[0].id)
    assert _environment(tmp_path, secrets, ADMINS="7,8")["ADMINS"] == "7,8"


def test_with_tokens_there_is_none(tmp_path: Path, secrets: Secrets) -> None:
    environment = _environment(tmp_path, secrets, BOT_TOKENS='{"documents": "1:a"}')
    assert environment["BOT_TOKENS"] == '{"documents": "1:a"}'
    assert environment.keys().isdisjoint(
        {"TELEGRAM_API_URL", "PLAYGROUND_PORT", "PLAYGROUND_DIR", "WEBHOOK_URL", "ADMINS"}
    )


def test_the_playground_is_told_what_happens(tmp_path: Path, secrets: Secrets) -> None:
    environment = _environment(tmp_path, secrets, PLAYGROUND_PORT="9000")
    assert environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:9000"
    assert environment["OTEL_BSP_SCHEDULE_DELAY"] == "200"


def test_a_collector_that_is_given_is_told_instead(tmp_path: Path, secrets: Secrets) -> None:
    given = {
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://tempo:4318/v1/traces",
        "OTEL_BSP_SCHEDULE_DELAY": "5000",
    }
    environment = _environment(tmp_path, secrets, **given)
    assert environment.items() >= given.items()
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" not in environment


def test_another_bus_gets_none_of_our_keys(tmp_path: Path, secrets: Secrets) -> None:
    environment = _environment(tmp_path, secrets, NATS_URL="nats://elsewhere")
    assert environment["NATS_URL"] == "nats://elsewhere"
    assert "NATS_SEED_BOT" not in environment


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("DATABASE_URL", "QUERY_DATABASE_URL"),
        ("REDIS_URL", "BOT_REDIS_URL and NOTIFIER_REDIS_URL and FILES_REDIS_URL"),
        ("TELEGRAM_API_URL", "BOT_TOKENS"),
    ],
)
def test_half_of_it_is_refused(tmp_path: Path, secrets: Secrets, given: str, missing: str) -> None:
    with pytest.raises(Trouble, match=f"{given} is set, so {missing} must be set, too"):
        _environment(tmp_path, secrets, **{given: "http://elsewhere"})


def test_secrets_stay_and_new_apps_get_theirs(tmp_path: Path, secrets: Secrets) -> None:
    file = tmp_path / "secrets.json"
    more = load_secrets(file, users=["bot"], apps=["documents", "calendar"])
    assert more.bots["documents"] == secrets.bots["documents"]
    assert more.bots.keys() == {"documents", "calendar"}
    assert more.databases == secrets.databases


def test_a_new_user_gets_a_key_beside_the_old_ones(tmp_path: Path, secrets: Secrets) -> None:
    file = tmp_path / "secrets.json"
    more = load_secrets(file, users=["bot", "playground"], apps=["documents"])
    assert more.nats["bot"] == secrets.nats["bot"]
    assert more.nats.keys() == {"bot", "playground"}


def test_what_shows_the_secrets_shows_none_of_their_values(
    tmp_path: Path, secrets: Secrets
) -> None:
    given = {"REDIS_URL": "redis://:handed-in@elsewhere"}
    ports = Ports(tmp_path / "ports.json")
    setup = Setup(directory=tmp_path, apps=[], given=given, ports=ports, secrets=secrets)
    parts = list(asdict(secrets).values())
    values = {"handed-in", *(part for part in parts if isinstance(part, str))}
    for part in parts:
        values |= set(part.values()) if isinstance(part, dict) else set()
    shown = f"{secrets!r} {secrets} {setup!r} {list(secrets.__rich_repr__())}"
    assert len(values) > 8
    assert not [value for value in values if value in shown]


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{")
    with pytest.raises(Trouble, match=r"secrets\.json is damaged"):
        load_secrets(file, users=[], apps=[])
    assert file.read_text() == "{"


def test_what_a_sourced_file_says_is_not_given(tmp_path: Path) -> None:
    write_environment(tmp_path / "env", {"NATS_URL": "nats://ours", "BOT_TOKENS": '{"a": "1:b c"}'})
    shell = {"NATS_URL": "nats://ours", "BOT_TOKENS": '{"a": "1:b c"}', "REDIS_URL": "redis://else"}
    assert foreign(shell, tmp_path / "env") == {"REDIS_URL": "redis://else"}
    assert foreign(shell, tmp_path / "none") == shell
