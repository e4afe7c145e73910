# Every target works from a clean clone with Python 3.11 and make alone.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Tests run in so many processes, each with a broker and a database of its own; a file stays in one.
# What measures time, or starts many processes itself, has the machine to itself.
JOBS ?= 2
ALONE := tests/integration/adapters tests/system
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest -q
TOGETHER := --numprocesses $(JOBS) --dist loadfile

# Quix Streams pins what contradicts our own pins, so it has an environment to itself.
PEERS := .venv-peers
PEERS_LOCK := benchmarks/peers/requirements
BENCH ?= --rounds 3 --workers 1 2
FIGURES ?=

.PHONY: install lock format check test demo peers bench figures clean

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock:  ## write the lock files anew from pyproject.toml and the peers' list (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --group dev --generate-hashes \
	  --no-emit-index-url --no-header -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o $(PEERS_LOCK).lock $(PEERS_LOCK).in

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(STAMP)  ## lint, types, and every test that needs no broker
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) $(TOGETHER) tests/unit tests/data tests/tidy

test: check  ## everything: check, then broker and database, then whole processes with nothing beside them
	$(PYTEST) $(TOGETHER) tests/conformance tests/integration $(ALONE:%=--ignore=%)
	$(PYTEST) $(ALONE)

demo: $(STAMP)  ## a day of the district on a real Kafka and a real PostgreSQL
	$(BIN)/credit-bus demo

peers: $(PEERS)/.installed

$(PEERS)/.installed: $(PEERS_LOCK).lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

bench: $(STAMP) peers  ## the stages by themselves, then gate and router beside their peers
	$(BIN)/python -m benchmarks.stages
	$(BIN)/python -m benchmarks.peers.run $(BENCH)

figures: $(STAMP)  ## the bus by itself: delay, fan-out, suspension, outage, catch-up, recovery, start, memory, growth
	$(BIN)/python -m benchmarks.figures $(FIGURES)

clean:
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
