#!/bin/sh
# One instance for one authority: user, database, data directory, keys, port, units of its own.
#
#   deploy/instance.sh NAME HOST [DATABASE_URL]
#
# ROOT=/some/folder writes below that folder and starts nothing, to look at what it would do.
# An existing instance is left as it is.
set -eu

name="${1:-}"
host="${2:-}"
database="${3:-}"
root="${ROOT:-}"
here="$(cd "$(dirname "$0")" && pwd)"

fail() { printf '%s\n' "$*" >&2; exit 1; }

printf '%s' "$name" | grep -Eq '^[a-z][a-z0-9-]{0,19}$' ||
    fail "NAME ($name) takes up to 20 lower-case letters, digits and hyphens, a letter first: tessenmark"
printf '%s' "$host" | grep -Eq '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$' ||
    fail "HOST ($host) is a host name without https:// and port: parvis.city.example"
case "$database" in
    '' | postgresql://*) ;;
    *) fail "DATABASE_URL ($database) begins with postgresql://; without it SQLite is used" ;;
esac
[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "Run as root, or set ROOT=/some/folder to try it."

etc="$root/etc/parvis"
env="$etc/$name.env"
data="/var/lib/parvis/$name"
[ ! -e "$env" ] || fail "$env exists: the instance $name is there already."
if grep -qsE "^PARVIS_HOSTS=$(printf '%s' "$host" | sed 's/\./\\./g')\$" "$etc"/*.env; then
    fail "Another instance answers to $host."
fi

key() { od -An -N48 -vtx1 /dev/urandom | tr -d ' \n'; }

port=8101
while grep -qs "^PARVIS_PORT=$port\$" "$etc"/*.env; do port=$((port + 1)); done

umask 077
mkdir -p "$etc" "$root$data" "$root/var/backups/parvis/$name"
cat > "$env.part" <<END
# Parvis, instance $name. Keep a copy of both keys outside this machine: without the audit key no
# backup can be restored, without the secret key no second factor works after restoring.
PARVIS_PRODUCTION=1
DJANGO_SETTINGS_MODULE=parvis_web.config.settings.prod
PARVIS_SECRET_KEY=$(key)
PARVIS_AUDIT_KEY=$(key)
PARVIS_HOSTS=$host
PARVIS_PORT=$port
PARVIS_TRUSTED_PROXIES=1
PARVIS_DATA=$data
DATABASE_URL=$database
PARVIS_HOME=/var/cache/parvis/$name/library
NUMBA_CACHE_DIR=/var/cache/parvis/$name/numba
PARVIS_WEB_PROCESSES=2
PARVIS_RUN_SLOTS=1
PARVIS_BENCH_SIZE=2
PARVIS_UPLOAD_LIMIT_MB=2048
PARVIS_METRICS=0
PARVIS_MAIL_HOST=localhost
PARVIS_MAIL_PORT=25
PARVIS_MAIL_FROM=parvis@$host
END
mv "$env.part" "$env"

if [ -n "$root" ]; then
    printf 'Wrote %s; nothing was started.\n' "$env"
    exit 0
fi

id "parvis-$name" >/dev/null 2>&1 ||
    useradd --system --home-dir "$data" --shell /usr/sbin/nologin "parvis-$name"
chown "parvis-$name:" "$data" "/var/backups/parvis/$name"
chmod 711 /var/lib/parvis /var/backups/parvis
chown "root:parvis-$name" "$env"
chmod 640 "$env"
chmod 711 "$etc"
install -m 644 "$here"/systemd/parvis-* /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now "parvis-web@$name" "parvis-worker@$name" "parvis-bench@$name" \
    "parvis-daily@$name.timer"

cat <<END
The instance $name listens at 127.0.0.1:$port for $host.
Next: give that port to the proxy (deploy/Caddyfile or deploy/nginx.conf), then
  deploy/parvis-web $name create_authority "Name of the authority" --slug $name
  deploy/parvis-web $name invite_owner $name somebody@city.example
  deploy/parvis-web $name check --deploy
END
