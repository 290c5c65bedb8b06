"""Who administrates the installation, as whoever runs it has set it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Admins:
    """The people with the role of an administrator, by Telegram's ids."""

    ids: frozenset[int]
