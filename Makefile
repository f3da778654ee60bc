# The commands that a person types. Each installs what its lock files say, if they changed, and then runs one program.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
RUN := .venv/bin/python
# Ctrl-C waits until Python is up and can say so in a line: in between it would show where in its own start it was.
HELD := $(shell env --block-signal=INT true 2>/dev/null && echo env --block-signal=INT)
MESH := $(HELD) $(RUN) -m tilt.embedded

# Compiled code is kept, whatever the shell says: each subgraph of a mesh and each of a test's would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install python node clients up down restart reset logs demo seed reconcile dead-letters outbox token memory \
	subgraph subgraph-update subgraph-remove test test-subgraph test-unrouted test-routed test-security test-chaos test-teams \
	test-cluster lint compose manifests costs exits fields proto bench images sbom lock

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 17

up: install ## start everything, or a slice (SUBGRAPHS=orders), and reload what is saved (RELOAD=0: not); Ctrl-C stops it
	@$(MESH) up

down: python ## stop everything, from another terminal
	@$(MESH) down

reset: python ## stop everything and forget all data
	@$(MESH) reset

restart: python ## start one service of the running mesh anew: make restart SERVICE=orders
	@$(MESH) restart $(if $(SERVICE),$(SERVICE),$(error Which one? make restart SERVICE=orders))

logs: python ## follow all logs, or one: make logs SERVICE=orders
	@$(MESH) logs $(SERVICE)

demo: python ## buy something in the running mesh
	@$(RUN) -m tilt.embedded.demo

seed: python ## fill the running mesh, with more: make seed PRODUCTS=100000
	@$(MESH) seed $(if $(PRODUCTS),--products $(PRODUCTS))

reconcile: python ## hold the running mesh's books of provider, payments, orders and inventory against each other
	@$(MESH) run payments reconcile

dead-letters: python ## events that a subgraph could not process: make dead-letters SERVICE=orders ARGS="replay --help"
	@$(MESH) run "$(SERVICE)" dead-letters $(or $(ARGS),list)

outbox: python ## events that Kafka rejected for good: make outbox SERVICE=orders ARGS="replay --help"
	@$(MESH) run "$(SERVICE)" outbox $(or $(ARGS),list)

token: python ## an access token of an account: make token EMAIL=you@example.com SCOPE="orders:read orders:refund"
	@test -n "$(EMAIL)" || { echo "mercato: whose? make token EMAIL=you@example.com SCOPE=\"orders:read\"" >&2; exit 1; }
	@$(MESH) token --email "$(EMAIL)" --scope "$(SCOPE)"

memory: python ## what the running mesh takes of memory
	@$(MESH) memory

# Four at a time, by file: they wait more than they compute, and each of the four has servers of its own.
PYTEST_BY_FOUR := .venv/bin/pytest -n 4 --dist loadfile
ROUTERS_ALONE := tests/integration/router
ROUTERS_WITH_MESH := tests/e2e tests/clients tests/property tests/teams

test: $(if $(SUBGRAPH),test-subgraph,test-unrouted test-routed test-security) ## all tests but the longest, or those of one: make test SUBGRAPH=orders

test-subgraph: install
	@PYTHONPATH=. $(RUN) scripts/test_subgraph.py $(SUBGRAPH)

test-unrouted: install
	@cd router && npm test --silent
	@$(PYTEST_BY_FOUR) $(addprefix --ignore=,$(ROUTERS_ALONE) $(ROUTERS_WITH_MESH) tests/security tests/chaos tests/cluster)
	@.venv/bin/pytest -n 4 --dist worksteal tests/chaos -m "not slow"

# The same 200 documents each time, so that what fails is what was changed; `make test-chaos` takes others.
test-routed: install clients
	@$(PYTEST_BY_FOUR) $(ROUTERS_ALONE)
	@PROPERTY_SEED=$(or $(PROPERTY_SEED),1) .venv/bin/pytest -n 3 --dist loadgroup -m "not slow" $(ROUTERS_WITH_MESH)

# What an answer costs is bounded there, so nothing else runs beside it.
test-security: install
	@.venv/bin/pytest tests/security

# Four at a time, each with a shop of its own; who has ended takes what others have not begun.
test-chaos: install ## kill, pause and starve the checkout at every boundary, with great crowds, a long model, 2,000 documents and every hostile request
	@CHAOS_EXAMPLES=20 CHAOS_STEPS=25 .venv/bin/pytest -n 4 --dist worksteal tests/chaos -rP
	@PROPERTY_DOCUMENTS=2000 .venv/bin/pytest tests/property
	@.venv/bin/pytest tests/e2e -m slow
	@BUDGET=all .venv/bin/pytest tests/security

# Clones of the tree in which subgraphs are made, changed, run and removed: with linters, some minutes.
test-teams: install ## what teams do with a whole mesh: subgraphs by the template, reload, slices
	@.venv/bin/pytest tests/teams

test-cluster: install ## the mesh on the cluster that KUBECONFIG names, with images from `make images REGISTRY=...`
	@.venv/bin/pytest $(or $(TESTS),tests/cluster) --durations=10

lint: install clients ## style, types, the rules of the house, the SDL
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(RUN) scripts/manifests.py --check
	$(RUN) scripts/costs.py --check
	$(RUN) scripts/fields.py --check
	$(RUN) scripts/exits.py --check
	npm run --silent lint --prefix router
	router/node_modules/.bin/tsc --noEmit -p tests/clients

subgraph: install ## a new subgraph, in a running mesh too: make subgraph NAME=reviews RPC=1
	@$(RUN) -m tilt.scaffold add "$(NAME)" $(if $(RPC),--rpc)

subgraph-update: install ## bring later changes of the template to one: make subgraph-update NAME=reviews
	@$(RUN) -m tilt.scaffold update "$(NAME)"

subgraph-remove: install ## take one away, with its data: make subgraph-remove NAME=reviews
	@$(RUN) -m tilt.scaffold remove "$(NAME)" $(if $(YES),--yes)

compose: node ## write schema/supergraph.graphql from supergraph.yaml
	@npm run --silent compose --prefix router

manifests: python node ## write what is the same for each subgraph, from supergraph.yaml and subgraphs/*/subgraph.yaml
	@$(RUN) scripts/manifests.py
	@npm run --silent hive-tls --prefix router

costs: python ## write docs/frontend/costs.md, what the dearest registered operations cost
	@$(RUN) scripts/costs.py

fields: python ## bring tests/contract/fields, who may see which field, up to date with the SDL
	@$(RUN) scripts/fields.py

exits: python ## write the states of orders and their ways out into docs/architecture/checkout.md
	@$(RUN) scripts/exits.py

proto: python ## write the Python code of the protos in schema/proto
	@$(RUN) -m grpc_tools.protoc -I. --python_out=. --pyi_out=. --grpc_python_out=. $$(find schema/proto -name '*.proto')

bench: install ## measure the running mesh
	@$(RUN) -m tests.load

images: has-python ## build all images; make images SUBGRAPHS="orders users" TAG=dev BASE=... REGISTRY=... ROUTER=node
	@$(PYTHON) scripts/images.py $(if $(SUBGRAPHS),--subgraphs $(SUBGRAPHS)) $(if $(TAG),--tag $(TAG)) $(if $(BASE),--base $(BASE)) \
		$(if $(REGISTRY),--registry $(REGISTRY)) $(if $(ROUTER),--router $(ROUTER)) $(if $(DEMONSTRATION),--demonstration)

sbom: install ## what is in each image, as CycloneDX in build/sbom
	@$(RUN) scripts/sbom.py $(TAG)

lock: python ## write Python's lock files anew, versions stay: make lock UPGRADE=aiohttp
	@scripts/lock $(if $(UPGRADE),--upgrade-package $(UPGRADE))

install: has-python ## what the lock files say
	@$(HELD) $(PYTHON) tilt/embedded/install.py python node

python: has-python
	@$(HELD) $(PYTHON) tilt/embedded/install.py python

node: has-python
	@$(HELD) $(PYTHON) tilt/embedded/install.py node

clients: has-python
	@$(HELD) $(PYTHON) tilt/embedded/install.py clients

.PHONY: has-python
has-python:
	@command -v $(PYTHON) >/dev/null || { echo "mercato: $(PYTHON) is missing: install Python 3.11 or later." >&2; exit 1; }
