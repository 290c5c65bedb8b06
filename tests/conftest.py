"""Makes the fixtures with real servers known to every test."""

pytest_plugins = ["tests.servers"]
