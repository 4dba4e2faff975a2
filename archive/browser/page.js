// The page's side of /recovery/verify: takes a file, has a worker check it, and writes down what it says.
// The file never leaves the browser: the page's own policy lets it send nothing anywhere.

const script = document.currentScript.src;
document.documentElement.classList.add("scripts");

const place = (id) => document.getElementById(id);
let drop, input, working, bar, stop, said, outcome, verdict;

const FAILED = {
  reading: "The file could not be read to its end. Was it moved or changed meanwhile? Choose it again.",
  checking: "This browser cannot check the file. The ways below need no browser.",
};

const LOOKS = { whole: "success", damaged: "critical", "not-ours": "warning" };

// The page's language: its words by the English ones. There are none where the page is English.
let words = {};

// A sentence with `{places}`, and their values in the order of the English: places may stand otherwise in another language.
function say(english, ...values) {
  const named = {};
  for (const [, name] of english.matchAll(/\{(\w+)\}/g)) named[name] = values.shift();
  return (words[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => named[name]);
}

const number = new Intl.NumberFormat("en");
const filesWhole = (n) => (n === 1 ? say("1 file whole") : say("{n} files whole", number.format(n)));
const size = (bytes) =>
  bytes < 1e6 ? `${number.format(Math.ceil(bytes / 1e3))} kB`
  : bytes < 1e9 ? `${number.format(Math.round(bytes / 1e6))} MB`
  : `${number.format(Math.round(bytes / 1e8) / 10)} GB`;

let worker;

function start(file) {
  end();
  outcome.hidden = true;
  working.hidden = false;
  bar.value = 0;
  said.classList.remove("hidden");
  said.textContent = say("Checking {name}, {size}.", file.name, size(file.size));
  worker = new Worker(new URL("worker.js", script));
  let quarters = 0;
  worker.onmessage = ({ data }) => {
    if (data.outcome) return finish(data.outcome);
    if (data.failed) return fail(data.failed);
    bar.value = data.done / file.size;
    // Those who cannot see the bar hear of each quarter.
    if (Math.floor(bar.value * 4) > quarters) said.textContent = say("{n} % checked.", (quarters = Math.floor(bar.value * 4)) * 25);
  };
  worker.onerror = () => fail("checking");
  worker.postMessage(file);
}

function end() {
  worker?.terminate();
  worker = undefined;
  working.hidden = true;
}

function fail(why) {
  end();
  said.textContent = say(FAILED[why]);
}

function finish(found) {
  end();
  verdict.textContent = said.textContent = say(found.words);
  // The verdict below is there to be seen; this is for those who hear the page.
  said.classList.add("hidden");
  outcome.className = `notice ${LOOKS[found.verdict]}`;
  fill("faults", sentences(found.faults, found.values));
  fill("wrong", found.wrong.map((name, index) => [name, say(found.states[index])]));
  place("mend").hidden = found.verdict !== "damaged";
  place("other").hidden = found.verdict !== "not-ours";
  const whole = place("whole");
  whole.hidden = found.whole.length === 0;
  whole.open = false;
  whole.querySelector("summary").textContent = filesWhole(found.whole.length);
  // Names by the thousand are written down when somebody asks for them.
  whole.ontoggle = () => whole.open && fill("names", found.whole);
  outcome.hidden = false;
}

// Each takes as many of the values as it has places.
function sentences(patterns, values) {
  const rest = [...values];
  return patterns.map((pattern) => say(pattern, ...rest.splice(0, pattern.split("{").length - 1)));
}

// A list of texts, or of names and what is said of each; without any it is not shown.
function fill(id, lines) {
  const list = place(id);
  list.replaceChildren(...lines.map(line));
  list.hidden = lines.length === 0;
}

function line(text) {
  const item = document.createElement("li");
  if (typeof text === "string") item.textContent = text;
  else {
    const name = document.createElement("b");
    name.textContent = text[0];
    item.append(name, ` – ${text[1]}`);
  }
  return item;
}

function ready() {
  [drop, input, working, bar, stop, said, outcome, verdict] = ["drop", "file", "working", "progress", "stop", "said", "outcome", "verdict"].map(place);
  words = JSON.parse(place("check").dataset.words ?? "{}");
  input.addEventListener("change", () => input.files[0] && start(input.files[0]));
  // The same file may be chosen again.
  input.addEventListener("click", () => (input.value = ""));
  stop.addEventListener("click", () => {
    end();
    input.value = "";
    said.textContent = say("Stopped. Nothing was found out.");
    input.focus();
  });
  for (const event of ["dragenter", "dragover", "dragleave", "drop"]) drop.addEventListener(event, dragged);
}

function dragged(event) {
  event.preventDefault();
  drop.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop" && event.dataTransfer.files[0]) start(event.dataTransfer.files[0]);
}

document.addEventListener("DOMContentLoaded", ready);
