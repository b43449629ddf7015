# make run starts the centre; make test installs what tests need and passes them.
CITY ?= conf/chengdu
DATA ?=
PORT ?= 8050
STATE ?= var
PYTHON ?= python3

BIN := .venv/bin
PYTHONS ?=
MACHINE ?=
EXTRA ?=
export CITY DATA PORT STATE

# Compiled files are kept: every server that a test starts would compile all rooms again.
test unit crawl offline bench screens: export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test unit crawl offline soak bundle bench check fmt lock screens clean help
.DEFAULT_GOAL := help

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/run ## start the centre: CITY=conf/chengdu DATA= PORT=8050 STATE=var
	@$(BIN)/python -m centre run

test: .venv/dev ## install what tests need and run them all
	@$(BIN)/python tests/prerequisites.py
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not crawl and not offline"

unit: .venv/dev ## the tests that need no server, browser or collector, in under a minute
	@$(BIN)/python -m pytest -n 3 --dist loadfile -m "not servers and not browser and not whole and not slow"

crawl: .venv/dev ## ask the interface for every number of every page, some ten minutes
	@$(BIN)/python tests/prerequisites.py
	@$(BIN)/python -m pytest -m crawl

offline: .venv/dev ## build the archive, install and run it where nothing is reached, a minute
	@$(BIN)/python tests/prerequisites.py
	@$(BIN)/python -m pytest -m offline

soak: .venv/dev ## 10,000 nasty answers for each adapter of text, some minutes
	@PAYLOADS=10000 $(BIN)/python -m pytest tests/faults/test_payloads.py

bundle: .venv/dev ## build one archive for machines without internet: PYTHONS="3.11 3.12" MACHINE=aarch64 EXTRA=
	@$(BIN)/python -m bundle --pythons "$(PYTHONS)" --machine "$(MACHINE)" --extra "$(EXTRA)"

bench: .venv/dev ## measure, each figure beside its peer or limit
	@$(BIN)/python tests/prerequisites.py
	@$(BIN)/python -m bench

check: .venv/dev ## ruff, mypy --strict, import-linter, city packs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@for city in conf/*/; do $(BIN)/python -m centre check $$city || exit 1; done

fmt: .venv/dev ## put the code into form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: .venv/dev ## lock requirements*.in with hashes
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 bundle/installer.in -o bundle/installer.txt

screens: .venv/dev ## take the pictures of the README from a running simulation
	@$(BIN)/python tests/prerequisites.py
	@$(BIN)/python -m bench.screens docs/pictures

clean: ## remove what run and test have made
	rm -rf .venv var build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing requirements.txt (locked, with hashes) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Installing requirements-dev.txt (locked, with hashes) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
