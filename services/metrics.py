"""The metrics of all services of a process as one text for Prometheus."""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from services.life import Life


class ProcessMetrics:
    """What every service counted, each sample with a label `service`, and the process itself."""

    def __init__(self, lives: Sequence[Life]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Services(lives))
        ProcessCollector(registry=self._registry)
        self.stall = Gauge(
            "event_loop_stall_seconds",
            "The longest time in the last minute that the event loop was late",
            unit="seconds",
            registry=self._registry,
        )

    def text(self, accepted: str) -> tuple[bytes, str]:
        """Return the text and its type: OpenMetrics where the Accept header asks for it."""
        encode, content_type = choose_encoder(accepted)
        return encode(self._registry), content_type


class _Services(Collector):
    """Services that share a process have metrics of the same names: one family holds them all."""

    def __init__(self, lives: Sequence[Life]) -> None:
        self._lives = lives

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before services have started."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield each family once, with the samples of every service."""
        families: dict[str, Metric] = {}
        for life in self._lives:
            for family in life.registry.collect():
                joined = families.setdefault(
                    family.name,
                    Metric(family.name, family.documentation, family.type, family.unit),
                )
                joined.samples += [
                    # With its exemplar, where it has one.
                    sample._replace(labels={"service": life.service, **sample.labels})
                    for sample in family.samples
                ]
        return families.values()
