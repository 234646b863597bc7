# The other parts of the cluster, and the start and stop of all. Sourced by scripts/cluster, after tools.bash and
# postgres.bash.
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of scripts/cluster and tools.bash

start_redis() {
  "${as_owner[@]}" redis-server --bind 127.0.0.1 --port "$1" --dir "$work/redis" --save '' --appendonly no \
    --maxmemory 128mb --maxmemory-policy volatile-ttl >redis.log 2>&1 &
  until_true 10 $! redis-cli -p "$1" ping || return
  redis_port=$1
}

start_pgbouncer() {
  # A later line replaces an earlier one. The included file ends in the section [pgbouncer], and these lines continue
  # it. A second header of that section would reset its settings.
  own_file pgbouncer/settings.ini <<END
%include $work/pgbouncer.ini
listen_addr = 127.0.0.1
listen_port = $1
auth_file = $work/pgbouncer/userlist.txt
[databases]
eggypro = host=127.0.0.1 port=$(cat primary/port) dbname=eggypro
END
  "${as_owner[@]}" pgbouncer pgbouncer/settings.ini >pgbouncer.log 2>&1 &
  until_true 10 $! "${as_owner[@]}" psql -X -w -c 'SELECT 1' \
    "host=127.0.0.1 port=$1 user=eggypro dbname=eggypro sslmode=disable" || return
  pooler_port=$1
}

# url PORT [PARAMETERS]
url() { echo "postgresql://eggypro:$password@127.0.0.1:$1/eggypro?sslmode=disable${2:+&$2}"; }

# run_eggypro PORT METRICS-PORT COMMAND ...: replaces this process by the server's command, with this environment only.
run_eggypro() {
  local name direct
  direct=$(cat primary/port)
  for name in $(compgen -e); do
    case $name in
      PATH | LD_LIBRARY_PATH | RUST_LOG) ;;
      *) unset "$name" ;;
    esac
  done
  export APP_ENV=development EGGYPRO_DATA_DIR="$work/shop" TRUSTED_PROXIES=127.0.0.1
  export ADMIN_SECRET_KEY="$admin_secret" JWT_SECRET="$jwt_secret" RATE_LIMIT_MAX_REQUESTS=1000000000
  export REDIS_URL="redis://127.0.0.1:$redis_port"
  export PORT="${1:-}" METRICS_BIND="${2:+127.0.0.1:$2}" SHUTDOWN_GRACE_MS=2000
  POSTGRES_LISTEN_URL=$(url "$direct")
  # Migrations, and waiting for another process that migrates, may take longer than the role's limits.
  MIGRATION_URL=$(url "$direct" options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D0)
  POSTGRES_URL=$MIGRATION_URL
  if [ -n "${1:-}" ]; then
    POSTGRES_URL=$(url "${pooler_port:-$direct}")
    export POSTGRES_READ_URL READ_MAX_LAG_MS=1000 POSTGRES_PREPARED_STATEMENTS=false
    POSTGRES_READ_URL=$(url "$(cat replica/port)")
  fi
  export POSTGRES_URL POSTGRES_LISTEN_URL MIGRATION_URL
  exec "$eggypro" "${@:3}"
}

load_catalogue() {
  { (run_eggypro '' '' seed --yes) && (run_eggypro '' '' seed --yes --products 2000); } >seed.log 2>&1 ||
    { cat seed.log >&2 && complain "The catalogue was not loaded" && return 1; }
}

# start_server NUMBER PORT METRICS-PORT
start_server() {
  (run_eggypro "$2" "$3" serve) >>"eggypro-$1.log" 2>&1 &
  server_pids[$1]=$! server_ports[$1]=$2 metrics_ports[$1]=$3
  until_true 20 $! answers "$2" /api/health/ready
}

start_haproxy() {
  "${as_owner[@]}" "BALANCER=127.0.0.1:$1" "METRICS=127.0.0.1:$2" "EGGYPRO_1=127.0.0.1:${server_ports[1]}" \
    "EGGYPRO_2=127.0.0.1:${server_ports[2]}" "EGGYPRO_3=127.0.0.1:${server_ports[3]}" \
    haproxy -db -f haproxy.cfg >haproxy.log 2>&1 &
  until_true 10 $! is_open "$1" || return
  balancer_port=$1 balancer_metrics=http://127.0.0.1:$2/metrics
}

start_all() {
  local number
  server_pids=() server_ports=() metrics_ports=() pooler_port=
  find_postgres
  choose_user
  password=$(secret) admin_secret=$(secret) jwt_secret=$(secret)
  cp "$repository"/deploy/cluster/{postgresql.conf,pgbouncer.ini,haproxy.cfg} .
  chmod 644 postgresql.conf pgbouncer.ini haproxy.cfg
  own_file passwords <<<"*:*:*:*:$password"
  own_folder redis
  own_folder pgbouncer
  own_file pgbouncer/userlist.txt <<<"\"eggypro\" \"$password\""

  echo "Starting in $work"
  start redis 1 start_redis
  make_primary
  load_catalogue
  make_replica
  [ "${CLUSTER_POOLER:-}" = no ] || start pgbouncer 1 start_pgbouncer
  for number in 1 2 3; do start "eggypro-$number" 2 start_server "$number"; done
  start haproxy 2 start_haproxy
}

print_addresses() {
  local number
  cat <<END
EggyPro runs until Ctrl-C
  balancer       http://127.0.0.1:$balancer_port, for Prometheus $balancer_metrics
  documentation  http://127.0.0.1:$balancer_port/api/docs
  admin secret   $admin_secret
END
  for number in 1 2 3; do
    echo "  server $number       http://127.0.0.1:${server_ports[number]}, process ${server_pids[number]}," \
      "for Prometheus http://127.0.0.1:${metrics_ports[number]}/metrics"
  done
  cat <<END
  primary        127.0.0.1:$(cat primary/port)${pooler_port:+, PgBouncer before it 127.0.0.1:$pooler_port}
  replica        127.0.0.1:$(cat replica/port)
  Redis          127.0.0.1:$redis_port
  logs           $work
END
}

# Restarts a server that ends, for example because a user stops one to see what happens, and prints a line.
watch_parts() {
  local number code
  while sleep 0.5; do
    for number in 1 2 3; do
      kill -0 "${server_pids[number]}" 2>/dev/null && continue
      code=0
      wait "${server_pids[number]}" || code=$?
      echo "Server $number has ended with $code and is started again"
      start_server "$number" "${server_ports[number]}" "${metrics_ports[number]}" || complain "It does not start"
    done
  done
}

# Stops all parts, users before the parts that they use.
stop_all() {
  local name
  stop_processes
  for name in replica primary; do
    if [ -e "$work/$name/data/postmaster.pid" ]; then control "$name" stop -m immediate; fi
  done
}

# Stops all processes of this script by SIGTERM, and after ten seconds by SIGKILL.
stop_processes() {
  local signal
  for signal in TERM TERM KILL; do
    # shellcheck disable=SC2046 # numbers
    kill -"$signal" $(jobs -p) 2>/dev/null
    for _ in $(seq 50); do
      [ -n "$(jobs -pr)" ] || return
      sleep 0.1
    done
  done
}
