# 云庭 Yunting. `make help` lists what there is; setup/bootstrap.py does the work of setting up.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
SETUP = $(PYTHON) setup/bootstrap.py
VENV = .venv/bin

.DEFAULT_GOAL = help
.PHONY: help setup run test check soak bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

setup: ## everything `make run` needs: .venv and the built page
	@$(SETUP) run

run: ## the server with its demo hearing, one login link a person (PORT=8000 DATA=var)
	@$(SETUP) run
	@YUNTING_PORT="$(PORT)" YUNTING_DATA="$(DATA)" exec $(VENV)/python -m server --demo

test: ## every check and every test in its short form
	@$(SETUP) test
	@$(VENV)/python -m setup.tests

check: ## formatters, linters, type checkers, import rules
	@$(SETUP) check
	@$(VENV)/python -m setup.checks

soak: ## the long forms of the fault and property tests (hours)
	@$(SETUP) test
	@$(VENV)/python -m tests.soak

bench: ## benchmarks against other servers; writes bench/results.json and the README's table
	@$(SETUP) bench
	@$(VENV)/python -m bench
	@$(VENV)/python -m bench.media

clean: ## takes away what the other commands made, except DATA
	@rm -rf .venv clients/web/node_modules clients/web/dist server/fonts/node_modules tests/interop/node_modules bench/node_modules
	@rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
