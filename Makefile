# Everything is made in this folder: poetry in .poetry, the dependencies in .venv, data in .local.

PYTHON ?= python3
BIN := .venv/bin
POETRY := .poetry/bin/poetry
export POETRY_VIRTUALENVS_IN_PROJECT := true
export POETRY_NO_INTERACTION := 1

.DEFAULT_GOAL := help
.PHONY: help run servers test compose-test faults bench check format dashboards reset lock
.PHONY: check-style check-types check-conventions

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/ready-to-run ## Start everything and print the address to open; Ctrl-C stops it
	@$(BIN)/switchboard run

servers: .venv/ready-to-run ## Start NATS, PostgreSQL and Redis only; settings go to .local/env
	@$(BIN)/switchboard servers

test: .venv/ready-to-work ## Run the tests, on servers and data of their own
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

compose-test: .venv/ready-to-work ## Run docker-compose.yml for real, on an engine of its own (as root)
	COMPOSE_TEST=1 $(BIN)/pytest -x -s -v -p no:xdist --timeout 1200 --durations 12 tests/compose/real

MINUTES ?= 10
SEED ?= 1

faults: .venv/ready-to-work ## Hurt an installation under load: make faults MINUTES=10 SEED=1
	$(BIN)/python -m tests.faults --minutes $(MINUTES) --seed $(SEED)

bench: .venv/ready-to-measure ## Measure beside what one would use instead: make bench QUICK=1 ONLY=ask
	$(BIN)/python -m benchmarks $(if $(filter-out 0,$(QUICK)),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(SECONDS),--seconds $(SECONDS))

check: check-style check-types check-conventions ## Check style, types, imports and conventions

check-style: .venv/ready-to-work
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/flake8

check-types: .venv/ready-to-work
	$(BIN)/mypy

check-conventions: .venv/ready-to-work
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_conventions.py tests/test_sources.py

format: .venv/ready-to-work ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

dashboards: .venv/ready-to-run ## Write Grafana's dashboards anew from their code
	@$(BIN)/python -m observability.dashboards

reset: .venv/ready-to-run ## Forget all local data, after asking
	@$(BIN)/switchboard reset

lock: .poetry/ready ## Choose versions anew for what pyproject.toml asks
	$(with_index) $(POETRY) lock

.venv/ready-to-run: pyproject.toml poetry.lock .poetry/ready
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(with_index) $(POETRY) install --only main,local
	@touch $@

.venv/ready-to-work: pyproject.toml poetry.lock .poetry/ready
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(with_index) $(POETRY) install
	@touch $@ .venv/ready-to-run

.venv/ready-to-measure: pyproject.toml poetry.lock .poetry/ready
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(with_index) $(POETRY) install --with bench
	@touch $@ .venv/ready-to-work .venv/ready-to-run

.poetry/ready:
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit( \
	  "Switchboard needs Python 3.11 to 3.14, and $(PYTHON) is %d.%d. Another one can be " \
	  "named: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv .poetry
	.poetry/bin/pip install --quiet 'poetry>=2.2,<3' poetry-plugin-pypi-mirror
	@touch $@

# Poetry does not read pip's settings: behind a mirror it is told which index pip uses.
pip_index = from pip._internal.models.index import PyPI; print(PyPI.simple_url)
with_index = POETRY_PYPI_MIRROR_URL="$${POETRY_PYPI_MIRROR_URL:-$$(.poetry/bin/python -c '$(pip_index)')}"
