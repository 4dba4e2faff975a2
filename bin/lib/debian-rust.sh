# Debian's own compiler and a standard library for wasm32 that it builds itself, for machines where rustup
# is absent or cannot fetch that library.

debian_rust() {
  packages rustc-web cargo-web rustfmt-web rust-web-clippy
}

debian_wasm_is_there() { [ -x "$(debian_linker)" ] && has_wasm_library /usr/bin/rustc; }

# Where the compiler looks for its linker.
debian_linker() {
  local host
  host=$(/usr/bin/rustc -vV 2>/dev/null | sed -n 's/^host: //p')
  printf '/usr/lib/rustlib/%s/bin/rust-lld' "$host"
}

debian_wasm() {
  local lld
  can_apt && { as_root apt-get update; apt_is_fresh=yes; }
  lld=$(apt-cache search --names-only '^lld-[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
  [ -n "$lld" ] || return 1
  packages rustc-web cargo-web rust-web-src "$lld" &&
    as_root mkdir -p "$(dirname "$(debian_linker)")" &&
    as_root ln -sfn "/usr/lib/llvm-${lld#lld-}/bin/lld" "$(debian_linker)" &&
    build_wasm_library
}

# Builds an empty crate together with the library's source, and hands the library's files to the compiler.
# They are moved into place at once, so that a killed run leaves no half a library.
build_wasm_library() (
  folder=$(wasm_library /usr/bin/rustc)
  empty=$(mktemp -d) && trap 'rm -rf "$empty"' EXIT
  cd "$empty" && mkdir src && touch src/lib.rs &&
    printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n' >Cargo.toml &&
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR=$empty/target \
      /usr/bin/cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort &&
    mkdir ready && mv target/wasm32-unknown-unknown/release/deps/lib*.rlib ready/ && rm -f ready/libempty-* &&
    /usr/bin/rustc --version >ready/built-by && chmod -R a+rX ready &&
    as_root rm -rf "$folder" "$folder.new" && as_root mkdir -p "$(dirname "$folder")" &&
    as_root cp -r ready "$folder.new" && as_root mv "$folder.new" "$folder"
)
