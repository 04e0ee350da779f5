# `make run` and `make test` need Python 3.11 or newer and nothing else: each makes its own virtual environment.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install --quiet --constraint constraints.txt
SPHINX = $(BIN)/python -m sphinx -q -W --keep-going -c docs/site
TESTS ?= tests src
PYTEST_FLAGS ?= --numprocesses=auto --dist=worksteal

.DEFAULT_GOAL := help
.PHONY: help run test lessons docs linkcheck lint types contract check benchmarks quality null-data sizes diagnosis precision clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/run.installed ## the seven steps on a real table (442 patients); ends with the path of a report
	$(BIN)/tenfold run --example diabetes

test: $(VENV)/test.installed ## all tests; `make test TESTS=tests/engine` runs some
	$(BIN)/python -m pytest $(PYTEST_FLAGS) $(TESTS)

lessons: $(VENV)/test.installed ## every lesson in its fast form
	TENFOLD_LESSON_PAGES=build/lessons $(BIN)/python -m pytest $(PYTEST_FLAGS) --override-ini=addopts=-ra lessons

docs: $(VENV)/docs.installed ## the site in build/docs, lessons with what they print (those that `make lessons` ran do not run again)
	$(SPHINX) -b html ./ build/docs
	@echo "file://$(CURDIR)/build/docs/index.html"

linkcheck: $(VENV)/docs.installed ## whether links to other sites still lead somewhere
	$(SPHINX) -b linkcheck -D nb_execution_mode=off -D suppress_warnings=myst-nb.lexer -D html_theme=basic ./ build/linkcheck

lint: $(VENV)/lint.installed ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/lint.installed ## annotations, strictly
	$(BIN)/mypy

contract: $(VENV)/lint.installed ## imports go one way; reports need no JAX
	$(BIN)/lint-imports

check: lint types contract test ## everything above, as before a commit

benchmarks: $(VENV)/bench.installed ## measure against the rivals; writes benchmarks/results
	$(BIN)/python benchmarks/run.py

quality: $(VENV)/bench.installed ## networks against rivals on real tables (TENFOLD_DATA=folder)
	$(BIN)/python benchmarks/quality.py

null-data: $(VENV)/bench.installed ## what a run says of random targets, 200 times
	$(BIN)/python benchmarks/null_data.py

sizes: $(VENV)/bench.installed ## time and memory of large tasks
	$(BIN)/python benchmarks/sizes.py

diagnosis: $(VENV)/bench.installed ## how often the checks name the fault of a program
	$(BIN)/python benchmarks/diagnosis/measure.py
	$(BIN)/python benchmarks/diagnosis/measure.py --publish

precision: $(VENV)/bench.installed ## the study of numeric precision (TENFOLD_DATA=folder)
	$(BIN)/python benchmarks/precision_study.py

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# One stamp a group, so that each command installs what it needs once and again when the versions change.
$(VENV)/run.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing Tenfold into $(VENV) (about a minute, once)"
	@$(INSTALL) --upgrade pip
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/%.installed: $(VENV)/run.installed
	@echo "installing the $* tools into $(VENV)"
	@$(INSTALL) --group $*
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Tenfold needs Python 3.11 or newer, and '$(PYTHON)' is not: try make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "'$(PYTHON)' has no venv module: install it first (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
