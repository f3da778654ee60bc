# The commands that a person types. Each installs what its lock files say, if they changed, and then runs one program.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
RUN := .venv/bin/python
MESH := $(RUN) -m tilt.embedded

.PHONY: help install python node up down reset logs demo seed reconcile memory test test-chaos lint compose bench

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

up: install ## start everything; Ctrl-C stops it
	@$(MESH) up

down: python ## stop everything, from another terminal
	@$(MESH) down

reset: python ## stop everything and forget all data
	@$(MESH) reset

logs: python ## follow all logs, or one: make logs SERVICE=orders
	@$(MESH) logs $(SERVICE)

demo: python ## buy something in the running mesh
	@$(RUN) -m tilt.embedded.demo

seed: python ## fill the running mesh, with more: make seed PRODUCTS=100000
	@$(MESH) seed $(if $(PRODUCTS),--products $(PRODUCTS))

reconcile: python ## hold the running mesh's books of provider, payments, orders and inventory against each other
	@set -a && eval "$$($(MESH) environment)" && $(RUN) -m subgraphs.payments reconcile

memory: python ## what the running mesh takes of memory
	@$(MESH) memory

test: install ## all tests but the longest, against real servers on their own ports
	@.venv/bin/pytest --ignore=tests/e2e --ignore=tests/chaos
	@.venv/bin/pytest tests/chaos -m "not slow"
	@.venv/bin/pytest tests/e2e

test-chaos: install ## kill, pause and starve the checkout at every boundary, with great crowds and a long model
	@CHAOS_EXAMPLES=20 CHAOS_STEPS=25 .venv/bin/pytest tests/chaos -rP

lint: install ## style, types, the rules of the house, the SDL
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	npm run --silent lint --prefix router

compose: node ## write schema/supergraph.graphql from supergraph.yaml
	@npm run --silent compose --prefix router

bench: install ## measure the running mesh
	@$(RUN) -m tests.load

install: has-python ## what the lock files say
	@$(PYTHON) tilt/embedded/install.py python node

python: has-python
	@$(PYTHON) tilt/embedded/install.py python

node: has-python
	@$(PYTHON) tilt/embedded/install.py node

.PHONY: has-python
has-python:
	@command -v $(PYTHON) >/dev/null || { echo "mercato: $(PYTHON) is missing: install Python 3.11 or later." >&2; exit 1; }
