"""The benchmarks that `make bench` runs, in their order."""

from collections.abc import Mapping

from benchmarks.bus.ask import ASK
from benchmarks.harness.description import Benchmark

_ALL = (ASK,)


def every_benchmark() -> Mapping[str, Benchmark]:
    """Return them by name."""
    return {benchmark.name: benchmark for benchmark in _ALL}
