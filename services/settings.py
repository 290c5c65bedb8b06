"""The settings of every service, from the environment or from files of secrets.

One class a service: a service can see its own credentials and no others.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from bus.address import WrongAddress, read_address
from services.base_settings import SECRETS_DIR, Settings, WrongSettings, read_settings
from services.discovery import all_apps, bot_apps
from services.link_signing import LinkSettings
from services.quotas import QuotaSettings
from services.secret_forms import (
    BotToken,
    DatabaseUrl,
    NatsSeed,
    NatsSeedOrNone,
    RedisUrl,
    RedisUrlOrNone,
)

__all__ = ["SECRETS_DIR", "Settings", "WrongSettings", "read_settings"]

TELEGRAM = "https://api.telegram.org"
SECRET_LENGTH = 32
WEBHOOK_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SECRET_LENGTH},256}}")
"""What Telegram takes as a webhook's secret, and not less than is safe."""


class BusSettings(Settings):
    """Where the bus is."""

    nats_url: str = Field(
        description="the address of NATS, nats://... or tls://...?ca=/file",
        pattern=r"^(nats|tls|wss?)://[^/]",
    )
    nats_client: Literal["lean", "plain"] = Field(
        default="lean",
        description="lean, or plain to do without what makes nats-py's client faster",
    )

    @field_validator("nats_url")
    @classmethod
    def _has_readable_certificates(cls, value: str) -> str:
        try:
            read_address(value)
        except WrongAddress as error:
            raise ValueError(str(error)) from None
        return value


class TelegramSettings(Settings):
    """Which bots there are, and where Telegram is."""

    telegram_api_url: str = Field(
        default=TELEGRAM, description="the address of a Bot API server", pattern=r"^https?://"
    )
    bot_tokens: dict[str, BotToken] = Field(description="a JSON object: app to bot token")

    @model_validator(mode="after")
    def _token_of_each(self) -> Self:
        unknown = sorted(self.bot_tokens.keys() - set(bot_apps()))
        if unknown or not self.bot_tokens:
            named = f"names {', '.join(unknown)}" if unknown else "is empty"
            raise ValueError(f"BOT_TOKENS {named}; there are bots of {', '.join(bot_apps())}")
        missing = [app for app in self.served_bots if app not in self.bot_tokens]
        if missing:
            raise ValueError(f"BOT_TOKENS has no token for {', '.join(missing)}")
        return self

    @property
    def served_apps(self) -> tuple[str, ...]:
        """The apps to serve: where APPS names none, those that have a token."""
        with_token = set(self.bot_tokens) | (set(all_apps()) - set(bot_apps()))
        found = super().served_apps
        return found if self.apps else tuple(app for app in found if app in with_token)

    @property
    def served_tokens(self) -> dict[str, SecretStr]:
        """The tokens of the served bots by app."""
        return {app: self.bot_tokens[app] for app in self.served_bots}


class SendingSettings(TelegramSettings):
    """How much is sent to a chat."""

    chat_burst: int = Field(
        default=10, ge=1, description="how many messages and edits a private chat gets at once"
    )
    telegram_limits: bool = Field(
        default=True, description="whether Telegram's limits are kept: 0 for a server without any"
    )


class GatewaySettings(BusSettings, TelegramSettings):
    """Settings of the gateway."""

    nats_seed_gateway: NatsSeed = Field(description="the nkey seed of NATS user gateway")
    telegram_mode: Literal["polling", "webhook"] = Field(
        default="polling", description="polling or webhook"
    )
    webhook_url: str = Field(
        default="", description="where Telegram reaches the gateway, in webhook mode"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description=f"at least {SECRET_LENGTH} characters, in webhook mode"
    )
    gateway_host: str = Field(default="127.0.0.1", description="the address to listen on")
    gateway_port: int = Field(default=8080, ge=0, le=65535, description="the port to listen on")

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.telegram_mode == "webhook":
            if not self.webhook_url.startswith(("http://", "https://")):
                raise ValueError("WEBHOOK_URL is needed in webhook mode: an http(s) address")
            if not WEBHOOK_SECRET.fullmatch(self.webhook_secret.get_secret_value()):
                raise ValueError(
                    f"WEBHOOK_SECRET is needed in webhook mode: {SECRET_LENGTH} to 256 characters"
                    " of A-Z, a-z, 0-9, _ and -"
                )
        return self


class BotSettings(BusSettings, SendingSettings):
    """Settings of the bot service."""

    nats_seed_bot: NatsSeed = Field(description="the nkey seed of NATS user bot")
    bot_redis_url: RedisUrl = Field(description="Redis as user bot, redis://bot:...")
    flood_burst: int = Field(
        default=20, ge=1, description="how many messages and presses of a person come at once"
    )
    flood_per_second: float = Field(
        default=1.0, gt=0, description="how many of a person's messages and presses a second"
    )


class StorageSettings(BusSettings, QuotaSettings):
    """Settings of storage."""

    nats_seed_storage: NatsSeed = Field(description="the nkey seed of NATS user storage")
    database_url: DatabaseUrl = Field(description="PostgreSQL as role storage, postgresql://...")
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(), description="a comma list of Telegram ids of people"
    )

    @field_validator("admins", mode="before")
    @classmethod
    def _split_admins(cls, value: object) -> object:
        return (
            [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )


class QuerySettings(BusSettings, LinkSettings, QuotaSettings):
    """Settings of query."""

    nats_seed_query: NatsSeed = Field(description="the nkey seed of NATS user query")
    query_database_url: DatabaseUrl = Field(
        description="PostgreSQL as role query, postgresql://..."
    )


class NotifierSettings(BusSettings, SendingSettings):
    """Settings of the notifier."""

    nats_seed_notifier: NatsSeed = Field(description="the nkey seed of NATS user notifier")
    notifier_redis_url: RedisUrl = Field(description="Redis as user notifier, redis://notifier:...")


class FilesSettings(BusSettings, SendingSettings, LinkSettings):
    """Settings of files."""

    nats_seed_files: NatsSeed = Field(description="the nkey seed of NATS user files")
    files_redis_url: RedisUrl = Field(description="Redis as user files, redis://files:...")
    files_url: str = Field(
        description="where bytes are kept: file:///folder or s3://bucket",
        pattern=r"^(file:///|s3://)",
    )
    s3_endpoint: str = Field(default="", description="the address of an S3 server")
    s3_access_key: SecretStr = Field(default=SecretStr(""), description="its access key")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="its secret key")
    files_host: str = Field(default="127.0.0.1", description="the address to listen on for links")
    files_port: int = Field(default=8082, ge=0, le=65535, description="the port to listen on")
    files_accel: bool = Field(
        default=False, description="1 when nginx is in front and sends the bytes itself"
    )

    @model_validator(mode="after")
    def _s3_is_complete(self) -> Self:
        if self.files_url.startswith("s3://") and not (
            self.s3_endpoint and self.s3_access_key and self.s3_secret_key
        ):
            raise ValueError("FILES_URL is in S3: S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY needed")
        return self


class PlaygroundSettings(Settings):
    """Settings of the playground."""

    bot_tokens: dict[str, BotToken] = Field(description="a JSON object: app to bot token")
    playground_host: str = Field(default="127.0.0.1", description="the address to listen on")
    playground_port: int = Field(default=8081, ge=0, le=65535, description="the port to listen on")
    playground_dir: Path = Field(description="the folder in which chats are kept")
    asyncapi_file: Path | None = Field(
        default=None, description="the messages to describe at /messages: an AsyncAPI document"
    )
    nats_url: str = Field(default="", description="the bus to show; none when left out")
    nats_seed_playground: NatsSeedOrNone = Field(
        default=SecretStr(""), description="the nkey seed of NATS user playground"
    )


class OperatorSettings(BusSettings):
    """Settings of the command-line tool."""

    nats_seed_operator: NatsSeed = Field(description="the nkey seed of NATS user operator")
    redis_url: RedisUrlOrNone = Field(
        default=SecretStr(""), description="Redis as user operator, redis://operator:..."
    )
