//! `/recovery/verify`: is a downloaded archive whole? Checked in the browser, by a script of the page's own.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::{
    mark,
    models::{Assets, Verify},
    pieces::{heading, notice},
    render::{Page, Script},
    say,
    words::said,
};

impl Page for Verify {
    fn title(&self) -> String {
        say!("Check a downloaded archive").to_owned()
    }

    fn script(&self, assets: &Assets) -> Script {
        Script::WithWorker(format!("/{}/page.js", assets.verify))
    }

    fn view(self) -> AnyView {
        verify()
    }
}

pub fn verify() -> AnyView {
    view! {
        {heading(say!("Check a downloaded archive"), say!("Find out whether the ZIP that you downloaded here is complete and undamaged."))}
        <div class="unscripted">{notice("warning", said(UNSCRIPTED))}</div>
        {check()}
        {elsewhere()}
    }
    .into_any()
}

const UNSCRIPTED: &str = mark!(
    "Checking the file on this page needs JavaScript, which is off or did not load. The ways below do without."
);

/// Shown where the script runs. Ids are those that `page.js` asks for.
fn check() -> AnyView {
    view! {
        <div id="check" class="scripted" data-words=words_of_the_script()>
            <div id="drop" class="drop">
                <label for="file">{say!("Choose the ZIP, or drop it here")}</label>
                <p id="private" class="hint">
                    {say!("It is read on this device and nothing of it is sent anywhere. You need not be signed in.")}
                </p>
                <input type="file" id="file" aria-describedby="private"/>
            </div>
            <div id="working" class="working" hidden>
                <label for="progress">{say!("How far it is checked")}</label>
                <progress id="progress" max="1" value="0"></progress>
                <button id="stop" type="button" class="quiet">{say!("Stop")}</button>
            </div>
            <p id="said" class="live" role="status"></p>
            {outcome()}
        </div>
    }
    .into_any()
}

fn outcome() -> AnyView {
    view! {
        <section id="outcome" aria-labelledby="verdict" hidden>
            <h2 id="verdict">{say!("Not checked yet")}</h2>
            <p id="other" hidden>
                {say!("Is it the very file that you downloaded here, and not unpacked and packed again? If a page asking you to \
                 sign in was saved instead, sign in and download again.")}
            </p>
            <ul id="faults" class="spaced" hidden></ul>
            <ul id="wrong" class="spaced names" hidden></ul>
            <p id="mend" hidden>
                <a href="/recovery/archive">{say!("Download it again")}</a>
                ": "
                {say!("what is damaged or missing in the file is not lost here.")}
            </p>
            <details id="whole" hidden>
                <summary>{say!("Whole")}</summary>
                <ul id="names" class="names" hidden></ul>
            </details>
        </section>
    }
    .into_any()
}

/// What the script and the program behind it say. They say it in English; where another language is spoken, the page
/// brings the words for it along.
pub const SCRIPT_SAYS: &[&str] = &[
    mark!("Checking {name}, {size}."),
    mark!("{n} % checked."),
    mark!("Stopped. Nothing was found out."),
    mark!("The file could not be read to its end. Was it moved or changed meanwhile? Choose it again."),
    mark!("This browser cannot check the file. The ways below need no browser."),
    mark!("1 file whole"),
    mark!("{n} files whole"),
    // The verdict.
    mark!("The archive is whole: every file is as it was sent."),
    mark!("The archive is not whole."),
    mark!("The file is empty."),
    mark!("This is not a ZIP."),
    mark!("This ZIP is not one of our archives: its files are compressed, and ours never are."),
    mark!("This ZIP is not one of our archives: its files are encrypted, and ours never are."),
    mark!("This ZIP is not one of our archives: it gives lengths behind its files, and ours before them."),
    mark!("This ZIP is not one of our archives: its headers are another program's."),
    mark!(
        "This ZIP is not one of our archives: there is no MANIFEST.sha256 in it, which every one of ours has."
    ),
    // A file's state.
    mark!("damaged: its bytes are not those that were sent"),
    mark!("its header is damaged, its own bytes are whole"),
    mark!("damaged: its header cannot be read"),
    mark!("cut off: the file ends within it"),
    mark!("missing"),
    mark!("could not be checked: the file is damaged where it should be"),
    mark!("not in the archive's own list"),
    // What is wrong beside the files.
    mark!("The file ends too early: the download was not finished. What should follow is missing."),
    mark!("From byte {at} on, {len} bytes are not part of an archive."),
    mark!("The directory at the end does not agree with {name}."),
    mark!("The directory at the end does not agree with {name} and {more} more."),
    mark!("The archive's last record is missing, or does not fit what stands before it."),
    mark!("Behind the archive's end there are {bytes} bytes that do not belong to it."),
    mark!("MANIFEST.sha256 cannot be read, so the other files could only be checked by their CRC-32."),
    mark!("MANIFEST.sha256 is damaged, so the other files could only be checked by their CRC-32."),
    mark!("From byte {at} on nothing was checked: there are more files than can be kept in mind."),
];

/// By their English, as JSON; nothing where English is spoken.
fn words_of_the_script() -> Option<String> {
    let pairs = SCRIPT_SAYS.iter().map(|english| (*english, said(english)));
    let words: BTreeMap<&str, &str> = pairs.filter(|(english, said)| english != said).collect();
    (!words.is_empty()).then(|| serde_json::to_string(&words).unwrap_or_default())
}

/// For those without JavaScript, and those who trust only their own tools.
fn elsewhere() -> AnyView {
    view! {
        <h2>{say!("Checking it without this page")}</h2>
        <p>
            {say!("Unpack the ZIP. In it is a list,")}
            " "
            <code>"MANIFEST.sha256"</code>
            {say!(", with a checksum of every other file. A checksum that comes out the same proves that the file is as it was sent. \
             If one differs, or a file is missing, download the ZIP again: nothing is lost here, and the other files are good.")}
        </p>
        <h3>{say!("On a Mac or on Linux")}</h3>
        <p>{say!("Open a terminal in the unpacked folder and run the first of these on Linux, the second on a Mac:")}</p>
        <pre><code>"sha256sum -c MANIFEST.sha256"</code></pre>
        <pre><code>"shasum -a 256 -c MANIFEST.sha256"</code></pre>
        <p>{say!("Every line should end with OK.")}</p>
        <h3>{say!("On Windows")}</h3>
        <p>{say!("Open PowerShell in the unpacked folder and run this. It prints the files that differ or are missing; if it prints nothing, all is well:")}</p>
        <pre><code>{POWERSHELL}</code></pre>
        <p>{say!("To look at one file alone, compare what this prints with its line in the list:")}</p>
        <pre><code>"certutil -hashfile README.html SHA256"</code></pre>
        <h3>{say!("With our own program")}</h3>
        <p>{say!("Those who run this portal's program can check the ZIP itself, without unpacking it:")}</p>
        <pre><code>"makegood verify recovered-data.zip"</code></pre>
    }
    .into_any()
}

/// Paths may hold characters that PowerShell takes for patterns.
const POWERSHELL: &str = "Get-Content -Encoding UTF8 MANIFEST.sha256 | ForEach-Object {
  $sum, $name = $_ -split '  ', 2
  $file = Get-FileHash -LiteralPath $name -Algorithm SHA256 -ErrorAction SilentlyContinue
  if ($file.Hash -ne $sum) { $name }
}";

#[cfg(test)]
mod tests {
    use crate::{
        models::{Assets, Frame, Verify},
        render,
    };

    #[test]
    fn the_page_loads_its_own_script_and_no_islands() {
        let assets = Assets { verify: "pkg/0123".to_owned(), ..Default::default() };
        let document = render(&Frame { assets, ..Default::default() }, Verify);
        assert!(document.starts_worker);
        assert_eq!(document.html.matches("<script").count(), 1);
        let nonce = document.nonce.unwrap();
        assert!(
            document.html.contains(&format!("<script nonce=\"{nonce}\" src=\"/pkg/0123/page.js\">")),
            "{}",
            document.html
        );
    }

    #[test]
    fn without_a_script_it_says_how_to_check_all_the_same() {
        let html = render(&Frame::default(), Verify).html;
        assert!(html.contains("<div class=\"unscripted\">"));
        for words in ["sha256sum -c MANIFEST.sha256", "certutil -hashfile", "Get-FileHash", "makegood verify"]
        {
            assert!(html.contains(words), "{words}");
        }
    }
}
