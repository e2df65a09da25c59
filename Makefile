# Everything a developer types. Each target sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= throffer-audit
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PYTEST := $(BIN)/python -m pytest -q
# a process compiles for itself, and grows to 4 GB in the whole suite
WORKERS ?= 4
PARALLEL := -n auto --maxprocesses $(WORKERS) --dist loadfile
# tests that may read the raw files of the record, where these are at hand
RECORD_TESTS = tests/record $(shell grep -lrE "throffer\.(record|people)|\"record\"" tests --include="test_*.py")
APART := THROFFER_RECORD=/nonexistent THROFFER_CASES=/nonexistent

.PHONY: audit quick test apart check slow bench wheel figures docs clean

audit: $(VENV)/.base  ## the main job on the embedded reference agent: no network, no key
	$(BIN)/throffer audit --out $(OUT)

quick: $(VENV)/.dev  ## what to run while editing: under a minute
	$(PYTEST) $(PARALLEL) -m 'not slow and not medium' tests

test: $(VENV)/.dev  ## every test but the slow proofs
	$(PYTEST) $(PARALLEL)

apart: $(VENV)/.dev  ## the tests that read the record, with the record out of reach
	$(APART) $(PYTEST) $(PARALLEL) $(RECORD_TESTS)

check: $(VENV)/.dev  ## lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

slow: $(VENV)/.dev  ## the proofs that take minutes
	$(PYTEST) -m slow --timeout 7200

bench: $(VENV)/.bench  ## ratios against the named peers
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

wheel: $(VENV)/.dev  ## build wheel and sdist, install them alone, run what the pages show
	$(BIN)/python -m tools.check_wheel

figures: $(VENV)/.dev  ## the drawn figures in docs/figures/
	$(BIN)/python -m tools.figures

docs: $(VENV)/.dev  ## the documentation site in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) site dist throffer-audit .pytest_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[dev,docs]'
	touch $@ $(VENV)/.base

$(VENV)/.bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[dev,docs,bench]'
	touch $@ $(VENV)/.base $(VENV)/.dev
