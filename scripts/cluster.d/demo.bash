# The demonstrations. Sourced by scripts/cluster, after parts.bash.
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of scripts/cluster and parts.bash

client() { ADMIN_SECRET_KEY=$admin_secret python3 -BsE "$repository/scripts/cluster.d/$1" "${@:2}"; }

milliseconds() {
  local now=${EPOCHREALTIME:-$SECONDS.000000}
  echo $((${now//[.,]/} / 1000))
}

event() { touch "events/$1"; }

# Sleeps in short steps, so that bash handles a signal at once.
pause() {
  local end=$((SECONDS + $1))
  while [ "$SECONDS" -lt "$end" ]; do sleep 0.2; done
}

begin_load() {
  rm -rf events && mkdir events
  local bases=("${server_ports[@]/#/http://127.0.0.1:}")
  client load.py --base "http://127.0.0.1:$balancer_port" --servers "${bases[@]}" --events events \
    --balancer-metrics "$balancer_metrics" --clients "${CLUSTER_CLIENTS:-64}" "$@" >figures 2>&1 &
  load=$!
  until_true 30 "$load" test -e events/begun
}

# Ends the load. Fails if the load found a failure.
end_load() {
  local status=0
  event end
  wait "$load" || status=$?
  load=
  return "$status"
}

# Stops a server with SIGTERM, as an orchestrator does, and starts it again. Fails if its exit code is not 0.
restart_server() {
  local number=$1 code=0 began stopped
  began=$(milliseconds)
  kill -TERM "${server_pids[number]}"
  wait "${server_pids[number]}" || code=$?
  stopped=$(milliseconds)
  start_server "$number" "${server_ports[number]}" "${metrics_ports[number]}" ||
    { echo "server $number: not ready again" && return 1; }
  echo "server $number: exit code $code after $((stopped - began)) ms," \
    "ready again after $(($(milliseconds) - began)) ms"
  [ "$code" = 0 ]
}

demo_restart() {
  local number status=0 least=${CLUSTER_SECONDS:-60} began=$SECONDS
  begin_load || return 1
  for number in 1 2 3; do
    pause $((least / 8))
    restart_server "$number" || status=1
    # The balancer needs a moment to notice.
    pause 1
  done
  while [ $((SECONDS - began)) -lt "$least" ]; do pause 1; done
  end_load && return "$status"
  return 1
}

demo_primary() {
  local status=0
  begin_load --outage || return 1
  pause 3
  control primary stop -m fast || return 1
  event stopped
  pause "${CLUSTER_OUTAGE:-10}"
  control primary start || return 1
  event returned
  pause 6
  end_load || status=1
  return "$status"
}

demo_replica() {
  local status=0 at_first away again at_last
  begin_load || return 1
  at_first=$(reads_of_replica)
  pause 5
  away=$(reads_of_replica)
  control replica stop -m fast || return 1
  pause "${CLUSTER_OUTAGE:-10}"
  control replica start || return 1
  again=$(reads_of_replica)
  pause 8
  at_last=$(reads_of_replica)
  end_load || status=1
  echo "reads of products that the replica answered: $((away - at_first)) before, $((at_last - again)) after"
  # Without reads from the replica, the demonstration would show nothing.
  [ "$away" -gt "$at_first" ] && [ "$at_last" -gt "$again" ] || status=1
  return "$status"
}

reads_of_replica() {
  database replica -d eggypro -c "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'products'"
}

demo_visible() { client visible.py "http://127.0.0.1:$balancer_port" "${server_ports[@]/#/http://127.0.0.1:}"; }

demonstrate() {
  local name verdict code=0
  [ $# -gt 0 ] || set -- visible restart replica primary
  for name in "$@"; do
    echo "Demonstration $name: $(purpose_of "$name")"
    : >figures
    verdict=PASS load=
    "demo_$name" >told 2>&1 || verdict=FAIL code=1
    # A demonstration that fails early leaves the load running.
    [ -z "$load" ] || kill "$load" 2>/dev/null || true
    sed 's/^/  /' told figures
    echo "$verdict $name"
  done
  return "$code"
}

purpose_of() {
  case $1 in
    restart) echo "each server is stopped and started again under load, and no request fails" ;;
    primary) echo "the primary is away under load; what is kept goes on, the rest is told when to come back" ;;
    replica) echo "the replica is away under load, and no request fails" ;;
    visible) echo "a write through one server is seen at the others within 100 ms" ;;
  esac
}
