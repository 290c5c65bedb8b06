"""The benchmarks that `make bench` runs, in their order."""

from collections.abc import Mapping

from benchmarks.bus.ask import ASK
from benchmarks.bus.consume import CONSUME
from benchmarks.bus.execute import EXECUTE
from benchmarks.bus.observed import OBSERVED
from benchmarks.commands.comparing import COMMANDS
from benchmarks.growth.comparing import GROWTH
from benchmarks.harness.description import Benchmark
from benchmarks.presses.comparing import PRESSES

_ALL = (ASK, EXECUTE, OBSERVED, CONSUME, COMMANDS, PRESSES, GROWTH)


def every_benchmark() -> Mapping[str, Benchmark]:
    """Return them by name."""
    return {benchmark.name: benchmark for benchmark in _ALL}
