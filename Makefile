# Sets up everything it needs in .venv, from nothing but Python 3.11+ and make. `make help` lists the targets.

VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
LOCKER := build/locker
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	if $$p -c '$(USABLE)' 2>/dev/null; then echo $$p; break; fi; done)
NO_PYTHON := Tandem needs Python 3.11 or later with its venv module; name one with: make PYTHON=/path/to/python3
NO_BROWSER := The browser tests need Chromium: install it, on Debian with: sudo apt-get install chromium

.DEFAULT_GOAL := help
.PHONY: help run test browser assure reach levers golden docs lock bundle clean

help:
	@echo 'make run      simulate structure-first against transform-first and show who saves what'
	@echo '              (more settings: make run ARGS="scenario=parallel study.replications=500")'
	@echo 'make test     format, lint, types and all quick tests'
	@echo 'make assure   every check, quick and slow (up to two hours); writes docs/assurance.md'
	@echo 'make reach    the figures that the model must reach, each beside what is asked (ARGS="--histories 80" for a look)'
	@echo 'make levers   what each lever does beside what it declares (ARGS="--pairs 40 hr.od_posts" for a look)'
	@echo 'make golden   put the results of the golden scenarios on record and print what moved, for the changelog'
	@echo 'make docs     renew the generated pages in docs/'
	@echo 'make lock     renew requirements.lock after a change in pyproject.toml (UPGRADE=--upgrade: newer versions)'
	@echo 'make bundle   one zip for a machine without internet (BUNDLE="--platform windows --python 3.11 3.12")'
	@echo 'make clean    remove the environment and caches; studies in outputs/ stay'

run: $(READY)
	@$(BIN)/tandem run $(ARGS)

test: $(READY) browser
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile

# Pages are looked at in headless Chromium: the machine's own, else from apt where the user is root, else Playwright's.
browser: $(READY)
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core && exit 0; fi; \
	$(BIN)/python -m playwright install chromium || { echo '$(NO_BROWSER)' >&2; exit 2; }

# Goes on where an earlier run was broken off; ARGS=--fresh begins again.
assure: $(READY) browser
	$(BIN)/tandem verify --all $(ARGS)

reach: $(READY)
	@$(BIN)/python -m sim.assurance.reach $(ARGS)

levers: $(READY)
	@$(BIN)/python -m sim.assurance.lever_walk $(ARGS)

golden: $(READY)
	@$(BIN)/python -m sim.assurance.golden --write

docs: $(READY)
	$(BIN)/python -m sim.words.documents.assumptions_page --write
	$(BIN)/tandem validate --draws 960 --write docs/validation.md
	$(BIN)/python -m sim.assurance --write
	$(BIN)/python -m sim.rooms.glass --write
	$(BIN)/python tests/house_picture.py

$(LOCKED): requirements.lock
	@test -n '$(PYTHON)' || { echo '$(NO_PYTHON)' >&2; exit 2; }
	@echo 'Setting up $(VENV) (about a minute, once) ...'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# One version for every Python and platform. No local folder, second index or configuration has a say.
lock:
	@test -n '$(PYTHON)' || { echo '$(NO_PYTHON)' >&2; exit 2; }
	$(PYTHON) -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python $(PIP_INSTALL) uv
	env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL $(LOCKER)/bin/uv pip compile pyproject.toml \
		--extra dev --universal --python-version 3.11 --fork-strategy fewest --generate-hashes $(UPGRADE) \
		--no-config --no-emit-index-url --no-annotate --custom-compile-command 'make lock' \
		--quiet --output-file requirements.lock

bundle: $(READY)
	@$(BIN)/python .ci/bundle.py $(BUNDLE)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
