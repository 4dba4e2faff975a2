// Reads the file that it is sent, a megabyte at a time, and answers with how far it is and what it found.
import load, { Verifier } from "verify";

const CHUNK = 1 << 20; // bytes
const EVERY = 100; // milliseconds between two tellings

async function check(file) {
  await load();
  const verifier = new Verifier();
  const read = (at) => file.slice(at, at + CHUNK).arrayBuffer();
  let told = 0;
  // The next bytes are read while these are checked.
  let next = read(0);
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = new Uint8Array(await next);
    next = read(at + CHUNK);
    verifier.push(bytes);
    if (Date.now() - told < EVERY) continue;
    told = Date.now();
    postMessage({ done: at + bytes.length });
  }
  return verifier.finish();
}

const plain = (outcome) => ({
  verdict: outcome.verdict(),
  words: outcome.words(),
  faults: outcome.faults(),
  whole: outcome.whole(),
  wrong: outcome.wrong(),
  states: outcome.states(),
});

// A file that was moved or changed meanwhile cannot be read to its end.
const READING = ["NotReadableError", "NotFoundError"];

self.onmessage = async ({ data: file }) => {
  try {
    postMessage({ outcome: plain(await check(file)) });
  } catch (error) {
    postMessage({ failed: READING.includes(error.name) ? "reading" : "checking" });
  }
};
