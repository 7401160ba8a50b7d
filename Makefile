# Two commands: `make reports` and `make test`. Both create the same environment first.
# On Windows, or without make, use the plain pip lines in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 2

# `make test` leaves out what is marked slow: browsers, simulations, random attacks, drills of faults.
# `make test-full` runs all of it.
.PHONY: reports test test-full unit-full quick lint types contract unit notebooks-run install docs bench bench-batch clean

reports: $(INSTALLED)
	$(BIN)/evalkit render --all

test: lint types contract unit notebooks-run

test-full: lint types contract unit-full notebooks-run

quick: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not slow"

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('evalkit needs Python 3.11 or newer')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --compile --constraint constraints.txt --editable . --group dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m compileall -q evalkit
	touch $(INSTALLED)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

contract: $(INSTALLED)
	$(BIN)/lint-imports

# A file at a time, so that what a file's tests share is made once.
unit: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not slow"

unit-full: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

# Does every template run top to bottom as it is? Figures are checked elsewhere.
notebooks-run: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -o addopts= --nbval-lax notebooks

# The documentation site in site/, with the sample reports. Needs no network once installed.
docs: $(INSTALLED)
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build  # not --quiet: warnings would no longer stop it

bench: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python -m benchmarks

bench-batch: $(INSTALLED)
	$(BIN)/python -m benchmarks.batch

clean:
	rm -rf $(VENV) site site-reports .pytest_cache .mypy_cache .ruff_cache .hypothesis
