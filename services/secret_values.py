"""The secrets among settings: which there are, and whether they deserve the name."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
from pydantic import BaseModel, SecretStr

from observability.masking import hide

SHORTEST = 32
"""Characters."""

_NAMES_ONLY = frozenset({"S3_ACCESS_KEY"})
"""Tell who somebody is: they need not be long, and may be a word that stands in any line."""
_SECRET_VARIABLE = re.compile(r"SEED|SECRET|TOKEN|PASSWORD|ACCESS_KEY|PERSON_KEY|_URL$|HEADERS$")
_WORDS = re.compile(
    r"change.?me|password|passw0rd|secret|default|example|insecure|admin|letmein|qwerty|token"
    r"|switchboard|1234567890|abcdefgh|your|here"
)
_PLACEHOLDER = re.compile(r"[<>]|\$[({]")
_DIFFERENT = 8
"""Characters that are left of a random value, and not of a word, however often it stands there."""
_KNOWN = frozenset(
    {
        # Telegram's own documentation.
        "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcQ",
    }
)


class Secret(NamedTuple):
    """A value and the words for where it stands."""

    name: str
    value: SecretStr


def secrets_of(settings: BaseModel) -> Iterator[Secret]:
    """Return every secret of some settings that is set; of an address its password."""
    for field in type(settings).model_fields:
        value = getattr(settings, field)
        if isinstance(value, SecretStr):
            yield from _secret_in(field.upper(), value.get_secret_value())
        elif isinstance(value, Mapping):
            for name, part in value.items():
                if isinstance(part, SecretStr):
                    yield from _secret_in(f"{field.upper()} of {name}", part.get_secret_value())


def secrets_among(environment: Mapping[str, str]) -> Iterator[Secret]:
    """Return every secret among environment variables, whoever reads them."""
    for name, value in environment.items():
        if not _SECRET_VARIABLE.search(name):
            continue
        if name.endswith("HEADERS"):  # OpenTelemetry's: name=value,name=value
            for header in value.split(","):
                yield Secret(name, SecretStr(unquote(header.partition("=")[2].strip())))
            continue
        try:
            parts = msgspec.json.decode(value, type=dict[str, str])
        except msgspec.MsgspecError:
            yield from _secret_in(name, value)
        else:
            for part, secret in parts.items():
                yield from _secret_in(f"{name} of {part}", secret)


def hide_all(secrets: Iterable[Secret]) -> None:
    """Have the values masked in all that this process says."""
    for name, value in secrets:
        if name in _NAMES_ONLY:
            continue
        secret = value.get_secret_value()
        hide(secret)
        # Whose a bot's token was may be seen: its first half is the bot's public id.
        hide(secret.partition(":")[2])


def weaknesses(secrets: Iterable[Secret]) -> list[str]:
    """Return in words what is wrong with secrets, also of several services: never their values.

    The same setting read by several services is one.
    """
    distinct = {(name, value.get_secret_value()): value for name, value in secrets}
    found = [line for name, value in distinct for line in _weakness(name, value)]
    for (name, value), (other, same) in itertools.combinations(distinct, 2):
        if value == same and name != other:
            found.append(f"{name} and {other} are equal: each needs a value of its own")
    return found


def _weakness(name: str, value: str) -> Iterator[str]:
    if name not in _NAMES_ONLY and len(value) < SHORTEST:
        yield f"{name} is too short: {SHORTEST} characters or more"
    elif value in _KNOWN or _PLACEHOLDER.search(value) or _is_of_words(value):
        yield f"{name} is well known or easily guessed: make one, e.g. by `openssl rand -hex 32`"


def _is_of_words(value: str) -> bool:
    return len(value) >= SHORTEST and len(set(_WORDS.sub("", value.lower()))) < _DIFFERENT


def _secret_in(name: str, value: str) -> Iterator[Secret]:
    if "://" not in value:
        if value:
            yield Secret(name, SecretStr(value))
        return
    for password in _passwords(value):
        if password:
            yield Secret(f"the password in {name}", SecretStr(password))


def _passwords(address: str) -> Sequence[str]:
    try:
        parts = urlsplit(address)
        named = parse_qs(parts.query).get("password", [])
        return [unquote(parts.password or ""), *named]
    except ValueError:  # no address at all
        return [address]
