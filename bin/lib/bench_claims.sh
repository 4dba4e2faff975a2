# Claims a second over HTTP, beside the same statements driven by the engine's own tool.

# The first half of these claim over HTTP, the other half by the engine's tool on the same tables.
PEOPLE=${MAKEGOOD_BENCH_PEOPLE:-60000}
CONNECTIONS=32 # of the browsers
CLIENTS=8      # of the engine's tool
drive=bin/lib/claims/drive.mjs

# claims_on ENGINE DATABASE_URL FOLDER
claims_on() {
  local engine=$1 url=$2 base=$3 half=$((PEOPLE / 2)) terms told failed ours theirs
  import "$base" "$url" "$work/people" >/dev/null
  ask "$1" "$2" "SELECT id FROM subscribers ORDER BY id" >"$base/ids"
  head -n "$half" "$base/ids" | node "$drive" sessions "$engine" "$base"
  if [ "$engine" = sqlite ]; then sqlite3 "${url#sqlite://}" <"$base/sessions.sql"; else
    psql -q "$url" -c "\\copy sessions (id, subscriber_id, data, expires_at) FROM '$base/sessions.csv' CSV"
  fi
  serve "$base" "$url"
  cookie=id=$(head -n 1 "$base/cookies")
  terms=$(curl -sf -H "Cookie: $cookie" "$address/remedies/gift-card/check?delivery-gift-card=site" |
    sed -n 's/.*name="terms" value="\([0-9a-f]*\)".*/\1/p')
  told=$(wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_EACH}s" --timeout 30s --latency -s bin/lib/claims/claim.lua "$address" \
    -- "$terms" "$base/cookies" 2 "$address")
  failed=$(awk '/Non-2xx/ { print $NF }' <<<"$told")
  ours=$(awk -v made="$(ask "$1" "$2" "SELECT COUNT(*) FROM grants")" '/ requests in / { sub("s,", "", $4); print made / $4 }' <<<"$told")
  stop_all
  theirs=$("by_$engine" "$url" "$base" "$terms" "$half")
  row "claims, $engine" "$(printf '%.0f' "$ours") claims/s" "$(printf '%.0f' "$theirs") claims/s ($(tool "$engine"))" \
    "$(awk -v o="$ours" -v t="$theirs" 'BEGIN { printf "%.2f", o / t }')"
  row "  $CONNECTIONS connections, until the answer" "p50 $(part 50 "$told"), p99 $(part 99 "$told")" "${failed:-0} answers were errors" ""
}

tool() { [ "$1" = sqlite ] && say sqlite3 || say pgbench; }

# ask ENGINE DATABASE_URL STATEMENT
ask() { if [ "$1" = sqlite ]; then sqlite3 "${2#sqlite://}" "$3"; else psql -qAt "$2" -c "$3"; fi; }

part() { awk -v part="$1%" '$1 == part { print $2; exit }' <<<"$2"; }

# serve DATA_DIR DATABASE_URL: sets `address`. Nothing is paid within the half hour in which people may change their mind.
serve() {
  MAKEGOOD_DATA_DIR=$1 MAKEGOOD_DATABASE_URL=$2 MAKEGOOD_INCIDENT=demo/incident.toml MAKEGOOD_LISTEN=127.0.0.1:0 \
    "$binary" serve >"$1/out" 2>"$1/log" &
  pids+=($!)
  until address=$(grep -som1 'http://127.0.0.1:[0-9]*' "$1/out") && curl -sf -o /dev/null "$address/readyz"; do
    kill -0 "${pids[-1]}" || { cat "$1/log"; return 1; }
    sleep 0.2
  done
}

# Claims a second, each a transaction: by_ENGINE DATABASE_URL FOLDER TERMS COUNT
by_sqlite() {
  tail -n "$4" "$2/ids" | node "$drive" sqlite3 "$3" >"$2/claims.sql"
  rate "$4" "$(seconds sqlite3 -bail "${1#sqlite://}" ".read $2/claims.sql")"
}

by_postgres() {
  local each=$(($4 / CLIENTS))
  tail -n "$4" "$2/ids" | node "$drive" people "$2"
  psql -q "$1" -c 'CREATE TABLE bench_people (n BIGINT PRIMARY KEY, person TEXT, claim TEXT, number TEXT, "grant" TEXT,
    posting TEXT, "order" TEXT, sms TEXT, mail TEXT, part BIGINT)' \
    -c "\\copy bench_people FROM '$2/people.csv' CSV" -c "VACUUM ANALYZE bench_people"
  node "$drive" pgbench "$3" >"$2/claims.sql"
  pgbench -n -M prepared -c "$CLIENTS" -j 2 -t "$each" -D each="$each" -D i=0 --max-tries 100 -f "$2/claims.sql" "$1" |
    tee "$2/pgbench" | awk '/^number of failed transactions/ { failed = $5 } /^tps/ { if (failed) exit 1; print $3 }'
}

# bulk_on ENGINE DATABASE_URL FOLDER: a whole automatic run of the month. Two members of staff approve one; here SQL does.
bulk_on() {
  import "$3" "$2" "$work/people" >/dev/null
  local run told
  remedies() { MAKEGOOD_DATA_DIR=$3 MAKEGOOD_DATABASE_URL=$2 MAKEGOOD_INCIDENT=demo/incident.toml "$binary" remedies "${@:4}" --json 2>"$3/log"; }
  run=$(remedies "$@" dry-run free-month | sed -n 's/.*"run":"\([^"]*\)".*/\1/p')
  ask "$1" "$2" "UPDATE automatic_runs SET state = 'approved' WHERE id = '$run'"
  told=$(remedies "$@" run "$run") || { cat "$3/log"; return 1; }
  row "automatic run, $1" "$(number people_per_second) people/s" "$(number rows_per_second) rows/s" ""
  row "  its postings sealed, $1" "$(sealed_on "$@") postings/s" "" ""
}

# sealed_on ENGINE DATABASE_URL FOLDER: how fast a server seals what lies there without a seal.
sealed_on() {
  local TIMEFORMAT=%R waiting
  waiting=$(ask "$1" "$2" "SELECT COUNT(*) FROM postings_unsealed")
  serve "$3" "$2"
  rate "$waiting" "$( { time while [ "$(ask "$1" "$2" "SELECT COUNT(*) FROM (SELECT 1 FROM postings_unsealed LIMIT 1) AS one")" != 0 ]; do sleep 0.1; done; } 2>&1)"
  stop_all
}

# number NAME: of what the run told.
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" <<<"$told"; }
