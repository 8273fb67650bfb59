# Every target does its own set-up: a machine with python3 (3.11 or newer), pip and make is enough. `demo` installs scopedown
# alone, the others what its developers need too.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo core quick test check services format bench docs clean

demo: $(BASE)  ## run the main job on the bundled example
	$(BIN)/scopedown scan examples/todos
	@echo
	@echo "scopedown is installed as $(abspath $(BIN))/scopedown"

quick: $(STAMP)  ## the unmarked tests of the packages that differ from main, without those that take over a second
	$(BIN)/python tools/quick_tests.py -n auto

core: $(STAMP)  ## a small part of the tests that goes through every room
	$(BIN)/python tools/core_tests.py -n auto

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

format: $(STAMP)  ## format the sources, and make every generated file anew
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python tools/generate.py

bench: $(STAMP)  ## the comparisons and measurements; see bench/README.md
	$(BIN)/python bench/run.py

docs: $(STAMP)  ## the documentation as a site, in build/site
	$(BIN)/python tools/generate.py
	$(BIN)/mkdocs build --strict

$(BASE): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $(BASE)

# Python 3.11 brings a pip that knows no dependency groups.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) "pip>=25.1"
	$(PIP) -e ".[all,lake]" --group dev
	@touch $(BASE) $(STAMP)

clean:
	rm -rf $(VENV) .venv-* .cache build dist
