# One word a task. `make run` and `make test` need python3 with venv, git and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
# Files of tests are shared out among two processes; a file stays in one. In their own order the slow ones, in a browser, do not come last.
TWO_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: setup run test app bench bench-app accuracy-dev accuracy oracle sbc shock-tests peers lint check clean

setup: .venv/.stamp

# uv and the build backend come from bootstrap.lock, everything else from requirements.lock, all by hash. Byte code is made once, here, as pip
# would: every start of a command or a worker would else compile what it imports, for seconds, where Python may not keep byte code.
.venv/.stamp: requirements.lock bootstrap.lock pyproject.toml
	@echo "Setting up .venv (a minute or two the first time) ..." >&2
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock bootstrap.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

run: setup
	@$(BIN)/sourcecast targets

test: setup
	$(BIN)/python -m pytest $(TWO_AT_ONCE)

app: setup
	$(BIN)/sourcecast app

bench: setup peers
	$(BIN)/python benchmarks/summary.py

# How long a visitor of the app waits, beside an empty page, and twenty visitors at once; needs Chromium and a machine that does nothing else.
bench-app: setup
	$(BIN)/python benchmarks/bench_app.py

# Learns on one part of the reference class and of the class of booms and scores on the other, and what series of one measure gain by hearing
# each other; a quarter of an hour, and nothing else is read.
accuracy-dev: setup
	$(BIN)/python benchmarks/learn_reference_class.py
	$(BIN)/python benchmarks/learn_stack.py
	$(BIN)/python benchmarks/learn_booms.py
	$(BIN)/python benchmarks/learn_siblings.py

# Looks at sets that nothing is learned on; every run is logged with its reason: make accuracy REASON="..."; LIBRARIES=1 adds statsmodels
# and Prophet, half an hour more.
accuracy: setup peers
	$(BIN)/python benchmarks/accuracy.py --reason "$(REASON)" $(if $(LIBRARIES),--libraries)

# The growth model once more, by sampling; rewrites tests/forecast/oracle/. Its libraries live in an environment of their own.
oracle: .venv-oracle/.stamp
	.venv-oracle/bin/python benchmarks/oracle.py

.venv-oracle/.stamp: oracle.lock
	$(PYTHON) -m venv --clear .venv-oracle
	.venv-oracle/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r oracle.lock
	@touch $@

# The whole engine on 1,000 worlds drawn from its own priors; the suite takes 200.
sbc: setup
	SOURCECAST_SBC=1000 $(BIN)/python -m pytest -q tests/scenarios/test_engine_calibration.py

# The laws of shocks on 10**8 draws each.
shock-tests: setup
	$(BIN)/python benchmarks/shock_tests.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint peers
	SOURCECAST_REQUIRE_ALL=1 $(BIN)/python -m pytest $(TWO_AT_ONCE)
	$(BIN)/python benchmarks/summary.py --quick

# statsforecast, to be measured beside; it needs an older pandas, so it lives in an environment of its own.
peers: .venv-peers/.stamp

.venv-peers/.stamp: peers.lock
	$(PYTHON) -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r peers.lock
	@touch $@

clean:
	rm -rf .venv .venv-oracle .venv-peers .benchmarks .mypy_cache .ruff_cache .hypothesis
