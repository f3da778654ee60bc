# The commands that a person types. Each prepares what it needs (Python's and Node's packages, Kafka's jars; only when a
# lock file changed) and then runs one program.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# A stamp is written when all of its step has succeeded, so an interrupted install is done again.
PYTHON_STAMP := $(VENV)/.installed
NODE_STAMP := router/node_modules/.installed
JARS_STAMP := $(VENV)/.jars

.PHONY: help up down reset logs demo seed test lint compose bench memory install

help: ## what can be done here
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

up: install ## start everything; Ctrl-C stops it
	@exec $(RUN) -m tilt.embedded up

down: $(PYTHON_STAMP) ## stop everything, from another terminal
	@$(RUN) -m tilt.embedded down

reset: $(PYTHON_STAMP) ## stop everything and forget all data
	@$(RUN) -m tilt.embedded reset

logs: $(PYTHON_STAMP) ## follow all logs, or one: make logs SERVICE=orders
	@$(RUN) -m tilt.embedded logs $(SERVICE)

demo: $(PYTHON_STAMP) ## buy something in the running mesh
	@$(RUN) -m tilt.embedded.demo

seed: $(PYTHON_STAMP) ## fill the running mesh: make seed PRODUCTS=100000
	@$(RUN) -m tilt.embedded seed $(if $(PRODUCTS),--products $(PRODUCTS))

memory: $(PYTHON_STAMP) ## what the running mesh takes of memory
	@$(RUN) -m tilt.embedded memory

test: install ## all tests, against real servers on their own ports
	@$(VENV)/bin/pytest

lint: install ## style, types, the rules of the house, the SDL
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	npm run --silent lint --prefix router

compose: $(NODE_STAMP) ## write schema/supergraph.graphql from supergraph.yaml
	@npm run --silent compose --prefix router

bench: install ## measure the running mesh
	@$(RUN) -m tests.load

install: ## install what the lock files say
	@$(MAKE) -j2 $(JARS_STAMP) $(NODE_STAMP)

$(PYTHON_STAMP): requirements/uv.txt requirements/lock.txt
	@command -v $(PYTHON) >/dev/null || { echo "mercato: python3 is missing: install Python 3.11 or later." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "mercato: $(PYTHON) is older than 3.11: install a later one, or name it: make up PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing Python packages..."
	@test -x $(RUN) && $(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(VENV)/bin/uv pip sync --quiet --python $(RUN) --require-hashes requirements/lock.txt
	@touch $@

$(JARS_STAMP): $(PYTHON_STAMP) tilt/embedded/kafka/jgo.lock.toml
	@$(RUN) -m tilt.embedded.kafka.jars
	@touch $@

$(NODE_STAMP): router/package-lock.json
	@command -v node >/dev/null || { echo "mercato: node is missing: install Node.js 20 or later." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "mercato: npm is missing: install it beside Node.js." >&2; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20)' \
		|| { echo "mercato: node is older than 20: install a later one." >&2; exit 1; }
	@echo "Installing the router's packages..."
	@npm ci --prefix router --no-audit --no-fund --loglevel=error
	@touch $@
