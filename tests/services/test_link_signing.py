"""What opens a link cannot be made, changed or prolonged without the secret."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr, ValidationError

from services.link_signing import ForgedLink, LinkSettings, LinkSigner, SignedLink

OLD, NEW = SecretStr("the-older-of-two-secrets-0123456789"), SecretStr("the-newer-one-" + "x" * 32)
SIGNER = LinkSigner("https://files.example.org/", (NEW,))
LATER = datetime(2035, 3, 14, 15, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize("link_id", [1, 2**63 - 1])
@pytest.mark.parametrize("expires_at", [None, LATER])
def test_what_was_signed_is_read_back(link_id: int, expires_at: datetime | None) -> None:
    token = SIGNER.sign(link_id, expires_at)
    assert SIGNER.read(token) == SignedLink(link_id, expires_at)
    assert SIGNER.url(link_id, expires_at) == f"https://files.example.org/files/{token}"


def test_a_link_expires() -> None:
    now = datetime.now(UTC)
    assert SignedLink(1, now - timedelta(seconds=1)).has_expired()
    assert not SignedLink(1, now + timedelta(minutes=1)).has_expired()
    assert not SignedLink(1, None).has_expired()


def test_no_changed_character_goes_unnoticed() -> None:
    token = SIGNER.sign(7, LATER)
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        with pytest.raises(ForgedLink):
            SIGNER.read(changed)


@pytest.mark.parametrize(
    "token", ["", "x", "A" * 40, "A" * 41, "Ж" * 40, "A" * 39 + "=", "A" * 39 + "\n"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(ForgedLink):
        SIGNER.read(token)


def test_a_replaced_secret_is_believed_as_long_as_it_is_known() -> None:
    token = LinkSigner("", (OLD,)).sign(7, LATER)
    assert LinkSigner("", (NEW, OLD)).read(token).link_id == 7
    with pytest.raises(ForgedLink):
        LinkSigner("", (NEW,)).read(token)


def test_without_an_address_there_are_no_links() -> None:
    settings = LinkSettings()
    assert settings.link_signer.public_url == ""
    with pytest.raises(ForgedLink):
        settings.link_signer.read(SIGNER.sign(7, LATER))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"public_url": "https://x.example"}, "LINK_SECRET is needed"),
        ({"public_url": "https://x.example", "link_secret": "x" * 31}, "LINK_SECRET is needed"),
        ({"public_url": "x.example", "link_secret": "x" * 32}, "public_url"),
        ({"link_secret_before": "short"}, "LINK_SECRET_BEFORE"),
    ],
)
def test_incomplete_settings_are_named(settings: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as refused:
        LinkSettings.model_validate(settings)
    assert "x" * 31 not in str(refused.value)


def test_secrets_are_not_shown() -> None:
    assert NEW.get_secret_value() not in repr(SIGNER)


def test_what_opens_a_feed_opens_no_link_and_the_other_way_round() -> None:
    url = SIGNER.feed_url(7)
    token = url.removeprefix("https://files.example.org/calendar/").removesuffix(".ics")
    assert SIGNER.read_feed(token) == 7
    with pytest.raises(ForgedLink):
        SIGNER.read(token)
    for expires_at in (None, LATER):
        with pytest.raises(ForgedLink):
            SIGNER.read_feed(SIGNER.sign(7, expires_at))
