# Every target makes the environment it needs; the second time there is nothing to make.

BIN := .venv/bin
CODE := *384\#
AS := +6281234567890
# Tests are spread over so many processes; 0 runs them in one.
CORES := auto

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format types locked spoken talk diagrams lock texts bench simulate mutate check-browser check-security browser clean
.PHONY: environment-run environment-dev environment-heavy

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: environment-run ## the whole counter on this machine, with phones in a browser page
	@$(BIN)/loket demo $(ARGS)

test: environment-dev ## the tests, without the browser ones
	$(BIN)/python -m pytest -n $(CORES) --dist worksteal $(ARGS)

check: lint types locked spoken test ## all that a change must pass: style, types, locks, catalogues, tests

lint: environment-dev ## style and layout of the source
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: environment-dev ## mend style and layout in place
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: environment-dev ## mypy, strict
	$(BIN)/mypy

locked: environment-dev ## are the locks still those of pyproject.toml?
	$(BIN)/python -m tools.lock --check

spoken: environment-dev ## are the catalogues of every language complete?
	$(BIN)/python -m tools.texts --check

talk: environment-run ## a phone in this terminal, with a counter of its own (CODE=..., AS=+62...)
	@$(BIN)/loket dial '$(CODE)' --as $(AS) --demo

diagrams: environment-run ## print the life cycles into docs/
	$(BIN)/python -m tools.diagrams

lock: ## remake requirements/ from pyproject.toml (needs uv; UPGRADE=1 for newer versions)
	$(or $(PYTHON),python3) -m tools.lock $(if $(UPGRADE),--upgrade)

texts: environment-run ## bring the catalogues up to the texts in the source
	$(BIN)/python -m tools.texts

bench: environment-dev ## how fast a turn, a payment and a chat are, as ratios to what bounds them
	$(BIN)/python -m bench.turns
	$(BIN)/python -m bench.payments
	$(BIN)/python -m bench.ledger
	$(BIN)/python -m bench.long_journal
	$(BIN)/python -m bench.telegram

simulate: environment-dev ## worlds in which everything goes wrong, from new seeds (MINUTES=20)
	$(BIN)/python -m tests.simulation --minutes $(or $(MINUTES),20) $(ARGS)

mutate: environment-dev ## are known mistakes about money noticed, each made in a copy?
	$(BIN)/python -m tools.mutations $(ARGS)

check-browser: browser ## the phone page in a real Chromium, which it installs when it can
	$(BIN)/python -m pytest tests/browser $(ARGS)

check-security: environment-dev ## the threats by the whole length of the way: timing, a process's memory, all guesses
	THOROUGH=1 $(BIN)/python -m pytest tests/security $(ARGS)

browser: environment-heavy ## only the browser and what drives it
	@sh tools/chromium.sh

clean: ## forget the environment and what the tools left behind
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment-run environment-dev environment-heavy:
	@PYTHON="$(PYTHON)" sh tools/environment.sh $(@:environment-%=%)
