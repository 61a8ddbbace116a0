# A throw-away PostgreSQL cluster of one test: sourced by tests/pg/*.sh. It listens on a Unix socket in a folder of its own,
# syncs what it commits, and is gone with the test, however that ends.
set -euo pipefail

pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
[ -x "$pg_bin/initdb" ] || {
    echo "PostgreSQL's server is missing: bash packaging/deps test"
    exit 1
}

cluster_home=$(mktemp -d /tmp/relais-pg.XXXXXX)
cluster_user=$(id -un)
# The server refuses to run as root.
if [ "$(id -u)" -eq 0 ]; then
    cluster_user=$(getent passwd postgres nobody | head -1 | cut -d: -f1)
    chown "$cluster_user" "$cluster_home"
fi
chmod 755 "$cluster_home"

cluster_as() {
    if [ "$(id -un)" = "$cluster_user" ]; then "$@"; else setpriv --reuid "$cluster_user" --regid "$(id -g "$cluster_user")" --clear-groups -- "$@"; fi
}

# cluster_psql NAME [ARGUMENT…]: in the database of that server.
cluster_psql() {
    local name=$1
    shift
    psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$cluster_home/$name.socket" -U relais -d "${DATABASE:-relais}" "$@"
}

# cluster_url NAME DATABASE
cluster_url() {
    echo "postgres://relais@/$2?host=$cluster_home/$1.socket"
}

cluster_configure() { # NAME, more lines on stdin
    mkdir -p "$cluster_home/$1.socket"
    chmod 777 "$cluster_home/$1.socket"
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$cluster_home/$1.socket'"
        echo "fsync = on"
        echo "shared_buffers = 32MB"
        echo "max_connections = 60"
        echo "log_min_messages = warning"
        cat
    } | cluster_as tee -a "$cluster_home/$1/postgresql.conf" >/dev/null
}

cluster_start() { # NAME
    cluster_as "$pg_bin/pg_ctl" -D "$cluster_home/$1" -l "$cluster_home/$1.log" -w -s start || {
        cat "$cluster_home/$1.log"
        return 1
    }
}

# cluster_make NAME [DATABASE…]: a server that runs. More settings come on stdin.
cluster_make() {
    local name=$1 database
    shift
    cluster_as "$pg_bin/initdb" -D "$cluster_home/$name" -U relais -A trust -E UTF8 --no-locale >"$cluster_home/initdb.log" 2>&1 || {
        cat "$cluster_home/initdb.log"
        return 1
    }
    cluster_configure "$name"
    cluster_start "$name"
    for database in "$@"; do DATABASE=postgres cluster_psql "$name" -c "CREATE DATABASE $database"; done
}

cluster_stop() { # NAME HOW: fast, or immediate as in a crash
    cluster_as "$pg_ctl_program" -D "$cluster_home/$1" -m "$2" -s stop
}
pg_ctl_program=$pg_bin/pg_ctl

cluster_end() {
    local folder
    for folder in "$cluster_home"/*/postmaster.pid; do
        [ ! -f "$folder" ] || cluster_as "$pg_ctl_program" -D "$(dirname "$folder")" -m immediate -s stop 2>/dev/null || true
    done
    rm -rf "$cluster_home"
}
trap cluster_end EXIT

# cluster_standby NAME OF: a standby that follows OF and confirms its commits from now on.
cluster_standby() {
    cluster_as "$pg_bin/pg_basebackup" -h "$cluster_home/$2.socket" -U relais -D "$cluster_home/$1" -X stream -c fast -R
    cluster_configure "$1" </dev/null
    cluster_start "$1"
    DATABASE=postgres cluster_psql "$2" -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c "SELECT pg_reload_conf()" >/dev/null
    until [ "$(DATABASE=postgres cluster_psql "$2" -c "SELECT sync_state FROM pg_stat_replication")" = sync ]; do :; done
}

# cluster_kill NAME: as if its machine had lost its power.
cluster_kill() {
    local postmaster children
    postmaster=$(head -1 "$cluster_home/$1/postmaster.pid")
    kill -STOP "$postmaster"
    children=$(ps -o pid= --ppid "$postmaster" || true)
    # shellcheck disable=SC2086
    kill -9 "$postmaster" $children
}

cluster_promote() { # NAME
    cluster_as "$pg_ctl_program" -D "$cluster_home/$1" -w -s promote
}
