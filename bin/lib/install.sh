# How bin/setup installs a thing: look, install when it is not there, look again, remember what is still missing.

missing=()
log=target/setup.log

# need NAME CHECK INSTALL HINT: CHECK and INSTALL are commands; HINT tells a person how to get NAME.
need() {
  local name=$1 check=$2 install=$3 hint=$4
  if $check; then say "  there    $name"; return; fi
  say "  install  $name"
  if $install >>"$log" 2>&1 && $check; then return; fi
  say "  MISSING  $name"
  missing+=("$name: $hint")
}

# has_all PROGRAM...: whether each is on the path.
has_all() { local program; for program; do has "$program" || return 1; done; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

can_apt() { has apt-get && { [ "$(id -u)" = 0 ] || has sudo; }; }

# packages PACKAGE...: mends what a killed run left half configured, and refreshes the lists once a run.
packages() {
  can_apt || return 1
  as_root dpkg --configure -a || return 1
  [ -n "${apt_is_fresh:-}" ] || as_root apt-get update || return 1
  apt_is_fresh=yes
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    install --yes --fix-broken --no-install-recommends "$@"
}

# Python's packages for tests, in an environment of their own. Its name holds what it was made from.
python_packages() {
  rm -rf "$python" && python3 -m venv "$python" &&
    "$python/bin/pip" install --quiet --disable-pip-version-check --requirement bin/lib/requirements.txt &&
    touch "$python/.installed"
}

python_packages_are_there() { [ -e "$python/.installed" ]; }

# Packages of a folder with a lock file. The stamp is written last, so that a killed run starts again.
node_packages_are_there() { [ "$(cat "$1/node_modules/.installed" 2>/dev/null)" = "$(cksum <"$1/package-lock.json")" ]; }

node_packages() {
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund && cksum <package-lock.json >node_modules/.installed)
}
