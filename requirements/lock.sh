#!/bin/sh
# Renews the lock files: hashes, no download addresses. Needs uv.
set -eu
cd "$(dirname "$0")/.."
compile() {
    out=$1
    shift
    uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-header --python-version 3.11 "$@" -o "requirements/$out" pyproject.toml
}
uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header --python-version 3.11 --group build -o requirements/build.txt
compile run.txt --group build
compile dev.txt --group build --group test --group lint
