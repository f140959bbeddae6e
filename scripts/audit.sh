#!/bin/sh
# Ask the advisory services about the pinned packages: BIN=.venv/bin scripts/audit.sh
# Fails on a known vulnerability; says plainly where a service cannot be reached.
set -u
cd "$(dirname "$0")/.."
found=0

output="$("$BIN/pip-audit" -r requirements/run.txt --no-deps --disable-pip \
    --progress-spinner off --timeout 15 2>&1)" || found=1
unknown="$(printf '%s\n' "$output" | grep -c 'could not be audited')"
if [ "$unknown" -gt 0 ]; then
    echo "$unknown Python packages NOT AUDITED: the advisory service does not answer for them"
fi
if [ "$found" = 1 ]; then
    if printf '%s\n' "$output" | grep -qE 'ConnectionError|ServiceError|Timeout'; then
        echo "Python packages NOT AUDITED: no advisory service could be reached"
        found=0
    else
        printf '%s\n' "$output"
    fi
fi

if ! command -v npm >/dev/null 2>&1; then
    echo "npm packages NOT AUDITED: there is no npm on PATH"
elif ! output="$(cd frontend && npm audit --omit=dev --audit-level=moderate 2>&1)"; then
    if printf '%s\n' "$output" | grep -qE 'audit endpoint returned|ENOTFOUND|ECONN|ETIMEDOUT|network'; then
        echo "npm packages NOT AUDITED: no advisory service could be reached"
    else
        printf '%s\n' "$output"
        found=1
    fi
fi
exit "$found"
