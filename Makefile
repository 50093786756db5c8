# Every target below sets up what it needs in .venv first, and again whenever a lock file changed.
# Wanted from the machine: make, sh and Python 3.11 or newer. Nothing outside this folder is touched.

PYTHON ?= python3
WORKERS ?= 4

# Tests, demo and benches start the product again and again: it is compiled once.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# One folder serves everybody: a visitor gets the runtime packages, a developer the whole set, which includes them.
RUNTIME := .venv/.ready-runtime
DEV := .venv/.ready-dev
ANY := $(if $(wildcard $(DEV)),$(DEV),$(RUNTIME))
OUTDATED_BY := requirements-bootstrap.txt pyproject.toml Makefile

# A .venv whose Python has gone (an upgrade of the system, a copy from another machine) is set up anew.
$(shell $(BIN)/python -c '' 2>/dev/null || rm -f $(RUNTIME) $(DEV))

.DEFAULT_GOAL := help
.PHONY: help install demo run test lint types arch bench crash year format lock messages

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{printf "  %s %-9s", $$1, $$2; $$1=$$2=""; print $$0}'

install: $(ANY)  ## set up .venv with the chatops command in .venv/bin, and nothing else
	@$(BIN)/chatops --version

demo: $(ANY)  ## try it without any account: worlds, product and one page in the browser
	@$(BIN)/chatops demo

run: $(ANY)  ## run the product with the settings of .env
	@$(BIN)/chatops run

test: $(DEV)  ## run all tests (WORKERS=8 for more at once)
	@$(BIN)/python -m compileall -q -j 0 chatops handlers migrations  # once, and not by every worker
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(DEV)  ## check style and common mistakes
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check

types: $(DEV)  ## check the types
	@$(BIN)/python -m mypy

arch: $(DEV)  ## check who imports whom
	@$(BIN)/lint-imports --no-logo

bench: $(DEV)  ## measure speed and memory
	@$(BIN)/python -m tests.bench

crash: $(DEV)  ## kill the product 200 times under traffic on each chat platform and count what was lost or doubled
	@$(BIN)/python -m tests.crash

year: $(DEV)  ## let 400 days pass over every clock change and count who was called too often, too late or not at all
	@$(BIN)/python -m tests.year

format: $(DEV)  ## rewrite the code in the common style
	@$(BIN)/python -m ruff check --fix
	@$(BIN)/python -m ruff format

messages: $(DEV)  ## bring the translation catalogues up to date with the sentences in the code
	@$(BIN)/python -m chatops.i18n.extract

# --no-emit-index-url and --no-header keep the lock files free of addresses. Pins stay unless UPGRADE=--upgrade.
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header $(UPGRADE) pyproject.toml

lock: $(DEV)  ## pin the dependencies of pyproject.toml (UPGRADE=--upgrade for newer ones)
	@$(COMPILE) --extra charts --extra langid --extra postgres --extra sqlite -o requirements.txt
	@$(COMPILE) --all-extras --group dev -o requirements-dev.txt

$(RUNTIME): requirements.txt $(OUTDATED_BY)
	@$(set_up)

$(DEV): requirements-dev.txt $(OUTDATED_BY)
	@$(set_up)

# $< is the lock file, $@ the mark that it was installed. uv is several times faster than pip; where no uv exists for the
# platform, or where only pip was told how to reach the packages, pip installs the same lock.
define set_up
set -e; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or newer is needed. If it has another name here: make PYTHON=python3.12 ..." >&2; exit 1; }; \
$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
	echo "Python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
echo "Setting up .venv from $< ..."; \
export PIP_DISABLE_PIP_VERSION_CHECK=1; \
if $(BIN)/python -m pip install -q --only-binary :all: --require-hashes -r requirements-bootstrap.txt \
	&& $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes $<; then :; \
else \
	echo "Going on with pip instead of uv ..."; \
	$(BIN)/python -m pip install -q --require-hashes -r $<; \
fi; \
echo ../../../.. > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/chatops.pth"; \
printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m chatops "$$@"\n' > $(BIN)/chatops; \
chmod +x $(BIN)/chatops; \
touch $@
endef
