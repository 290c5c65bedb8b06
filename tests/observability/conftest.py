"""Lets these tests read log lines."""

from tests.observability.fixtures import written

__all__ = ["written"]
