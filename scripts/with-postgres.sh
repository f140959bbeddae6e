#!/bin/sh
# Run a command with DATABASE_URL pointing at a throw-away PostgreSQL server: with-postgres.sh COMMAND…
set -eu

say() { printf '%s\n' "$*" >&2; }

find_binaries() {
    if command -v initdb >/dev/null 2>&1; then
        dirname "$(readlink -f "$(command -v initdb)")"
        return 0
    fi
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ -x "$folder/initdb" ] && printf '%s\n' "$folder" && return 0
    done
    return 1
}

if ! binaries="$(find_binaries)"; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Debian's postgresql"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >&2
    fi
    if ! binaries="$(find_binaries)"; then
        say "PostgreSQL is missing: apt install postgresql, or set DATABASE_URL to a server of yours."
        exit 1
    fi
fi

folder="$(mktemp -d "${TMPDIR:-/tmp}/parvis-postgres.XXXXXX")"
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$folder"
    as_owner() { (cd / && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"); }
fi
stop() {
    as_owner "$binaries/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

as_owner "$binaries/initdb" -D "$folder/data" -U parvis -A trust -E UTF8 --locale=C >"$folder/log" 2>&1 ||
    { cat "$folder/log" >&2; exit 1; }
as_owner "$binaries/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" start \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
    >"$folder/log" 2>&1 || { cat "$folder/log" "$folder/data/log" >&2; exit 1; }
as_owner "$binaries/createdb" -h "$folder" -U parvis parvis

DATABASE_URL="postgresql://parvis@/parvis?host=$folder"
export DATABASE_URL
"$@"
