"""nats-py's client, mended where what comes in, or a lost byte, would leave it alive but deaf."""

from asyncio import Task

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg


class Client(NatsClient):
    """A client whose reading no received message can end."""

    @property
    def is_stuck(self) -> bool:
        """Whether it has stopped reconnecting without being connected or closed.

        An unexpected answer in the middle of connecting ends nats-py's task of reconnecting.
        """
        task: Task[None] | None = self._reconnection_task
        return not (self.is_connected or self.is_closed) and task is not None and task.done()

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Msg:
        # Bytes that are no UTF-8 would end the reading of the connection, again and again.
        legible = subject.decode(errors="replace").encode()
        message: Msg = super()._build_message(sid, legible, reply, data, headers)
        return message
