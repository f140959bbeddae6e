#!/bin/sh
# Run every check, say which failed, and fail if one did: BIN=.venv/bin scripts/check.sh
set -u
cd "$(dirname "$0")/.."
failed=""
run() {
    name="$1"
    shift
    printf '%s … ' "$name"
    if output="$("$@" 2>&1)"; then
        echo "ok"
    else
        echo "FAILED"
        printf '%s\n' "$output"
        failed="$failed $name"
    fi
}

run_loud() {
    run "$@"
    [ -z "$output" ] || printf '  %s\n' "$output"
}

run style "$BIN/ruff" check .
run format "$BIN/ruff" format --check .
run types "$BIN/mypy"
run layers "$BIN/lint-imports"
run packs "$BIN/parvis" packs check
run spelling "$BIN/codespell"
run_loud advisories env BIN="$BIN" sh scripts/audit.sh

if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
