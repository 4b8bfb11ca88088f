# Heed's commands for a person. All of them set up what they need; nothing happens twice.

PYTHON ?= python3
PYTEST_ARGS ?=
BENCH_ARGS ?=
FAULT_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0

# Trust whom this machine trusts, where it says so (uv and Node bring lists of their own).
AUTHORITIES := $(firstword $(wildcard \
	/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
ifneq ($(AUTHORITIES),)
export SSL_CERT_FILE ?= $(AUTHORITIES)
export NODE_EXTRA_CA_CERTS ?= $(AUTHORITIES)
endif

# Once the developers' tools are in, they stay.
LOCK = $(if $(wildcard $(VENV)/.dev),requirements-dev.lock,requirements.lock)
# Compiled once here: nine processes load the same packages, and may not be let to keep bytecode.
INSTALL = $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes $(1) && \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup test bench fault check format lock

help:
	@echo "make run     Heed with demo data, on http://127.0.0.1:8000; Ctrl-C stops it"
	@echo "make setup   only install, into $(VENV)"
	@echo "make test    the whole test suite, browser included"
	@echo "make bench   measure against bare work, into bench/results.json and the README"
	@echo "make fault   harm a running Heed for half an hour, and check that nothing leaves after no"
	@echo "make check   formatter, linter, types, import rules, templates"
	@echo "make format  let the formatter and the linter mend what they can"
	@echo "make lock    write the lock files anew, after a change of dependencies"

run: setup
	@exec $(BIN)/heed up --demo

setup: $(VENV)/.run static/vendor/.done

test: $(VENV)/.dev static/vendor/.done
	@sh .ci/browser
	$(BIN)/pytest -n 2 --dist loadgroup -rfEs $(PYTEST_ARGS)

bench: $(VENV)/.dev static/vendor/.done
	$(BIN)/python -m bench $(BENCH_ARGS)

fault: $(VENV)/.dev static/vendor/.done
	$(BIN)/python -m tests.fault $(FAULT_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates webapp/sandbox/templates

format: $(VENV)/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(BIN)/uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-annotate --no-header pyproject.toml --extra dev -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-annotate --no-header pyproject.toml -c requirements-dev.lock -o requirements.lock
	npm install --package-lock-only

$(BIN)/uv:
	@PYTHON="$(PYTHON)" sh .ci/venv $(VENV) "uv==$(UV_VERSION)"

$(VENV)/.run: requirements.lock requirements-dev.lock pyproject.toml | $(BIN)/uv
	@echo "Installing the Python packages."
	@$(call INSTALL,$(LOCK))
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/uv
	@echo "Installing the Python packages, the developers' too."
	@$(call INSTALL,requirements-dev.lock)
	@touch $(VENV)/.run $@

static/vendor/.done: package.json package-lock.json .npmrc .ci/assets | $(BIN)/uv
	@echo "Installing the browser files."
	@sh .ci/assets $(BIN) $(NODE_VERSION)
	@touch $@
