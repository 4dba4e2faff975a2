# A throw-away PostgreSQL cluster for tests: it listens on 127.0.0.1 alone, trusts everyone there, and forgets all.

# The folder of initdb and pg_ctl, which Debian keeps off the path.
postgres_programs() {
  if has initdb; then dirname "$(command -v initdb)"; else
    compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 | xargs -r dirname
  fi
}

postgres_is_there() { [ -n "$(postgres_programs)" ]; }

# PostgreSQL refuses to run as root.
as_postgres() { (cd "$postgres_folder" && if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi); }

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# With `durable` it keeps what it commits, as a real one does, and is slower for it; with `halted` it keeps that as long
# as the machine runs, however the programs end.
start_postgres() {
  local programs port careless="-c fsync=off -c full_page_writes=off"
  case "${1:-}" in durable) careless= ;; halted) ;; *) careless="$careless -c synchronous_commit=off" ;; esac
  programs=$(postgres_programs)
  port=$(free_port)
  postgres_folder=$(mktemp -d)
  [ "$(id -u)" != 0 ] || chown postgres "$postgres_folder"
  as_postgres "$programs/initdb" -D "$postgres_folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >/dev/null
  printf '%s' "-h 127.0.0.1 -p $port -k '$postgres_folder' -c max_connections=300 $careless" >"$postgres_folder/options"
  resume_postgres
  export MAKEGOOD_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
}

# Starts it, again after it was halted, at the same address.
resume_postgres() {
  as_postgres "$(postgres_programs)/pg_ctl" -D "$postgres_folder/data" -l "$postgres_folder/log" -w -s \
    -o "$(cat "$postgres_folder/options")" start || { cat "$postgres_folder/log"; return 1; }
}

# Ends it as a crash of its host would; what it keeps stays.
halt_postgres() { as_postgres "$(postgres_programs)/pg_ctl" -D "$postgres_folder/data" -m immediate -w -s stop; }

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  halt_postgres || true
  rm -rf "$postgres_folder"
  postgres_folder=
}
