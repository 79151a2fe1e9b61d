# Each target makes what it needs: on a fresh machine with Python 3.11+, `make run` and `make test` do all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CONTRACT_BIN := .venv-contract/bin
CONTRACT := .venv-contract/.ready

.PHONY: run test check contract snapshots shots readme bench clean

run: $(READY)  ## open the dashboard on the embedded service
	$(BIN)/amltui demo

test: $(READY)  ## every test
	$(BIN)/pytest --numprocesses auto --maxprocesses 4

check: $(READY)  ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

contract: $(CONTRACT)  ## Microsoft's own clients against the embedded service
	$(CONTRACT_BIN)/pytest -W default --numprocesses auto --maxprocesses 4 --dist loadfile \
		tests/contract

snapshots: $(READY)  ## accept how the screens look now
	$(BIN)/pytest tests/ui/test_looks.py --snapshot-update

shots: $(READY)  ## take the pictures of the README again
	$(BIN)/python screenshots/take.py

readme: $(READY)  ## tell the service's operations again
	$(BIN)/python tests/readme.py

bench: $(READY)  ## measure against a minimal Textual app, on this machine, in this minute
	$(BIN)/python -m tests.bench.bench

clean:
	rm -rf $(VENV) .venv-contract

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $(READY)

$(CONTRACT): pyproject.toml
	$(PYTHON) -m venv .venv-contract
	$(CONTRACT_BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev,contract]"
	touch $(CONTRACT)
