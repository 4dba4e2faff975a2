# Which Rust builds which half. The server: whatever `cargo` is. The islands: the same one when it has the
# standard library for wasm32, else Debian's own compiler, for which bin/setup builds that library.

# The oldest compiler that will do, from Cargo.toml.
oldest_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

rust_is_new_enough() {
  has "$1" && has "$2" || return 1
  local version
  version=$("$1" --version 2>/dev/null | cut -d' ' -f2)
  [ -n "$version" ] && [ "$(printf '%s\n' "$(oldest_rust)" "$version" | sort -V | head -n 1)" = "$(oldest_rust)" ]
}

# Where a compiler looks for the standard library of wasm32.
wasm_library() { "$1" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null; }

# A library that we built fits one version of the compiler only; `built-by` says which.
has_wasm_library() {
  local folder
  has "$1" && folder=$(wasm_library "$1") && compgen -G "$folder/libstd-*.rlib" >/dev/null || return 1
  [ ! -e "$folder/built-by" ] || [ "$(cat "$folder/built-by")" = "$("$1" --version)" ]
}

wasm_cargo() {
  if has_wasm_library rustc; then cargo "$@"; else RUSTC=/usr/bin/rustc /usr/bin/cargo "$@"; fi
}

# wasm-bindgen's program must be the very version of its library.
wasm_bindgen_version() { grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p'; }

wasm_bindgen() { "$tools/wasm-bindgen-$(wasm_bindgen_version)/bin/wasm-bindgen" "$@"; }
