"""The tests: they mirror the packages; real servers, no doubles."""
