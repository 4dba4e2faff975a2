// Reads the file that it is sent, in chunks, and answers with how far it is and what it found.
import load, { Verifier } from "verify";

const CHUNK = 1 << 20; // bytes
const EVERY = 100; // milliseconds between two tellings

async function check(file) {
  await load();
  const verifier = new Verifier();
  let done = 0;
  let told = 0;
  for await (const bytes of chunksOf(file)) {
    verifier.push(bytes);
    done += bytes.length;
    if (Date.now() - told < EVERY) continue;
    told = Date.now();
    postMessage({ done });
  }
  return verifier.finish();
}

// All chunks come in one and the same buffer where the browser can do that; elsewhere it cleans up behind itself.
async function* chunksOf(file) {
  const reader = readerOf(file.stream());
  let buffer = new ArrayBuffer(CHUNK);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    yield value;
    ({ buffer } = value);
  }
}

function readerOf(stream) {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    return stream.getReader();
  }
}

const plain = (outcome) => ({
  verdict: outcome.verdict(),
  words: outcome.words(),
  faults: outcome.faults(),
  values: outcome.values(),
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
