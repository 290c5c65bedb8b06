"""Shows after a run of all tests what the fault matrix did, whether it went well or not."""

from collections.abc import Iterator

from _pytest.terminal import TerminalReporter

PROPERTY = "fault matrix"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Write seeds and tables: what a test that passes prints is captured, and lost with xdist."""
    for text in _texts(terminalreporter):
        terminalreporter.section(PROPERTY)
        terminalreporter.write_line(text)


def _texts(reporter: TerminalReporter) -> Iterator[str]:
    for result in ("passed", "failed"):
        for report in reporter.stats.get(result, []):
            properties = getattr(report, "user_properties", [])
            yield from (text for name, text in properties if name == PROPERTY)
