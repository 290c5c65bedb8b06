"""Real servers from wheels, for a run on one's own machine and for the tests."""
