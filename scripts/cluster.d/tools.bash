# Helpers to start the parts. Sourced by scripts/cluster.
# shellcheck shell=bash
# shellcheck disable=SC2154 # `work` is set by scripts/cluster

secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

complain() { echo "$*" >&2; }

# Chooses the user that runs PostgreSQL and PgBouncer, which refuse to run as root. `env -i` drops the caller's settings.
choose_user() {
  owner=$(id -u)
  as_owner=()
  if [ "$owner" = 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    as_owner=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups)
  fi
  as_owner+=(env -i "PATH=$PATH" LC_ALL=C "PGPASSFILE=$work/passwords")
  "${as_owner[@]}" test -x "$work" || { complain "$owner can't enter $work: set TMPDIR"; return 1; }
}

# Creates a folder or a file for the owner only. The content of a file comes from standard input.
own_folder() {
  mkdir -m 700 "$1"
  chown "$owner" "$1"
}
own_file() {
  : >"$1"
  chmod 600 "$1"
  chown "$owner" "$1"
  cat >"$1"
}

# free_ports COUNT: prints free ports below the range for outgoing connections. An outgoing connection could otherwise
# take a server's port while the server restarts.
free_ports() {
  python3 -BsE - "$1" <<'END'
import random, socket, sys
taken = []
while len(taken) < int(sys.argv[1]):
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", random.randrange(20000, 30000)))
        taken.append(listener)
    except OSError:
        pass
print(*(listener.getsockname()[1] for listener in taken))
END
}

# start NAME COUNT FUNCTION [ARGUMENT ...]: starts a part that needs COUNT ports. Another process may take a port first,
# so it makes three attempts with other ports.
start() {
  local name=$1 count=$2 ports
  shift 2
  for _ in 1 2 3; do
    read -ra ports <<<"$(free_ports "$count")"
    if "$@" "${ports[@]}"; then return; fi
  done
  complain "$name does not start:"
  find "$work" -name "$name*.log" -exec tail -n 20 {} \; >&2
  return 1
}

# until_true SECONDS PID COMMAND ...: waits until a command succeeds. Fails after SECONDS or if the process ends.
until_true() {
  local end=$((SECONDS + $1)) pid=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$pid" 2>/dev/null; then return 1; fi
    if [ "$SECONDS" -ge "$end" ]; then
      [ "$pid" = $$ ] || kill -KILL "$pid"
      return 1
    fi
    sleep 0.1
  done
}

# status_of PORT PATH: prints the status of a GET, within 3 s.
status_of() {
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  read -rt 3 _ status _ <&3 && echo "$status"
}
answers() { [ "$( (status_of "$1" "$2") 2>/dev/null)" = 200 ]; }
is_open() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
