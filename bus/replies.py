"""Whom to answer: whoever asks to be answered anywhere else wants us to speak in our name there.

A server does not look whether a user may publish where it wants to be answered. Across accounts
it answers itself, into the account that asked; what is wanted there cannot be seen, nor matter.
"""

import time
from collections.abc import Iterable

import structlog
from nats.aio.msg import Msg
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bus.destinations import subject_template

log = structlog.get_logger()

INBOXES = ("_INBOX.", "_R_.")
"""Where answers go: to an inbox, or to the server, which has one of another account in mind."""


class Forgeries(Collector):
    """How many requests wanted their answer where none belongs."""

    def __init__(self) -> None:
        self.count = 0
        self._began = time.time()

    def is_honest(self, message: Msg) -> bool:
        """Tell whether a request may be answered; what is forged is counted and logged."""
        if message.reply.startswith(INBOXES):
            return True
        if message.reply:
            self.count += 1
            subject = subject_template(message.subject)[:200]
            log.warning("reply.forged", subject=subject, reply=message.reply[:200])
        return False

    def collect(self) -> Iterable[Metric]:
        """Yield the one family."""
        family = CounterMetricFamily(
            "messaging_forged_replies", "Requests that wanted their answer where none belongs"
        )
        family.add_metric([], self.count, created=self._began)
        yield family
