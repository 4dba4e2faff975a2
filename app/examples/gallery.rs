//! Draws every page from invented models into a folder, to be looked at:
//! `cargo run -p app --features ssr --example gallery -- FOLDER`
//!
//! The pages name the stylesheet as `main.css`, which stands beside them.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| env::temp_dir().join("gallery"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for (name, document) in samples::every_page() {
        fs::write(folder.join(format!("{name}.html")), document.html)?;
    }
    println!("{}", folder.display());
    Ok(())
}
