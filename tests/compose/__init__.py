"""docker-compose.yml: by its schema and rules in every run of the tests, for real in `real`."""
