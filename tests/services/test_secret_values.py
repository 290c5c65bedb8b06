"""Secrets: one that is short, well known or used twice stops the start."""

import pytest

from services.base_settings import refuse_weak_secrets
from services.secret_values import secrets_among, weaknesses
from services.settings import (
    FilesSettings,
    QuerySettings,
    StorageSettings,
    WrongSettings,
    read_settings,
)
from tests.services.settings_given import (
    RIGHT,
    S3,
    TOKEN,
    given,
    nothing_given,
    password,
    refusal,
    seed,
)

__all__ = ["given", "nothing_given"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LINK_SECRET", "s3cret", "LINK_SECRET is too short: 32 characters or more"),
        ("LINK_SECRET", "s3cret" * 6, "LINK_SECRET is well known or easily guessed"),
        ("LINK_SECRET", "changeme-changeme-changeme-changeme", "LINK_SECRET is well known"),
        ("LINK_SECRET", "Secret_Secret_Password_Password_1234", "LINK_SECRET is well known"),
        ("LINK_SECRET", "$(openssl rand -hex 32)-was-not-executed", "LINK_SECRET is well known"),
        ("LINK_SECRET", "<at least 32 characters, of your own>", "LINK_SECRET is well known"),
        ("LOG_PERSON_KEY", "s3cret", "LOG_PERSON_KEY is too short"),
        ("LOG_PERSON_KEY", "changeme-changeme-changeme-changeme", "LOG_PERSON_KEY is well known"),
        ("LOG_PERSON_KEY", password("link"), "LINK_SECRET and LOG_PERSON_KEY are equal"),
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
