# make circulars: from a fresh machine (Python >= 3.11) to outputs/<year>/.   make test: all tests.

PYTHON ?= python3
YEAR   ?= 2023
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Byte code is kept: each of a run's processes would compile the package anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help env circulars test lint types format benchmark bench lock clean

help:
	@echo "make circulars   import the submissions and make all circulars of YEAR=$(YEAR)"
	@echo "make test        run all tests"
	@echo "make lint types  check style and types;  make format  puts style right"
	@echo "make benchmark   times a circular against a script's loop"
	@echo "make bench       times a batch against papermill scripts, a pool and ploomber-engine"
	@echo "make lock        renew requirements.lock (needs uv)"
	@echo "make clean       remove outputs (not what was delivered, issued, archived, pinned or kept) and caches"

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: $(PYTHON) is missing or older than 3.11"; \
	  echo "  next: install Python 3.11 or later, or name it: make $(MAKECMDGOALS) PYTHON=python3.12"; \
	  exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "error: $(PYTHON) cannot make virtual environments"; \
	  echo "  next: install its venv module (Debian, Ubuntu: apt install python3-venv)"; \
	  exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (about a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q reportkit
	@touch $@

# A refused submission (status 1) does not keep the other circulars from being made.
circulars: $(STAMP)
	@imported=0; $(BIN)/python -m reportkit import || imported=$$?; \
	if [ $$imported -gt 1 ]; then exit $$imported; fi; \
	$(BIN)/python -m reportkit run --year $(YEAR); made=$$?; \
	if [ $$imported -ne 0 ]; then echo "Some submissions were refused: the import's table says which."; fi; \
	if [ $$made -ne 0 ]; then exit $$made; fi; exit $$imported

test: $(STAMP)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(STAMP)
	@$(BIN)/mypy reportkit

format: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Times on this machine, as ratios: how a circular compares with a script's loop.
benchmark: $(STAMP)
	@$(BIN)/python tests/benchmarks/bench_circulars.py
	@$(BIN)/python tests/benchmarks/bench_records.py
	@$(BIN)/python tests/benchmarks/bench_metrics.py
	@$(BIN)/python tests/benchmarks/bench_texts.py

# A batch against the ways without reportkit, in an environment of their own (.bench/).
bench: $(STAMP)
	@$(BIN)/python tests/benchmarks/bench_batch.py

lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml \
	  -o requirements.lock --no-emit-index-url --no-emit-find-links --no-header

# Records stay where drafts are pinned to them (params/stages/): no import makes them again.
# What a person changed is copied to outputs/drafts/ first.
clean:
	@test ! -x $(BIN)/python || $(BIN)/python -m reportkit.batch.kept outputs
	@find outputs -mindepth 1 -maxdepth 1 ! -name README.md ! -name delivery ! -name issued \
	  ! -name kept ! -name archive ! -name drafts ! -name sheets ! -name records ! -name .reportkit \
	  -exec rm -rf {} + ; \
	ls params/stages/*.yml >/dev/null 2>&1 || rm -rf outputs/records
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
