# Every target with a ## line is shown by `make help`.
PYTHON ?= python3
BIN := .venv/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test serve check site bench update

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: .venv/ok ## do the main job once on the real records: check, diff, report, site
	@sh tools/demo/demo.sh

test: .venv/ok ## run every check and test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/krav sjekk
	$(BIN)/pytest -n auto --dist loadfile

serve: .venv/ok ## show the site with live reload
	$(BIN)/krav nettsted --server

check: .venv/ok ## check the records on disk
	$(BIN)/krav sjekk

site: .venv/ok ## build the site into build/nettsted
	$(BIN)/krav nettsted

bench: .venv/ok ## print what checking, comparing and building the site cost beside libyaml and mkdocs
	$(BIN)/python tests/benchmark.py
	$(BIN)/python tests/benchmark_site.py

update: .venv/ok ## rewrite what is generated and committed: schemas and expected outputs
	$(BIN)/krav skjema --til docs/skjema
	$(BIN)/pytest tests/test_cases.py --oppdater

venv: .venv/ok ## set up .venv with pinned versions

.venv/ok: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kravverk needs Python 3.11 or newer; try make PYTHON=python3.11")'
	@echo "Setting up .venv (a minute the first time)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@
