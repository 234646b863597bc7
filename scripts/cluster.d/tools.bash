# What starting parts takes. Read by scripts/cluster.
# shellcheck shell=bash
# shellcheck disable=SC2154 # work is the reader's

secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

complain() { echo "$*" >&2; }

# PostgreSQL and PgBouncer refuse to run as root. The caller's settings of them are kept out.
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

# A folder or a file for the owner alone; what a file holds comes from standard input.
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

# That many free ports, below those that systems give to outgoing connections: one of them could take a server's port
# while it is restarted.
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

# start NAME COUNT FUNCTION [ARGUMENT ...]: starts a part on so many ports. Another process may take them first, so
# others are tried.
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

# until_true SECONDS PID COMMAND ...: waits until a command succeeds, at most so long and as long as the process lives.
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

# The status of a GET, without waiting long.
status_of() {
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  read -rt 3 _ status _ <&3 && echo "$status"
}
answers() { [ "$( (status_of "$1" "$2") 2>/dev/null)" = 200 ]; }
is_open() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
