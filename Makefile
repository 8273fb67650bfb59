# Every target does its own set-up: a machine with python3 (3.11 or newer), pip and make is enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo quick test check services format bench docs clean

demo: $(STAMP)  ## run the main job on the bundled example
	$(BIN)/scopedown scan examples/todos

quick: $(STAMP)  ## the unmarked tests of the rooms that differ from main, without those that take over a second
	$(BIN)/python tools/quick_tests.py -n auto

test: $(STAMP)  ## the whole unmarked test suite
	$(BIN)/pytest -n auto -m "not oracle and not slow"

check: $(STAMP)  ## all that CI runs on one Python
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

services: $(STAMP)  ## every service of the shared event cases, on both frameworks (OSLS_DIR and SERVERLESS_DIR name them)
	$(BIN)/pytest -n auto -m "" tests/guard/services

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)  ## the comparisons and measurements; see bench/README.md
	$(BIN)/python bench/run.py

docs: $(STAMP)  ## the documentation as a site, in build/site
	$(BIN)/python tools/cli_pages.py
	$(BIN)/mkdocs build --strict

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[all,dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) .venv-* .cache build dist
