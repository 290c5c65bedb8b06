"""What settings of every service have in common, and how they are read."""

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError

from services.discovery import all_apps, bot_apps
from services.secret_values import hide_all, secrets_of, weaknesses
from services.settings_in_words import in_words, no_json_in_words

SECRETS_DIR = "/run/secrets"
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class WrongSettings(Exception):
    """Settings are missing or wrong; the text names each and says what is expected."""


class Settings(BaseSettings):
    """What every service may be told."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    apps: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="a comma list of apps; when left out all, of those with a bot the ones in"
        " BOT_TOKENS",
    )
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_export_level: LogLevel | None = Field(
        default=None, description="of lines sent by OTLP; LOG_LEVEL when left out"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json for machines, console for people"
    )
    log_person_key: SecretStr = Field(
        default=SecretStr(""),
        description="at least 32 characters, by which log lines hash people's ids; without it they"
        " name nobody",
    )
    log_content: bool = Field(
        default=False,
        description="1 to have lines hold what people write, and their ids: to look for a mistake,"
        " for a while",
    )
    health_host: str = Field(
        default="127.0.0.1",
        description="the address to listen on for /healthz, /readyz and /metrics",
    )
    health_port: int = Field(
        default=8083, ge=0, le=65535, description="the port to listen on for them; 0 takes any"
    )
    health_dir: Path | None = Field(
        default=None,
        description="a folder where each process leaves that address; `switchboard doctor` looks"
        " there",
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: Any, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then files that are named as the settings."""
        folder = Path(os.environ.get("SECRETS_DIR", SECRETS_DIR))
        files = [SecretsSettingsSource(settings_cls, folder)] if folder.is_dir() else []
        return (sources["env_settings"], *files)

    @field_validator("apps", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        return tuple(name for name in names if name) if isinstance(names, list) else names

    @model_validator(mode="after")
    def _know_apps(self) -> Self:
        unknown = sorted(set(self.apps) - set(all_apps()))
        if unknown:
            raise ValueError(f"APPS names {', '.join(unknown)}; there are {', '.join(all_apps())}")
        return self

    @property
    def served_apps(self) -> tuple[str, ...]:
        """The apps to serve; those without a bot serve all others and are always among them."""
        wanted = self.apps or all_apps()
        return tuple(app for app in all_apps() if app in wanted or app not in bot_apps())

    @property
    def served_bots(self) -> tuple[str, ...]:
        """The served apps that have a bot."""
        return tuple(app for app in self.served_apps if app in bot_apps())


SettingsT = TypeVar("SettingsT", bound=Settings)


def read_settings(wanted: type[SettingsT]) -> SettingsT:
    """Read a service's settings from the environment, or from files in /run/secrets.

    Raises:
        WrongSettings: with every setting that is missing or wrong, and what is expected.
    """
    try:
        settings = wanted()
    except ValidationError as error:
        raise WrongSettings(in_words(wanted, error)) from None
    except SettingsError as error:
        raise WrongSettings(no_json_in_words(wanted, error)) from None
    refuse_weak_secrets(settings)
    return settings


def refuse_weak_secrets(*together: Settings) -> None:
    """Make sure of the secrets of services that share a process; from then on all are masked.

    Raises:
        WrongSettings: a secret is short, well known or used twice.
    """
    secrets = [secret for settings in together for secret in secrets_of(settings)]
    if wrong := weaknesses(secrets):
        raise WrongSettings("\n".join(wrong))
    hide_all(secrets)
