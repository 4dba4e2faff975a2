# What bin/bench measures with: made-up data, a stop watch, servers of its own on free ports.

missing=()
pids=()

require() { has "$1" || missing+=("$1: $2"); }

# nginx and PostgreSQL's programs may stand off the path of a user.
PATH=$PATH:/usr/sbin:/sbin

complete() {
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Missing for bin/bench (on Debian: apt-get install nginx-light wrk sqlite3 postgresql curl):"
  printf '  %s\n' "${missing[@]}"
  exit 1
}

stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  pids=()
}

machine() {
  say "$(date -u +%F), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "load average at the start: $(cut -d' ' -f1-3 /proc/loadavg)" ""
}

row() { printf '%-28s %22s %26s %8s\n' "$@"; }

# tables FOLDER ROWS: as many subscribers, and a line of inventory for each.
tables() {
  [ ! -d "$1" ] || return 0
  mkdir -p "$1"
  awk -v rows="$2" -v folder="$1" 'BEGIN {
    print "account,phone,name,email,locale,time_zone,plan" > (folder "/subscribers.csv")
    print "account,category,expected,as_of" > (folder "/inventory.csv")
    for (n = 0; n < rows; n++) {
      printf "b-%d,+1415%07d,Bench Example %d,bench%d@example.com,en-US,America/New_York,data-20\n", n, n, n, n > (folder "/subscribers.csv")
      printf "b-%d,contacts,%d,2009-10-01\n", n, n % 300 > (folder "/inventory.csv")
    }
  }'
}

# cards FOLDER FILES: files of two cards, ten to a subscriber.
cards() {
  tables "$1" "$(($2 / 10))"
  local n folder card='BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person %s\r\nTEL:+1 212 555 0100\r\nEMAIL:p%s@example.com\r\nEND:VCARD\r\n'
  for ((n = 0; n < $2; n++)); do
    folder=$1/data/b-$((n / 10))/contacts
    [ -d "$folder" ] || mkdir -p "$folder"
    # shellcheck disable=SC2059
    printf "$card$card" "$n a" "$n-a" "$n b" "$n-b" >"$folder/$n.vcf"
  done
}

# pictures FOLDER COUNT: PNGs of 3000 by 2000 pixels, no two the same, eight to a subscriber.
pictures() {
  tables "$1" "$(($2 / 8 + 1))"
  node - "$1/data" "$2" <<'JS'
const fs = require("fs"), zlib = require("zlib");
const [folder, count] = process.argv.slice(2), width = 3000, height = 2000;
const chunk = (kind, body) => {
  const whole = Buffer.concat([Buffer.from(kind), body]), out = Buffer.alloc(8 + whole.length);
  out.writeUInt32BE(body.length, 0); whole.copy(out, 4); out.writeUInt32BE(zlib.crc32(whole), 4 + whole.length);
  return out;
};
const head = Buffer.alloc(13);
head.writeUInt32BE(width, 0); head.writeUInt32BE(height, 4); head.set([8, 2, 0, 0, 0], 8);
const rows = Buffer.alloc(height * (1 + 3 * width));
for (let y = 0, at = 0, noise = 1; y < height; y++) {
  rows[at++] = 0;
  for (let x = 0; x < width; x++) {
    noise = (noise * 1103515245 + 12345) & 0x7fffffff;
    rows[at++] = (x >> 4) + (noise >> 27); rows[at++] = (y >> 3) + (noise >> 28); rows[at++] = ((x + y) >> 5) & 255;
  }
}
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
const packed = chunk("IDAT", zlib.deflateSync(rows, { level: 1 }));
for (let n = 0; n < count; n++) {
  const album = `${folder}/b-${n >> 3}/photos`;
  fs.mkdirSync(album, { recursive: true });
  const own = chunk("tEXt", Buffer.from(`Comment\0picture ${n}`));
  fs.writeFileSync(`${album}/${n}.png`, Buffer.concat([signature, chunk("IHDR", head), own, packed, chunk("IEND", Buffer.alloc(0))]));
}
JS
}

# huge FOLDER: one file of a GB that begins as a picture does, beside small ones.
huge() {
  cards "$1" 200
  mkdir -p "$1/data/b-0/photos"
  { printf 'GIF89a\x40\x01\xf0\x00\x00\x00\x00'; head -c 1G /dev/zero; } >"$1/data/b-0/photos/huge.gif"
}

# cores DATA_DIR PATH: seconds of a whole import, and how many processors it kept busy.
cores() {
  mkdir -p "$1"
  local TIMEFORMAT='%R %U %S'
  { time MAKEGOOD_DATA_DIR=$1 "$binary" import "$2" --json >/dev/null 2>&1; } 2>&1 |
    awk '{ printf "%s %.1f\n", $1, ($2 + $3) / $1 }'
}

# peak DATA_DIR PATH: the most memory that a whole import was seen to have, in MB.
peak() {
  mkdir -p "$1"
  local pid most=0
  MAKEGOOD_DATA_DIR=$1 "$binary" import "$2" --json >/dev/null 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    most=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null | grep . || echo "$most")
    sleep 0.05
  done
  wait "$pid"
  say "$((most / 1024))"
}

# seconds COMMAND...: how long it took.
seconds() {
  local start=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }'
}

rate() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f", n / s }'; }

# import DATA_DIR DATABASE_URL PATH: seconds of a whole `makegood import`, start and end included.
import() {
  mkdir -p "$1"
  MAKEGOOD_DATA_DIR=$1 MAKEGOOD_DATABASE_URL=$2 seconds "$binary" import "$3" --json 2>/dev/null
}

# compare WHAT UNIT AMOUNT OUR_SECONDS ENGINE_SECONDS ENGINE
compare() {
  row "$1" "$(rate "$3" "$4") $2" "$(rate "$3" "$5") $2 ($6)" "$(awk -v o="$4" -v e="$5" 'BEGIN { printf "%.2f", e / o }')"
}

# start_demo DATA_DIR: sets `address`.
start_demo() {
  mkdir -p "$1"
  MAKEGOOD_DATA_DIR=$1 MAKEGOOD_LISTEN=127.0.0.1:0 "$binary" demo >"$1/out" 2>"$1/log" &
  pids+=($!)
  until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$1/out"); do
    kill -0 "${pids[-1]}" || { cat "$1/log"; return 1; }
    sleep 0.2
  done
}

# sign_in DATA_DIR [PHONE]: as the first of the demonstration's people when no phone is named; sets `cookie`.
sign_in() {
  local phone=${2:-} code= jar=$1/jar${2:-}
  [ -n "$phone" ] || phone=$(grep -om1 '+1[0-9]\{10\}' "$1/out")
  post() { curl -sf -o /dev/null -b "$jar" -c "$jar" -H "Origin: $address" --data-urlencode "$2" "$address$1"; }
  post /sign-in "phone=$phone"
  until [ -n "$code" ]; do
    code=$(grep -F "$phone" "$1/messages.jsonl" 2>/dev/null | tail -n 1 | grep -om1 '\b[0-9]\{6\}\b' | head -n 1 || true)
    sleep 0.1
  done
  post /sign-in/code "code=$code"
  cookie=id=$(awk '$6 == "id" { print $7 }' "$jar")
}

# start_nginx FOLDER: serves FOLDER/pages; sets `static`. Neither server writes a log of requests.
start_nginx() {
  local port
  port=$(free_port)
  cat >"$1/nginx.conf" <<CONF
daemon off;
worker_processes auto;
pid $1/pid;
error_log $1/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_requests 1000000;
  types { text/html html; }
  client_body_temp_path $1; proxy_temp_path $1; fastcgi_temp_path $1; uwsgi_temp_path $1; scgi_temp_path $1;
  server { listen 127.0.0.1:$port; root $1/pages; }
}
CONF
  [ "$(id -u)" != 0 ] || chmod -R a+rX "$work"
  nginx -c "$1/nginx.conf" 2>"$1/start.log" &
  pids+=($!)
  static=http://127.0.0.1:$port
  until curl -sf -o /dev/null "$static/front.html"; do
    kill -0 "${pids[-1]}" || { cat "$1/start.log"; return 1; }
    sleep 0.1
  done
}

# requests URL: how many a second, all of them answered well.
requests() {
  local told
  told=$(wrk -t2 -c64 -d"${SECONDS_EACH}s" -H "Cookie: $cookie" "$1")
  if grep -q "Non-2xx" <<<"$told"; then say "$told" >&2; return 1; fi
  awk '/^Requests\/sec/ { print $2 }' <<<"$told"
}

# beside WHAT OURS NGINX: one after the other, in this run.
beside() {
  local ours theirs
  curl -sf -H "Cookie: $cookie" -o /dev/null "$2"
  ours=$(requests "$2")
  theirs=$(requests "$3")
  row "$1" "$(printf '%.0f' "$ours") requests/s" "$(printf '%.0f' "$theirs") requests/s (nginx)" \
    "$(awk -v o="$ours" -v t="$theirs" 'BEGIN { printf "%.3f", o / t }')"
}
