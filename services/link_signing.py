"""What opens a link, or a feed: its id and its end, signed; query makes it, and files checks it."""

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel, Field, SecretStr, model_validator

LINK_SECRET_LENGTH = 32

_PAYLOAD = struct.Struct(">QI2s")
"""The link's id, the second of its end (0: none), and which secret signed it."""
_SIGNATURE_BYTES = 16
_LINK, _FEED = b"switchboard file link 1:", b"switchboard calendar feed 1:"
"""What is signed for one purpose opens nothing of the other."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40}")


class ForgedLink(Exception):
    """Nobody with one of our secrets has signed this."""


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What a signature vouches for."""

    link_id: int
    expires_at: datetime | None

    def has_expired(self) -> bool:
        """Whether its end has passed."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs with the first secret and believes all of them, so that a secret can be replaced.

    Without a `public_url` there is nothing to sign: links are switched off.
    """

    public_url: str
    secrets: tuple[SecretStr, ...]

    def url(self, link_id: int, expires_at: datetime | None) -> str:
        """Return the address that opens a link."""
        return self._address(f"files/{self.sign(link_id, expires_at)}")

    def feed_url(self, feed_id: int) -> str:
        """Return the address under which calendar programs read a feed."""
        return self._address(f"calendar/{self._sign(_FEED, feed_id, 0)}.ics")

    def sign(self, link_id: int, expires_at: datetime | None) -> str:
        """Return 40 characters that go into an address; parts of a second do not count."""
        return self._sign(_LINK, link_id, int(expires_at.timestamp()) if expires_at else 0)

    def read(self, token: str) -> SignedLink:
        """Return what was signed. Raises ForgedLink."""
        link_id, end = self._read(_LINK, token)
        return SignedLink(link_id, datetime.fromtimestamp(end, UTC) if end else None)

    def read_feed(self, token: str) -> int:
        """Return the id of a feed that was signed; it works until it is revoked.

        Raises ForgedLink.
        """
        return self._read(_FEED, token)[0]

    def _address(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}/{path}"

    def _sign(self, purpose: bytes, number: int, end: int) -> str:
        secret = self.secrets[0]
        payload = _PAYLOAD.pack(number, end, _name_of(secret))
        return base64.urlsafe_b64encode(payload + _signature(secret, purpose + payload)).decode()

    def _read(self, purpose: bytes, token: str) -> tuple[int, int]:
        if not _TOKEN.fullmatch(token):
            raise ForgedLink
        signed = base64.urlsafe_b64decode(token)
        payload, signature = signed[: _PAYLOAD.size], signed[_PAYLOAD.size :]
        number, end, name = _PAYLOAD.unpack(payload)
        for secret in self.secrets:
            if _name_of(secret) == name and hmac.compare_digest(
                _signature(secret, purpose + payload), signature
            ):
                return number, end
        raise ForgedLink


def _signature(secret: SecretStr, signed: bytes) -> bytes:
    key = secret.get_secret_value().encode()
    return hmac.digest(key, signed, hashlib.sha256)[:_SIGNATURE_BYTES]


def _name_of(secret: SecretStr) -> bytes:
    """Return two bytes that tell which secret it was, and nothing else of it."""
    return _signature(secret, _LINK + b"name")[:2]


class LinkSettings(BaseModel):
    """The part of a service's settings that links need; without PUBLIC_URL there are no links."""

    public_url: str = Field(
        default="",
        description="where people reach the service files, e.g. https://files.example.org",
        pattern=r"^(https?://[^/].*)?$",
    )
    link_secret: SecretStr = Field(
        default=SecretStr(""),
        description=f"at least {LINK_SECRET_LENGTH} characters, which sign links",
    )
    link_secret_before: SecretStr = Field(
        default=SecretStr(""),
        description="the secret that LINK_SECRET has replaced: links of its time go on working",
    )

    @model_validator(mode="after")
    def _links_are_signed(self) -> Self:
        before = len(self.link_secret_before.get_secret_value())
        if self.public_url and len(self.link_secret.get_secret_value()) < LINK_SECRET_LENGTH:
            raise ValueError(
                f"LINK_SECRET is needed with PUBLIC_URL: {LINK_SECRET_LENGTH} characters or more"
            )
        if 0 < before < LINK_SECRET_LENGTH:
            raise ValueError(f"LINK_SECRET_BEFORE needs {LINK_SECRET_LENGTH} characters or more")
        return self

    @property
    def link_signer(self) -> LinkSigner:
        """What signs links, and knows them again."""
        secrets = (self.link_secret, self.link_secret_before)
        return LinkSigner(
            self.public_url, tuple(secret for secret in secrets if secret.get_secret_value())
        )
