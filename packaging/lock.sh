#!/usr/bin/env bash
# Renews requirements.lock and requirements-test.lock from pyproject.toml. Needs uv. No index address gets into the files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() {
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-annotate --no-header "$@"
}

compile --extra check --output-file requirements.lock
compile --extra check --extra test --extra related --constraints requirements.lock --output-file requirements-test.lock
if grep -n '://' requirements*.lock; then
  echo "an address got into a lock file" >&2
  exit 1
fi
