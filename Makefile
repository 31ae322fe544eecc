# Works on a machine with Python 3.12, Python 3.10, git and make; everything else is installed here.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PY := .venv/bin/python
NLU_PY := nlu/.venv/bin/python
# A uv that merely stands on the PATH may be a shim that refuses this folder's Python, so it is tried out.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo $(CURDIR)/.uv/bin/uv; fi)

.PHONY: setup up check test lock format clean

setup: .venv/ready nlu/.venv/ready

.uv/bin/uv:
	python3.12 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/ready: requirements.lock pyproject.toml | $(if $(filter uv,$(UV)),,.uv/bin/uv)
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip sync --quiet --require-hashes requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

nlu/.venv/ready: nlu/requirements.lock | $(if $(filter uv,$(UV)),,.uv/bin/uv)
	cd nlu && $(UV) venv --quiet --allow-existing .venv && $(UV) pip sync --quiet --require-hashes requirements.lock
	touch $@

up: setup
	.venv/bin/ketang up

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/mypy --config-file nlu/mypy.ini --cache-dir .mypy_cache/nlu -p nlu
	$(NLU_PY) -m nlu check
	$(PY) -m pytest -q tests/unit --ignore=tests/unit/nlu -k "not sqlite and not postgresql"
	$(NLU_PY) -m pytest -q -c tests/unit/nlu/pytest.ini tests/unit/nlu

test: check
	.ci/prepare
	$(PY) -m pytest -q tests/unit --ignore=tests/unit/nlu -k "sqlite or postgresql"
	$(PY) -m pytest -q tests/integration tests/channels tests/console tests/intake
	.venv/bin/ketang train
	$(NLU_PY) -m pytest -q -c tests/unit/nlu/pytest.ini tests/nlu
	$(PY) -m pytest -q tests/conversations tests/e2e tests/browser

format: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Names, versions and hashes only; no index address ever enters a lock file.
lock: | $(if $(filter uv,$(UV)),,.uv/bin/uv)
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.12 --group dev pyproject.toml -o requirements.lock
	cd nlu && $(UV) pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.10 pyproject.toml -o requirements.lock

# The databases and the secret key in var/ stay.
clean:
	rm -rf .venv nlu/.venv .uv models
