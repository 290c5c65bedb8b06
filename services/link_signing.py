"""What opens a link: its id and its end, signed; query makes it, and files checks it."""

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
_PURPOSE = b"switchboard file link 1:"
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
        token = self.sign(link_id, expires_at)
        return f"{self.public_url.rstrip('/')}/files/{token}"

    def sign(self, link_id: int, expires_at: datetime | None) -> str:
        """Return 40 characters that go into an address; parts of a second do not count."""
        end = int(expires_at.timestamp()) if expires_at else 0
        secret = self.secrets[0]
        payload = _PAYLOAD.pack(link_id, end, _name_of(secret))
        return base64.urlsafe_b64encode(payload + _signature(secret, payload)).decode()

    def read(self, token: str) -> SignedLink:
        """Return what was signed. Raises ForgedLink."""
        if not _TOKEN.fullmatch(token):
            raise ForgedLink
        signed = base64.urlsafe_b64decode(token)
        payload, signature = signed[: _PAYLOAD.size], signed[_PAYLOAD.size :]
        link_id, end, name = _PAYLOAD.unpack(payload)
        for secret in self.secrets:
            if _name_of(secret) == name and hmac.compare_digest(
                _signature(secret, payload), signature
            ):
                return SignedLink(link_id, datetime.fromtimestamp(end, UTC) if end else None)
        raise ForgedLink


def _signature(secret: SecretStr, payload: bytes) -> bytes:
    key = secret.get_secret_value().encode()
    return hmac.digest(key, _PURPOSE + payload, hashlib.sha256)[:_SIGNATURE_BYTES]


def _name_of(secret: SecretStr) -> bytes:
    """Return two bytes that tell which secret it was, and nothing else of it."""
    return _signature(secret, b"name")[:2]


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
