# Where things are. Every script reads this first and then stands at the project's root.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${HOME:=$(cd ~ && pwd)}"

# `target` stays the project's own, wherever cargo is told to build: target/site and the binary are found there.
export CARGO_TARGET_DIR=$PWD/target

# Tools built for us outlive `cargo clean` and are shared by all checkouts.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/makegood/tools

# Python's packages for tests, made anew when the list of them changes.
python=$tools/python-$(cksum <bin/lib/requirements.txt | cut -d' ' -f1)

# rustup's programs may be there before a new login has put them on the path.
case ":$PATH:" in *":$HOME/.cargo/bin:"*) ;; *) PATH=$PATH:$HOME/.cargo/bin ;; esac

say() { printf '%s\n' "$@"; }

has() { command -v "$1" >/dev/null 2>&1; }
