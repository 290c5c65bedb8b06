"""docker-compose.yml really run, on an engine of its own: `make compose-test`."""
