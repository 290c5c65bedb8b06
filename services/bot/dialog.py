"""What a chat is in the middle of: read once, buffered, written together with the done mark."""

from typing import TypeVar

import msgspec

StateT = TypeVar("StateT", bound=msgspec.Struct)


class Dialog:
    """One chat's state with one bot; a handler's changes are written after it has answered."""

    def __init__(self, stored: bytes | None) -> None:
        self._stored = stored
        self._written: bytes | None = stored

    def read(self, wanted: type[StateT]) -> StateT | None:
        """Return the state if there is one of this kind; what is outdated counts as none."""
        if self._written is None:
            return None
        try:
            return msgspec.json.decode(self._written, type=wanted)
        except msgspec.MsgspecError:
            return None

    def write(self, state: msgspec.Struct) -> None:
        """Replace the state."""
        self._written = msgspec.json.encode(state)

    def clear(self) -> None:
        """Forget the state."""
        self._written = None

    def restore(self) -> None:
        """Return to what it was before the update: nothing of it was accepted."""
        self._written = self._stored

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self._written != self._stored

    @property
    def stored(self) -> bytes | None:
        """What is to be written; None for nothing."""
        return self._written
