"""Waking whoever waits for a change, without losing one and without polling."""

import asyncio


class Signal:
    """Fires any number of times; after `close` nobody waits on it any more."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.closed = False
        self.times = 0  # how often it fired

    def fire(self) -> None:
        """Wake everybody who waits now; who comes later waits for the next time."""
        self._event.set()
        if not self.closed:
            self._event = asyncio.Event()

    def close(self) -> None:
        """Wake everybody for good."""
        self.closed = True
        self._event.set()

    async def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds; tells whether the signal fired."""
        event = self._event  # taken before the first await: a change in between still wakes us
        try:
            async with asyncio.timeout(max(timeout, 0)):
                await event.wait()
        except TimeoutError:
            return False
        return True
