"""The keys by which NATS knows its users: the server holds public halves, services the seeds."""

import os
from collections.abc import Mapping

import nkeys  # type: ignore[import-untyped] # published without types

from bus.users import USERS
from switchboard.errors import Trouble


def new_seed() -> str:
    """The private half of a new user's key."""
    seed: bytes = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)
    return seed.decode()


def public_key(seed: str) -> str:
    """The public half. Raises `ValueError` when it is no seed."""
    try:
        key: bytes = nkeys.from_seed(seed.encode()).public_key
    except (nkeys.NkeysError, ValueError):  # its base32 may be broken, too
        raise ValueError("not the seed of a key") from None
    return key.decode()


def seed_variable(user: str) -> str:
    """The environment variable that holds a user's seed."""
    return f"NATS_SEED_{user.upper()}"


def public_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """Every user's public key: NATS_KEY_<USER>, else what NATS_SEED_<USER> says.

    A user of development only may have none. Raises `Trouble` where another has none.
    """
    found = {user: _public_key(user, environment) for user in USERS}
    return {user: key for user, key in found.items() if key}


def _public_key(user: str, environment: Mapping[str, str]) -> str:
    if key := environment.get(f"NATS_KEY_{user.upper()}"):
        return key
    seed = environment.get(seed_variable(user))
    if not seed:
        if USERS[user].only_development:
            return ""
        raise Trouble(f"NATS_KEY_{user.upper()} or {seed_variable(user)} must be set.")
    try:
        return public_key(seed)
    except ValueError as error:
        raise Trouble(f"{seed_variable(user)} is {error}.") from None
