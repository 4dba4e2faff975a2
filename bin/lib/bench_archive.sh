# What `bin/bench archive` measures with: three people with archives of 10 MB, 1 GB and 10 GB, and nginx with the same bytes.

ARCHIVES=(10MB:b-10mb:10000000:1 1GB:b-1gb:100000000:10 10GB:b-10gb:100000000:100) # name:account:bytes of a file:files

# archives FOLDER: recovered data. Equal files of one person are kept once, so that 10 GB take up 100 MB.
archives() {
  local size account bytes files n folder
  mkdir -p "$1"
  say "account,phone,name,email,locale,time_zone,plan" >"$1/subscribers.csv"
  for size in "${ARCHIVES[@]}"; do
    IFS=: read -r size account bytes files <<<"$size"
    say "$account,$(phone_of "$account"),Bench Example,bench@example.com,en-US,America/New_York,data-20" >>"$1/subscribers.csv"
    folder=$1/data/$account/photos
    mkdir -p "$folder"
    head -c "$bytes" /dev/urandom >"$folder/1.raw"
    for ((n = 2; n <= files; n++)); do ln "$folder/1.raw" "$folder/$n.raw"; done
  done
}

# people FOLDER: one more person, with ten thousand cards, each with a picture of 6 kB.
people() {
  local picture
  picture=$(head -c 6000 /dev/urandom | base64 -w 0)
  say "b-people,$(phone_of b-people),Bench Example,bench@example.com,en-US,America/New_York,data-20" >>"$1/subscribers.csv"
  mkdir -p "$1/data/b-people/contacts"
  awk -v picture="$picture" -v folder="$1/data/b-people/contacts" 'BEGIN {
    for (n = 0; n < 10000; n++)
      printf "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:p%d\r\nFN:Person %d\r\nTEL:+1212%07d\r\nPHOTO;ENCODING=b;TYPE=JPEG:%s\r\nEND:VCARD\r\n", n, n, n, picture > (folder "/" int(n / 1000) ".vcf")
  }'
}

phone_of() {
  case $1 in b-people) say +12065550174 ;; b-10mb) say +12065550171 ;; b-1gb) say +12065550172 ;; b-10gb) say +12065550173 ;; esac
}

# serve_archives DATA_DIR: imports and serves them; sets `address` and `portal`, the server's process.
serve_archives() {
  local port category
  port=$(free_port)
  export MAKEGOOD_DATA_DIR=$1 MAKEGOOD_LISTEN=127.0.0.1:$port MAKEGOOD_INCIDENT=demo/incident.toml MAKEGOOD_MESSAGES=file
  mkdir -p "$1"
  archives "$work/archives"
  people "$work/archives"
  "$binary" import "$work/archives" --json >"$1/import.json" 2>/dev/null
  for category in photos contacts; do "$binary" release "$category" --json >/dev/null; done
  "$binary" serve >"$1/log" 2>&1 &
  portal=$!
  pids+=("$portal")
  address=http://127.0.0.1:$port
  until curl -sf -o /dev/null "$address/readyz"; do
    kill -0 "$portal" || { cat "$1/log"; return 1; }
    sleep 0.1
  done
}

# start_nginx_for FOLDER SENDFILE: serves FOLDER as it is; sets `static`.
start_nginx_for() {
  local port folder=$work/nginx-$2
  port=$(free_port)
  mkdir -p "$folder"
  cat >"$folder/nginx.conf" <<CONF
daemon off;
worker_processes auto;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile $2;
  tcp_nopush on;
  output_buffers 2 512k;
  client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder; uwsgi_temp_path $folder; scgi_temp_path $folder;
  server { listen 127.0.0.1:$port; root $1; }
}
CONF
  [ "$(id -u)" != 0 ] || chmod -R a+rX "$work"
  nginx -c "$folder/nginx.conf" 2>"$folder/start.log" &
  pids+=($!)
  static=http://127.0.0.1:$port
  until curl -sf -o /dev/null -I "$static/10MB.zip"; do
    kill -0 "${pids[-1]}" || { cat "$folder/start.log"; return 1; }
    sleep 0.1
  done
}

# first_byte URL: milliseconds, the median of nine.
first_byte() {
  local n
  for n in 1 2 3 4 5 6 7 8 9; do
    curl -sf -o /dev/null -H "Cookie: $cookie" -r 0-65535 -w '%{time_starttransfer}\n' "$1"
  done | sort -n | awk 'NR == 5 { printf "%.1f", 1000 * $1 }'
}

# throughput URL: bytes a second of one whole download, the median of five.
throughput() {
  local n
  for n in 1 2 3 4 5; do curl -sf -o /dev/null -H "Cookie: $cookie" -w '%{speed_download}\n' "$1"; done | sort -n | sed -n 3p
}

# held PROCESS: megabytes that it has held at most since it was last asked to forget.
held() { awk '/^VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }

forget_peak() { echo 5 >"/proc/$1/clear_refs"; }

# at_once N URL: N downloads together, in bytes a second.
at_once() {
  local n start=$EPOCHREALTIME downloads=()
  for ((n = 0; n < $1; n++)); do
    curl -sf -o /dev/null -H "Cookie: $cookie" "$2" &
    downloads+=($!)
  done
  wait "${downloads[@]}"
  awk -v n="$1" -v bytes="$bytes_each" -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.0f", n * bytes / (to - from) }'
}

mega() { awk -v n="$1" 'BEGIN { printf "%.0f", n / 1000000 }'; }

over() { awk -v o="$1" -v t="$2" 'BEGIN { printf "%.2f", o / t }'; }

# archive_row NAME: one archive's first byte and throughput beside nginx, without and with sendfile.
archive_row() {
  local name=$1 url=$address/recovery/archive.zip ours off on
  row "$name, first byte" "$(first_byte "$url") ms" "$(first_byte "$plain/$name.zip") ms (nginx)" ""
  ours=$(throughput "$url")
  off=$(throughput "$plain/$name.zip")
  on=$(throughput "$sendfile/$name.zip")
  row "$name, throughput" "$(mega "$ours") MB/s" "$(mega "$off") MB/s (nginx)" "$(over "$ours" "$off")"
  row "" "" "$(mega "$on") MB/s (sendfile)" "$(over "$ours" "$on")"
}

# new_edition: how long a first request for ten thousand cards takes, with every file written from them, and the memory.
new_edition() {
  local made
  sign_in "$work/portal" "$(phone_of b-people)"
  forget_peak "$portal"
  made=$(seconds curl -sf -o /dev/null -r 0-0 -H "Cookie: $cookie" "$address/recovery/archive.zip")
  row "10,000 cards, edition made" "$(milli "$made") ms" "at most $(held "$portal") MB in memory" ""
  row "10,000 cards, first byte" "$(first_byte "$address/recovery/archive.zip") ms" "" ""
}

milli() { awk -v s="$1" 'BEGIN { printf "%.0f", 1000 * s }'; }

# together NAME DOWNLOADS: what the portal holds at most while so many go on.
together() {
  local rate
  forget_peak "$portal"
  rate=$(at_once "$2" "$address/recovery/archive.zip")
  row "$1, $2 at once" "$(mega "$rate") MB/s" "at most $(held "$portal") MB in memory" ""
}
