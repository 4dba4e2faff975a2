//! `/recovery/verify`: is a downloaded archive whole? Checked in the browser, by a script of the page's own.

use leptos::prelude::*;

use crate::{
    models::{Assets, Verify},
    pieces::{heading, notice},
    render::{Page, Script},
};

impl Page for Verify {
    fn title(&self) -> String {
        "Check a downloaded archive".to_owned()
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
        {heading("Check a downloaded archive", "Find out whether the ZIP that you downloaded here is complete and undamaged.")}
        <div class="unscripted">{notice("warning", UNSCRIPTED)}</div>
        {check()}
        {elsewhere()}
    }
    .into_any()
}

const UNSCRIPTED: &str = "Checking the file on this page needs JavaScript, which is off or did not load. \
    The ways below do without.";

/// Shown where the script runs. Ids are those that `page.js` asks for.
fn check() -> AnyView {
    view! {
        <div id="check" class="scripted">
            <div id="drop" class="drop">
                <label for="file">"Choose the ZIP, or drop it here"</label>
                <p id="private" class="hint">
                    "It is read on this device and nothing of it is sent anywhere. You need not be signed in."
                </p>
                <input type="file" id="file" aria-describedby="private"/>
            </div>
            <div id="working" class="working" hidden>
                <label for="progress">"How far it is checked"</label>
                <progress id="progress" max="1" value="0"></progress>
                <button id="stop" type="button" class="quiet">"Stop"</button>
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
            <h2 id="verdict">"Not checked yet"</h2>
            <p id="other" hidden>
                "Is it the very file that you downloaded here, and not unpacked and packed again? If a page asking you to \
                 sign in was saved instead, sign in and download again."
            </p>
            <ul id="faults" class="spaced" hidden></ul>
            <ul id="wrong" class="spaced names" hidden></ul>
            <p id="mend" hidden>
                <a href="/recovery/archive">"Download it again"</a>
                ": what is damaged or missing in the file is not lost here."
            </p>
            <details id="whole" hidden>
                <summary>"Whole"</summary>
                <ul id="names" class="names" hidden></ul>
            </details>
        </section>
    }
    .into_any()
}

/// For those without JavaScript, and those who trust only their own tools.
fn elsewhere() -> AnyView {
    view! {
        <h2>"Checking it without this page"</h2>
        <p>
            "Unpack the ZIP. In it is a list, "
            <code>"MANIFEST.sha256"</code>
            ", with a checksum of every other file. A checksum that comes out the same proves that the file is as it was sent. \
             If one differs, or a file is missing, download the ZIP again: nothing is lost here, and the other files are good."
        </p>
        <h3>"On a Mac or on Linux"</h3>
        <p>"Open a terminal in the unpacked folder and run the first of these on Linux, the second on a Mac:"</p>
        <pre><code>"sha256sum -c MANIFEST.sha256"</code></pre>
        <pre><code>"shasum -a 256 -c MANIFEST.sha256"</code></pre>
        <p>"Every line should end with OK."</p>
        <h3>"On Windows"</h3>
        <p>"Open PowerShell in the unpacked folder and run this. It prints the files that differ or are missing; if it prints nothing, all is well:"</p>
        <pre><code>{POWERSHELL}</code></pre>
        <p>"To look at one file alone, compare what this prints with its line in the list:"</p>
        <pre><code>"certutil -hashfile README.html SHA256"</code></pre>
        <h3>"With our own program"</h3>
        <p>"Those who run this portal's program can check the ZIP itself, without unpacking it:"</p>
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
