"""Secret settings whose form is known: it is checked at the start, and the value never shown."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _of_form(pattern: str) -> Callable[[SecretStr], SecretStr]:
    form = re.compile(pattern)

    def check(value: SecretStr) -> SecretStr:
        if not form.match(value.get_secret_value()):
            raise ValueError("of another form")
        return value

    return check


BotToken = Annotated[SecretStr, AfterValidator(_of_form(r"\d+:[A-Za-z0-9_-]{30,}\Z"))]
NatsSeed = Annotated[SecretStr, AfterValidator(_of_form(r"SU[A-Z2-7]{56}\Z"))]
NatsSeedOrNone = Annotated[SecretStr, AfterValidator(_of_form(r"(SU[A-Z2-7]{56})?\Z"))]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_of_form(r"postgres(ql)?(\+asyncpg)?://[^/]"))]
RedisUrl = Annotated[SecretStr, AfterValidator(_of_form(r"(rediss?|unix)://"))]
RedisUrlOrNone = Annotated[SecretStr, AfterValidator(_of_form(r"(rediss?|unix)://|$"))]
