# Every target is a command that a developer and CI run alike. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --strip-extras --allow-unsafe --no-header
TESTS   = $(BIN)/pytest -q -n logical --maxprocesses 4 --dist worksteal
PURE    = tests/golden tests/property tests/test_examples.py \
	$(filter-out $(addprefix tests/unit/test_,$(WORLD)),$(wildcard tests/unit/test_*.py))
WORLD   = cloud% doctor% fake% init% kube% plan% reconcile% terraform% # these start engines and servers
LAB     = $(BIN)/pytest -q --timeout 900
QUICK   = $(LAB) -m "faults and quick" -n 3 --dist worksteal
# Tests start many processes: compiled once, they start in three quarters of the time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install lock format lint test coverage slow processes protections golden e2e soak wheel \
	docs check demo clean lab-up lab-down lab-status lab-occm-up lab-occm-down bench-render bench-occm changelog

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements/build.txt requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements/build.txt
	$(INSTALL) --require-hashes -r requirements/dev.txt
	$(INSTALL) -e .
	@touch $@

install: $(READY) ## Make the development environment in .venv, from the lock.

lock: $(READY) ## Lock dependencies anew: dev.txt, and of it build.txt and run.txt, what users need.
	$(COMPILE) -o requirements/dev.txt requirements/dev.in pyproject.toml
	$(COMPILE) -c requirements/dev.txt -o requirements/build.txt requirements/build.in
	$(COMPILE) -c requirements/dev.txt -o requirements/run.txt pyproject.toml

format: $(READY) ## Format and mend what can be mended.
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lint: $(READY) ## Check style, types, layers and generated pages.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy generator lab benchmarks tools tests
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.docs --check

test: $(READY) ## Run the tests that need only Python and its packages (two minutes at most).
	$(TESTS) --timeout 120

coverage: $(READY) ## Test the pure modules with four times the examples; 95 % must be covered.
	$(TESTS) --timeout 900 --hypothesis-profile=thorough --cov --cov-report=term $(PURE)

slow: $(READY) ## Ask 10,000 Services, annotation maps and Nodes each whether translation takes them.
	$(TESTS) --timeout 600 --hypothesis-profile=slow -m slow tests/property

processes: $(READY) ## Kill commands at every step, and start many at once.
	$(TESTS) --timeout 300 -m "processes and not engine" tests/unit

protections: $(READY) ## Take each protection out, in a copy: a test must fail for it.
	$(BIN)/python -m tests.protections

golden: $(READY) ## Rewrite the expected trees of examples and golden tests.
	$(BIN)/pytest -q tests/golden tests/test_examples.py --update-golden
	$(BIN)/python -m tools.docs
	git --no-pager diff --stat -- tests/golden examples docs

e2e: $(READY) lab-up ## Run the tests that need the laboratory and both engines.
	$(BIN)/python -m lab build tofu
	$(LAB) -m "(lab or engine) and not disruptive" -n 4 --dist worksteal
	$(LAB) -m "disruptive"

soak: $(READY) lab-up ## Ten minutes and 300 random operations on the laboratory (SECONDS=600 SEED=n STEPS=k).
	$(BIN)/python -m tests.soak --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED)) \
		$(if $(STEPS),--steps $(STEPS))

.PHONY: faults faults-quick
faults: $(READY) lab-up ## Try every fault on the laboratory, and write docs/reliability.md (30 minutes; GO_ON=1: the rest of it).
	$(QUICK) $(if $(GO_ON),--go-on,--anew) tests/faults
	$(LAB) -m faults --write-reliability --go-on tests/faults

faults-quick: $(READY) lab-up ## Try the faults that touch nothing others use, several at once (8 minutes).
	$(QUICK) tests/faults

wheel: $(READY) ## Build the wheel, install it alone, and render an example with it.
	$(BIN)/python -m tools.wheel_test

check: lint test processes coverage slow wheel e2e faults-quick ## All checks; CI runs them, and make demo.

demo: $(READY) ## Set everything up, run the main job on real input, show the address and the page.
	$(BIN)/python -m lab.demo

lab-up: $(READY) ## Bring up a real OpenStack and Kubernetes on loopback.
	$(BIN)/python -m lab up

lab-down: $(READY) ## Stop the laboratory (WIPE=1: and remove all its state).
	$(BIN)/python -m lab down $(if $(WIPE),--wipe)

lab-status: $(READY) ## Show the laboratory's services.
	$(BIN)/python -m lab status

lab-occm-up: $(READY) ## Start the rival, the OpenStack cloud controller manager.
	$(BIN)/python -m lab occm up

lab-occm-down: $(READY) ## Stop the rival.
	$(BIN)/python -m lab occm down

bench-render: $(READY) ## Measure rendering: 10,000 Services, against the limits.
	$(BIN)/python benchmarks/render.py

bench-occm: $(READY) lab-up ## Measure tfgen against OCCM on the laboratory, in one run.
	$(BIN)/python benchmarks/against_occm.py

docs: $(READY) ## Write the reference pages from the code.
	$(BIN)/python -m tools.docs

changelog: $(READY) ## Show what the fragments of changelog.d say for the next release.
	$(BIN)/towncrier build --draft --version next

clean: ## Remove caches and builds; the laboratory and .venv stay.
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -not -path './.venv/*' -not -path './.lab/*' -prune -exec rm -rf {} +
