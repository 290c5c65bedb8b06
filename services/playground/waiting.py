"""Waiting until a chat has changed."""

import time

from services.playground.chats import ChatKey
from services.playground.state import State

MAX_WAIT = 60.0


async def wait_for_change(state: State, key: ChatKey, after: int, timeout: float) -> None:
    """Return once the chat's revision is above `after`, at the latest in `timeout` seconds."""
    deadline = time.monotonic() + min(timeout, MAX_WAIT)
    while revision_of(state, key) <= after:
        left = deadline - time.monotonic()
        if left <= 0 or state.chats.changed.closed:
            return
        await state.chats.changed.wait(left)


def revision_of(state: State, key: ChatKey) -> int:
    """The chat's revision; 0 before its first message."""
    chat = state.chats.state(key)
    return chat.revision if chat else 0
