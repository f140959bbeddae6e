#!/bin/sh
# Run a command with PARVIS_CHROMIUM naming a Chromium, installed first where that is allowed.
set -eu

say() { printf '%s\n' "$*" >&2; }

find_browser() {
    for name in "${PARVIS_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

if ! browser="$(find_browser)"; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Debian's chromium"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
    fi
    browser="$(find_browser)" || say "No Chromium found (apt install chromium): the journeys are skipped."
fi
PARVIS_CHROMIUM="${browser:-}"
export PARVIS_CHROMIUM

# The demonstration is made once: journeys in other processes and on other databases restore it.
if [ -z "${PARVIS_DEMO_BACKUP:-}" ]; then
    folder="$(mktemp -d "${TMPDIR:-/tmp}/parvis-journeys.XXXXXX")"
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM
    PARVIS_DEMO_BACKUP="$folder/demo.tar"
    export PARVIS_DEMO_BACKUP
fi
"$@"
