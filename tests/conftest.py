"""Makes the fixtures with real servers known to every test, and shows what tests measured."""

pytest_plugins = ["tests.servers", "tests.faults.shown"]
