#!/bin/sh
# Make .venv hold exactly the pinned requirements and this package: scripts/setup.sh dev|bench
set -eu
cd "$(dirname "$0")/.."
kind="$1"

say() { printf '%s\n' "$*" >&2; }
is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
digest() {
    for file in "requirements/$1.txt" pyproject.toml; do cat "$file"; done | sha256sum | cut -c 1-64
}
is_done() { [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(digest "$1")" ]; }

if is_done dev && { [ "$kind" = dev ] || is_done bench; }; then
    .venv/bin/python scripts/messages.py compile
    sh scripts/frontend.sh
    exit 0
fi

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_recent "$PYTHON" && printf '%s' "$PYTHON" && return 0
        say "PYTHON=$PYTHON does not run or is older than Python 3.11."
        return 1
    fi
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        is_recent "$name" && command -v "$name" && return 0
    done
    say "Parvis needs Python 3.11 or newer and found none on PATH."
    say "On Debian or Ubuntu: apt install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python3.11"
    return 1
}

# Debian splits the standard library: venv works only with the package python3.X-venv.
need_venv_module() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
    package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $package"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package" >&2 && return 0
    fi
    say "$1 cannot make virtual environments: the package $package is missing."
    say "Install it (apt install $package) and run make again."
    return 1
}

if ! { [ -x .venv/bin/python ] && is_recent .venv/bin/python && .venv/bin/python -m pip --version; } \
    >/dev/null 2>&1; then
    python="$(find_python)"
    need_venv_module "$python"
    say "Creating .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

install() {
    is_done "$1" && return 0
    say "Installing the pinned packages of requirements/$1.txt (some minutes the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "requirements/$1.txt"
}

install dev
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --no-build-isolation --editable .
digest dev >.venv/dev.stamp
if [ "$kind" = bench ]; then
    install bench
    digest bench >.venv/bench.stamp
fi
.venv/bin/python scripts/messages.py compile
sh scripts/frontend.sh
