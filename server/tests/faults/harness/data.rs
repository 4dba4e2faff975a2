//! Recovered data to import: real files where there are any, made-up people always.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// `subscribers.csv` for accounts `PREFIX0` and on, with phones +1 NXX 555 01xx and, beyond those, others.
pub fn people(prefix: &str, count: usize) -> String {
    let mut text = String::from("account,phone,name,email,locale,time_zone,plan\n");
    for number in 0..count {
        let _ = writeln!(
            text,
            "{prefix}{number},{},{prefix} Example,{prefix}{number}@example.com,en-US,America/New_York,data-20",
            phone(number)
        );
    }
    text
}

/// The phone of the person of that number.
pub fn phone(number: usize) -> String {
    format!("+1{}55501{:02}", 202 + number / 100, number % 100)
}

/// Every file of the corpus with its category; none where there is no corpus.
pub fn corpus() -> Option<Vec<(String, PathBuf)>> {
    let named = std::env::var_os("MAKEGOOD_TEST_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    let folder = named.into_iter().chain([beside]).find(|folder| folder.join("SOURCES.tsv").is_file());
    let Some(folder) = folder else {
        println!("skipped: no corpus");
        return None;
    };
    let mut files = Vec::new();
    for category in ["calendar", "contacts", "photos"] {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder.join(category)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        files.extend(paths.into_iter().map(|path| (category.to_owned(), path)));
    }
    Some(files)
}

/// Deals `files` out to `accounts` people under `root`, below `sub` of their categories.
pub fn lay_out(root: &Path, sub: &str, accounts: usize, files: &[(String, PathBuf)]) {
    write(&root.join("subscribers.csv"), people("c-", accounts));
    for (number, (category, path)) in files.iter().enumerate() {
        let name = path.file_name().unwrap();
        let folder = root.join(format!("data/c-{}/{category}/{sub}", number % accounts));
        write(&folder.join(name), fs::read(path).unwrap());
    }
}
