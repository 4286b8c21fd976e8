# Each target does its own set-up on a fresh machine with Python 3.11, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)
WORKERS ?= 2

.PHONY: setup serve quick test full bench shots tools check clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Perlu Python 3.11 atau lebih baru: atur PYTHON=…"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
	  $(PYTHON) -m pip install --quiet --target build/virtualenv virtualenv && \
	  PYTHONPATH=build/virtualenv $(PYTHON) -m virtualenv --quiet $(VENV); }
	@echo "Memasang pustaka (sekali saja, beberapa menit) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

serve: setup
	@$(BIN)/netralitas serve --demo

# What only tests need: Chromium and PostgreSQL of the system, axe-core, Lighthouse.
tools:
	@bash tests/tools.sh

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/netralitas check
	$(BIN)/netralitas ids --check
	$(BIN)/netralitas figures --check
	$(BIN)/netralitas schemas --check
	$(BIN)/netralitas grade build --check
	$(BIN)/python -m netralitas.catalogue --check

quick: check
	$(BIN)/pytest -n $(WORKERS) -m "not browser and not slow"

test: setup tools check
	$(BIN)/pytest -n $(WORKERS)

full: setup tools check
	NETRALITAS_FULL=1 $(BIN)/pytest -n $(WORKERS)

bench: setup
	@case "$(FIGURE)" in open|burst|load|page|rule|grade|report) ;; \
	  *) echo "Sebut angkanya: make bench FIGURE=open, burst, load, page, rule, grade, atau report"; exit 1;; esac
	@$(BIN)/python -m bench.$(FIGURE)

# Every page and state as a picture, for eyes: shots/.
shots: setup tools
	@$(BIN)/python -m tests.e2e.shots

clean:
	rm -rf $(VENV) node_modules shots build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
