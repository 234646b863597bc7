# The primary and its replica, each in a folder of its own in $work. Sourced by scripts/cluster, after tools.bash.
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of scripts/cluster and tools.bash

find_postgres() {
  local found
  # Distributions link some programs into /usr/bin. The others are in the folder that the links lead to.
  found=$(command -v initdb) || found=$(
    for found in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* /usr/lib/postgresql*/bin \
      /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
      if [ -x "$found/initdb" ]; then echo "$found/initdb"; fi
    done | sort -V | tail -n 1
  )
  PATH=$(dirname "$(realpath "$found")"):$PATH
}

# database NAME [ARGUMENT ...]: runs psql on the primary or the replica as the administrator.
database() {
  local name=$1
  shift
  "${as_owner[@]}" psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$work/$name" -p "$(cat "$name/port")" -U postgres "$@"
}

control() {
  local name=$1
  shift
  # The server that pg_ctl starts inherits its output.
  "${as_owner[@]}" pg_ctl -D "$work/$name/data" -w -s "$@" >>"$work/$name/$name.log" 2>&1
}

start_postgres() {
  echo "$2" | own_file "$1/port"
  own_file "$1/settings.conf" <<END
include '../postgresql.conf'
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '"$work/$1"'
END
  control "$1" start
}

make_primary() {
  own_folder primary
  "${as_owner[@]}" initdb -D primary/data -U postgres -E UTF8 --no-locale --no-sync --auth-local=trust \
    --auth-host=scram-sha-256 >initdb.log 2>&1 || { cat initdb.log >&2 && return 1; }
  echo "include '../settings.conf'" >>primary/data/postgresql.conf
  start primary 1 start_postgres primary
  database primary <<END
CREATE ROLE eggypro LOGIN PASSWORD '$password';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD '$password';
CREATE DATABASE eggypro OWNER eggypro;
END
  database primary -d eggypro -f - <"$repository/deploy/cluster/role.sql"
}

make_replica() {
  own_folder replica
  "${as_owner[@]}" pg_basebackup -D replica/data -R -C -S replica -X stream -c fast --no-sync \
    -d "host=127.0.0.1 port=$(cat primary/port) user=replicator sslmode=disable" >basebackup.log 2>&1 ||
    { cat basebackup.log >&2 && return 1; }
  start replica 1 start_postgres replica
  until_true 10 $$ is_streaming || { complain "the replica does not stream" && return 1; }
}
is_streaming() { database replica -c "SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming'" | grep -q 1; }
