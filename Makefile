# `make demo` and `make test` set up everything they need. GNU make 3.81 and Python 3.11 suffice.
VENV := .venv
PY := $(VENV)/bin/python
# Options of `python -m benchmarks`, such as BENCH="--only convnet --pairs 2" or BENCH=--gpu; see benchmarks/README.md.
BENCH ?=
# Name an interpreter with `make PYTHON=/path/to/python3.12 ...`; else the first one that is new enough is taken.
PYTHON ?=
CANDIDATES := $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python
NEW_ENOUGH := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
DEMO_READY := $(VENV)/.ready-for-demo
TESTS_READY := $(VENV)/.ready-for-tests

.PHONY: help demo test test-slow lint bench clean distclean

help:
	@echo "make demo       train a digit classifier, write pictures to demo-output/"
	@echo "make test       lint, type check, and run the tests that are not slow"
	@echo "make test-slow  run the slow tests"
	@echo "make bench      measure thalweg against its peers, in turn (builds .bench/); BENCH='--only convnet' for a part"
	@echo "make clean      remove what building, testing and the demo left behind"
	@echo "make distclean  the same, and the virtual environment"

demo: $(DEMO_READY)
	$(PY) -m thalweg._src.cli.main demo

test: lint
	$(PY) -m pytest -n 2 -m "not slow"

test-slow: $(TESTS_READY)
	$(PY) -m pytest -n 2 -m "slow"

lint: $(TESTS_READY)
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(TESTS_READY)
	$(PY) -m benchmarks $(BENCH)

clean:
	rm -rf demo-output build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find thalweg tests -type d -name __pycache__ -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) .bench

$(PY):
	@found=; for python in $(CANDIDATES); do \
	  if "$$python" -c "$(NEW_ENOUGH)" >/dev/null 2>&1; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "make: found no Python 3.11 or newer with venv and pip. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "Creating $(VENV) with $$found"; "$$found" -m venv $(VENV)

# The stamps make set-up run again only when pyproject.toml has changed.
$(DEMO_READY): pyproject.toml | $(PY)
	@echo "Installing thalweg, and what the demo needs, into $(VENV) ..."
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[plot]"
	@touch $@

$(TESTS_READY): pyproject.toml | $(PY)
	@echo "Installing thalweg, and what the tests need, into $(VENV) ..."
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ $(DEMO_READY)
