# Each target sets up what it needs in .venv first; the second time that is quick.
# JOURNEYS='-m "not slow"' leaves out the long journeys of make test-browser.
# PYTHON=/path/to/python chooses the interpreter for .venv (3.11 or newer).

SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON ?=
WORKERS ?= 2
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
JOURNEYS ?=

# Compiled modules are kept, or every process that a test starts would compile its own.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test test-postgres test-browser load check bench docs setup setup-bench format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

setup-bench:
	@PYTHON="$(PYTHON)" sh scripts/setup.sh bench

demo: setup ## Build a fictional town, analyse its market square, serve the web application on it
	@$(BIN)/python scripts/demo.py

test: setup ## Run the whole test suite, the web application on SQLite
	@$(BIN)/python -m pytest $(SHARED) -q --ignore=tests/browser

test-postgres: setup ## Run the tests of the web application on a throw-away PostgreSQL server
	@sh scripts/with-postgres.sh $(BIN)/python -m pytest $(SHARED) -q tests/web

test-browser: setup ## Run the journeys in Chromium, on SQLite and on PostgreSQL
	@sh scripts/with-browser.sh sh -c ' \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q tests/browser $(JOURNEYS) && \
		sh scripts/with-postgres.sh \
			$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q tests/browser $(JOURNEYS)'

load: setup ## Load the web application with 250 authorities and 50 signed-in users
	@$(BIN)/python -m benchmarks load

check: setup ## Style, types, import layers, content packs, spelling
	@BIN=$(BIN) sh scripts/check.sh

bench: setup-bench ## Measure against peer libraries; results to benchmarks/results/
	@$(BIN)/python -m benchmarks

docs: setup ## Build the documentation to docs/_build/html; warnings are errors
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

format: setup ## Put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove everything that a target made, .venv included
	@rm -rf .venv out build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
