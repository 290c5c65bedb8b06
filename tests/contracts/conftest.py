"""The golden files' own option."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--renew-golden`; known when this folder is given: `pytest tests/contracts`."""
    parser.addoption(
        "--renew-golden",
        action="store_true",
        help="write tests/contracts/golden/ anew, to be looked through and committed",
    )


@pytest.fixture
def renewing(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are written instead of compared."""
    return bool(pytestconfig.getoption("--renew-golden", default=False))
