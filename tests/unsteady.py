"""Runs the few tests that failed in a whole run once more, alone: `python -m tests.unsteady`."""

import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pydantic
import pytest
from _pytest.terminal import TerminalReporter

MOST = 3
"""Tests; where more fail, it is not by chance."""
KEPT = "switchboard/ended"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run has ended."""

    status: int
    whole: bool
    """Whether no test was left out because of those that failed before it."""
    passed: int
    failed: list[str]
    """The ids of tests; of a file that could not be read, its name."""

    def tests_for_chance(self) -> list[str]:
        """Return what may have failed by chance alone; nothing where it cannot be all."""
        tests_only = all("::" in each for each in self.failed)
        only_failed = self.whole and self.status == pytest.ExitCode.TESTS_FAILED
        return self.failed if only_failed and tests_only and len(self.failed) <= MOST else []

    def all_passed(self, asked: int) -> bool:
        """Tell whether as many tests as asked for have passed: none was left out, either."""
        return self.status == pytest.ExitCode.OK and self.whole and self.passed == asked


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Leave word of how a run has ended, in pytest's cache."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(reporter, TerminalReporter) or hasattr(session.config, "workerinput"):
        return  # one of several processes
    wrong = [*reporter.stats.get("failed", ()), *reporter.stats.get("error", ())]
    failed = dict.fromkeys(report.nodeid for report in wrong)
    whole = not (session.shouldfail or session.shouldstop)
    passed = len(reporter.stats.get("passed", ()))
    if cache := getattr(session.config, "cache", None):  # nothing is kept with no:cacheprovider
        ended = Ended(int(exitstatus), whole, passed, list(failed))
        cache.set(KEPT, asdict(ended))


def main() -> int:
    """Print which tests are green this time, one a line; returns an exit status.

    That is 0 only where the run before has gone through all tests, and each that failed passes now.
    """
    before = _last_run()
    again = before.tests_for_chance()
    if not again:
        _say(f"None is run once more of {len(before.failed)} that failed.")
        return 1
    _say(f"Once more, alone: {', '.join(again)}")
    subprocess.call([sys.executable, "-m", "pytest", "-p", "no:xdist", *again], stdout=sys.stderr)
    if not _last_run().all_passed(len(again)):
        return 1
    sys.stdout.writelines(f"{test}\n" for test in again)
    return 0


def _last_run() -> Ended:
    """Read it once: what is found here is of the run before, whatever becomes of the next one."""
    kept = Path(".pytest_cache/v", KEPT)
    text = kept.read_bytes()
    kept.unlink()
    return pydantic.TypeAdapter(Ended).validate_json(text)


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
